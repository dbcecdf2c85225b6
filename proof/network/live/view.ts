import type { TemplateResource } from '#checks/template.ts'
import type { Gap } from '../model/network.ts'

/** An interface as EC2 describes it; one with several addresses is there once for each. */
export interface LiveInterface {
  readonly id: string
  readonly vpc: string
  readonly subnet: string
  readonly address: string
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  readonly tags: Readonly<Record<string, string>>
  readonly description: string
  readonly type: string
}

/** A rule of a security group as EC2 describes it. */
export interface LiveRule {
  readonly id: string
  readonly group: string
  readonly egress: boolean
  readonly protocol: string
  readonly from: number
  readonly to: number
  readonly cidr?: string
  readonly prefixList?: string
  readonly referenced?: string
}

/** A security group as EC2 describes it. */
export interface LiveGroup {
  readonly id: string
  readonly name: string
  readonly vpc: string
}

/** What an account shows. */
export interface LiveView {
  readonly interfaces: readonly LiveInterface[]
  readonly rules: readonly LiveRule[]
  readonly groups: readonly LiveGroup[]
  /** VPCs, gateways and firewall by AWS id, as a template would write them */
  readonly resources: Readonly<Record<string, TemplateResource>>
  /** what is there and in no reader of the model */
  readonly gaps: readonly Gap[]
  readonly prefixLists: Readonly<Record<string, readonly string[]>>
  /** what the stacks published, by name without the common path */
  readonly published: ReadonlyMap<string, string>
}

/** The name of the account among the stacks: what it describes is `account/<its AWS id>`. */
export const ACCOUNT = 'account'
