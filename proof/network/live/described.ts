import type { EC2Client } from '@aws-sdk/client-ec2'
import type { TemplateResource } from '#checks/template.ts'
import { gapAt, type Gap } from '../model/network.ts'
import { entriesOf } from './prefix-lists.ts'

/** A reference as templates write it. */
export const ref = (id: string | undefined) => (id === undefined ? undefined : { Ref: id })

/** States of things that AWS still lists, and that are not there. */
export const gone = (state: string | undefined) => ['deleted', 'failed', 'rejected', 'expired'].includes(state ?? '')

/**
 * What an account describes of its network, written as resources of a template, so that readers of templates read it.
 */
export class Described {
  readonly resources: Record<string, TemplateResource> = {}
  readonly gaps: Gap[] = []
  /** the VPCs that matter: the cells, and what is attached to the Transit Gateway */
  readonly vpcs: Set<string>
  readonly #attachments = new Map<string, unknown>()

  constructor(cells: readonly string[]) {
    this.vpcs = new Set(cells)
  }

  put(id: string, Type: string, properties: Record<string, unknown>): void {
    this.resources[id] = { Type, Properties: said(properties) as Record<string, unknown> }
  }

  gap(path: string, what: string, next: string): void {
    this.gaps.push(gapAt(path, what, next))
  }

  /** Says how the model calls an attachment of the Transit Gateway. */
  nameAttachment(id: string, name: unknown): void {
    this.#attachments.set(id, name)
  }

  attachment(id: string): unknown {
    return this.#attachments.get(id) ?? ref(id)
  }

  async prefixList(ec2: EC2Client, id: string): Promise<void> {
    const entries = await entriesOf(ec2, id)
    this.put(id, 'AWS::EC2::PrefixList', { AddressFamily: 'IPv4', Entries: entries.map((Cidr) => ({ Cidr })) })
  }
}

/** A value without members that say nothing. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0))
      .map(([name, each]) => [name, said(each)]),
  )
}
