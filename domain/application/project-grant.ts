import type { JapanDate } from '../kernel/decider.ts'

/** One person's place in a project, copied from the granted application. */
export interface ProjectHandler {
  /** the identity provider's id of the person */
  readonly personId: string
  readonly organisation: string
}

/** Who answers for a project on the applicant's side: they may end it, and read it. */
export interface ProjectApplicant {
  readonly organisation: string
  /** person ids of the representative and the contact person */
  readonly persons: readonly string[]
}

/** What a grant says of the project it opens. */
export interface ProjectGrant {
  readonly projectId: string
  readonly applicationId: string
  /** ids of the databases the grant names (C-2) */
  readonly databases: readonly string[]
  readonly handlers: readonly ProjectHandler[]
  readonly cell: number
  /** first and last day of use, inclusive, in Japan */
  readonly from: JapanDate
  readonly until: JapanDate
  readonly applicant?: ProjectApplicant
}
