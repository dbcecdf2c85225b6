import type { Refusal } from '../kernel/refusal.ts'
import type { ProjectGrant } from './project-grant.ts'
import type { Answer, HolderDecision, Opinion, RiskProfile } from './commands.ts'
import type { ApplicationForm } from './form.ts'

/** One person in one capacity, at the time of the event. */
export interface Person {
  readonly personId: string
  readonly organisation: string
}

export type ApplicationEvent =
  /** `revision` counts from 1; a returned form comes again under the same application */
  | {
      readonly type: 'ApplicationSubmitted'
      readonly applicationId: string
      readonly revision: number
      readonly form: ApplicationForm
      readonly formDigest: string
      readonly submittedBy: Person
    }
  | { readonly type: 'ApplicationReturned'; readonly formDigest: string; readonly problems: readonly Refusal[] }
  | { readonly type: 'FormatAccepted'; readonly formDigest: string }
  | { readonly type: 'ReviewersAssigned'; readonly reviewers: readonly AssignedReviewer[] }
  | {
      readonly type: 'ReviewRecorded'
      readonly reviewer: Person
      readonly databases: readonly string[]
      readonly checklist: Readonly<Record<string, Answer>>
      readonly verdict: Opinion
      readonly comment: string
    }
  /** the committee's, distinct from any decision (REV-2); `reviewers` are those whose reviews it rests on */
  | {
      readonly type: 'OpinionRecorded'
      readonly databases: readonly string[]
      readonly opinion: Opinion
      readonly reason: string
      readonly reviewers: readonly Person[]
      readonly recordedBy: Person
      readonly riskProfile?: RiskProfile
      readonly experts?: readonly { readonly name: string; readonly organisation: string; readonly statement: string }[]
    }
  | {
      readonly type: 'DatabaseDecided'
      readonly database: string
      readonly decision: HolderDecision
      readonly reason: string
      readonly decidedBy: Person
    }
  /** one signature counts once in each capacity the person has (CON-1) */
  | {
      readonly type: 'PledgeSigned'
      readonly personId: string
      readonly capacities: readonly PledgeCapacity[]
      readonly termsVersion: string
      readonly formDigest: string
    }
  | { readonly type: 'ApplicationGranted'; readonly termsVersion: string; readonly grant: ProjectGrant }
  | { readonly type: 'ApplicationWithdrawn'; readonly reason: string }
  /** closed by the operator on formal grounds; a refusal on the merits is a holder's decision */
  | { readonly type: 'ApplicationRejected'; readonly reason: string }

export type PledgeCapacity = 'applicant' | 'handler'

export interface AssignedReviewer extends Person {
  readonly databases: readonly string[]
}
