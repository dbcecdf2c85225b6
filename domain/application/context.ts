import type { Context } from '../kernel/decider.ts'
import type { ApplicationForm } from './form.ts'

/** What the stack of a database publishes of it for deciding; `Database` of `lib/kernel/config` has all of it. */
export interface PublishedDatabase {
  readonly id: string
  readonly kind: 'public' | 'private'
  readonly dataKind: 'anonymised' | 'pseudonymised'
  readonly linkRoute: 'id5' | 'id4' | 'accredited-producer' | 'none'
  readonly provisionRoute: 'visiting' | 'media' | 'on-site'
  /** a recorded exception for a route other than visiting (PUB-3) */
  readonly exception?: { readonly id: string; readonly expires: string }
  /** private databases only (PDB-1) */
  readonly accreditation?: { readonly status: string; readonly validTo: string }
}

/**
 * One cell of the linkability matrix (CAT-3): symmetric, in force from a date, by law. `ACCREDITED` stands for any
 * accredited producer's database.
 */
export interface LinkableRow {
  readonly pair: readonly string[]
  readonly from: string
  readonly ids: readonly string[]
  readonly basis: string
}

/** `policies/application/rules.json`: what the committee, the terms and the law say, as data. */
export interface ApplicationRules {
  readonly guidelinesVersion: string
  readonly terms: { readonly version: string }
  readonly checklist: readonly { readonly id: string }[]
  /** distinct reviewers that an opinion needs (REV-2) */
  readonly quorum: number
  readonly limits: {
    readonly mediaMonths: number
    readonly visitingMonths: number
    readonly onSiteMonths: number
    readonly onSiteDataYears: number
  }
  /** extract types (section 6) that need no rationale (APP-4) */
  readonly presets: readonly string[]
  readonly evidence: Readonly<Record<ApplicationForm['applicant']['type'], readonly string[]>>
  readonly linkable: readonly LinkableRow[]
}

/** What deciding on an application needs beside the clock and the actor. */
export interface ApplicationContext extends Context {
  readonly applicationId: string
  readonly databases: readonly PublishedDatabase[]
  readonly rules: ApplicationRules
  /** the cell with room that `Grant` places the project in; see `domain/project/cells.ts` */
  readonly cell?: number
  /** today's organisation of people, from the identity provider: a reviewer who has since moved is found (C-4) */
  readonly organisations?: ReadonlyMap<string, string>
}
