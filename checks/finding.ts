import type { App } from 'aws-cdk-lib'
import type { Bilingual, Printed } from '#domain/kernel/refusal.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Assembly } from './assembly.ts'

/** One thing a check found wrong at one place, in the members of a refusal. */
export interface Finding extends Printed<string> {
  /** id of the check that found it, e.g. `guard` */
  readonly check: string
  /** the rule's own name; the name by which an acknowledgement speaks of it */
  readonly rule: string
  /** only an error fails the check; a warning is shown */
  readonly severity: 'error' | 'warning'
  /** construct path below the stage, e.g. `hub/Firewall/Policy`; a stack's own name where no construct is meant */
  readonly path: string
  /** place inside the resource, e.g. `Properties.BucketEncryption` */
  readonly location?: string
}

/** What to do about a finding of a tool that says no more than what is wrong. */
export const CHANGE_OR_ACKNOWLEDGE =
  'change the construct, or have two owners acknowledge it in policies/checks/acknowledgements.yaml'

/** A drawing for the report, already safe to embed. */
export interface Figure {
  readonly title: Bilingual
  readonly svg: string
}

/** What one check did. */
interface Outcome {
  readonly findings: readonly Finding[]
  /** what was judged, in a few words: `312 resources, 46 rules` */
  readonly judged: string
  readonly figures?: readonly Figure[]
}

/** What every check is given. */
export interface Subject {
  readonly config: Config
  /** the construct tree after synthesis */
  readonly app: App
  readonly assembly: Assembly
  /** the repository's folder */
  readonly root: string
}

/** Something that judges a synthesized platform. */
export interface Check {
  readonly id: string
  readonly title: Bilingual
  run(subject: Subject): Promise<Outcome>
}

/** `1 rule`, `2 rules`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** The requirement id at the head of a rule name (`LOG_1_tunnel_logs` → `LOG-1`). */
export function requirementOf(rule: string): string | undefined {
  const match = /^([A-Z]+)_(\d+)_/.exec(rule)
  return match ? `${match[1]}-${match[2]}` : undefined
}
