import type { Instant, JapanDate } from '../kernel/decider.ts'
import type { ProjectApplicant, ProjectHandler } from '../application/project-grant.ts'
import type { NamedResource, ProvisionedResource } from './events.ts'

type ProjectStatus = 'absent' | 'open' | 'suspended' | 'ended' | 'closed'

/** The project as its events tell it. */
export interface Project {
  readonly status: ProjectStatus
  readonly projectId: string
  readonly applicationId: string
  readonly databases: readonly string[]
  readonly handlers: readonly ProjectHandler[]
  /** people suspended one by one, those who have left since included; the whole project's suspension is `status` */
  readonly suspendedPersons: readonly string[]
  readonly cell: number
  readonly from: JapanDate
  readonly until: JapanDate
  /** everything any end event has named so far (C-11) */
  readonly named: readonly NamedResource[]
  /** approvals by digest of the removal approved */
  readonly approvals: Readonly<Record<string, readonly { readonly approver: string; readonly organisation: string }[]>>
  readonly heldRemoval: string | undefined
  readonly exists: readonly ProvisionedResource[]
  readonly destroyed: readonly ProvisionedResource[]
  readonly applicant?: ProjectApplicant
  /** who asked for what to be destroyed: nobody approves what they asked for (C-11) */
  readonly askers?: readonly { readonly askedBy: string; readonly destroys: readonly NamedResource[] }[]
  /** what the held removal would remove */
  readonly heldRemoves?: readonly NamedResource[]
  /** when desired and observed last agreed; absent as soon as something else is desired */
  readonly convergedAt?: Instant
  /** everything ever reported to exist: what closing must account for (CON-3) */
  readonly seen?: readonly ProvisionedResource[]
  readonly quarantined?: readonly ProvisionedResource[]
}
