import type { Instant } from '../kernel.ts'
import type { EndCause, NamedResource, ProjectEvent, ProvisionedResource } from './events.ts'

/** What a grant says of the project it opens: the very content of `ProjectOpened`. */
export type ProjectGrant = Omit<Extract<ProjectEvent, { type: 'ProjectOpened' }>, 'type'>

/**
 * What may be asked of a project. `Report…` commands are the reconciler's and are taken from a machine only;
 * `OpenProject` is made from a grant (`domain/application/grant.ts`) and is never taken from outside.
 */
export type ProjectCommand =
  | { readonly type: 'OpenProject', readonly grant: ProjectGrant }
  | { readonly type: 'RemoveHandler', readonly personId: string, readonly reason: string }
  /** the whole project, or one person of it (VIS-7) */
  | { readonly type: 'SuspendProject', readonly reason: string, readonly personId?: string }
  | { readonly type: 'ResumeProject', readonly reason: string, readonly personId?: string }
  | { readonly type: 'EndProject', readonly cause: EndCause }
  | { readonly type: 'ApproveRemoval', readonly digest: string }
  | { readonly type: 'ReportHeld', readonly digest: string, readonly removes: readonly NamedResource[] }
  | { readonly type: 'ReportConverged', readonly exists: readonly ProvisionedResource[], readonly at?: Instant }
  | { readonly type: 'ReportDestroyed', readonly destroyed: readonly ProvisionedResource[], readonly at?: Instant }
  | { readonly type: 'ReportQuarantined', readonly resource: ProvisionedResource }

export type ProjectCommandType = ProjectCommand['type']
