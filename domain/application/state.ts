import type { Refusal } from '../kernel/refusal.ts'
import type { ProjectGrant } from './project-grant.ts'
import type { Answer, HolderDecision, Opinion } from './commands.ts'
import type { AssignedReviewer, Person, PledgeCapacity } from './events.ts'
import type { ApplicationForm } from './form.ts'
import type { Interests } from './interests.ts'

export type ApplicationStatus =
  | 'absent'
  | 'submitted'
  | 'returned'
  | 'format-accepted'
  | 'under-review'
  | 'under-decision'
  | 'approved'
  | 'refused'
  | 'granted'
  | 'withdrawn'
  | 'rejected'

interface Review {
  readonly reviewer: Person
  readonly databases: readonly string[]
  readonly checklist: Readonly<Record<string, Answer>>
  readonly verdict: Opinion
}

interface CommitteeOpinion {
  readonly opinion: Opinion
  readonly reason: string
  readonly reviewers: readonly Person[]
  readonly recordedBy: Person
}

interface DatabaseDecision {
  readonly decision: HolderDecision
  readonly reason: string
  readonly decidedBy: Person
}

interface Pledge {
  readonly personId: string
  readonly capacities: readonly PledgeCapacity[]
  readonly termsVersion: string
}

/** The application as its events tell it. Before `ApplicationSubmitted` there is no form. */
export interface Application {
  readonly status: ApplicationStatus
  readonly applicationId: string
  readonly revision: number
  readonly form: ApplicationForm | undefined
  readonly formDigest: string
  readonly submittedBy: Person | undefined
  /**
   * who had a part in an earlier revision: a returned form that no longer names somebody does not make them a stranger
   * (C-4)
   */
  readonly earlier: Interests
  /** what the last format check found */
  readonly problems: readonly Refusal[]
  readonly reviewers: readonly AssignedReviewer[]
  readonly reviews: readonly Review[]
  /** by database (REV-3: each committee's own) */
  readonly opinions: ReadonlyMap<string, CommitteeOpinion>
  /** by database (REV-2: each holder's own) */
  readonly decisions: ReadonlyMap<string, DatabaseDecision>
  readonly pledges: readonly Pledge[]
  readonly grant: ProjectGrant | undefined
}

/** The databases the form asks for, in its order, without repetition. */
export const databasesOf = ({ form }: Pick<Application, 'form'>): readonly string[] => [
  ...new Set((form?.extracts ?? []).map(({ database }) => database)),
]
