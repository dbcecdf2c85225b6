import type { ProjectGrant } from '../application/project-grant.ts'
import type { Instant } from '../kernel/decider.ts'

/** What an end event names for destruction. Nothing else is ever destroyed (C-11). */
export type NamedResource =
  | { readonly kind: 'desktop'; readonly personId: string }
  | { readonly kind: 'user'; readonly personId: string }
  | { readonly kind: 'file-system' }
  | { readonly kind: 'security-group' }
  | { readonly kind: 'key' }

/** Why a project ends: its period is over, or the end-of-use form came (VIS-6). */
type EndCause = 'expiry' | 'end-of-use'

/** `askedBy`: the actor whose command it was; they may not approve the removal it leads to (C-11). */
export type ProjectEvent =
  | ({ readonly type: 'ProjectOpened' } & ProjectGrant)
  /** a handler left; names exactly their desktop and user */
  | {
      readonly type: 'HandlerRemoved'
      readonly personId: string
      readonly reason: string
      readonly destroys: readonly NamedResource[]
      readonly askedBy?: string
    }
  | { readonly type: 'ProjectSuspended'; readonly reason: string; readonly personId?: string }
  | { readonly type: 'ProjectResumed'; readonly reason: string; readonly personId?: string }
  /** the period ended or the end-of-use form came; names everything the project has */
  | {
      readonly type: 'ProjectEnded'
      readonly cause: EndCause
      readonly destroys: readonly NamedResource[]
      readonly askedBy?: string
    }
  /** one of the two approvals that a large removal needs (C-11); `digest` is that of the removal it approves */
  | {
      readonly type: 'RemovalApproved'
      readonly digest: string
      readonly approver: string
      readonly organisation: string
    }
  /** the reconciler reports: a pass stopped because its removal needs two approvals */
  | { readonly type: 'RemovalHeld'; readonly digest: string; readonly removes: readonly NamedResource[] }
  /** the reconciler reports: desired and observed agree */
  | { readonly type: 'ProvisioningConverged'; readonly exists: readonly ProvisionedResource[]; readonly at: Instant }
  /** the reconciler's evidence of destruction (VIS-6) */
  | { readonly type: 'ResourcesDestroyed'; readonly destroyed: readonly ProvisionedResource[]; readonly at: Instant }
  /** something under the project's names that no event asked for: kept, raised, never deleted (C-11) */
  | { readonly type: 'UnknownResourceQuarantined'; readonly resource: ProvisionedResource }

/** A thing that exists (or existed) in AWS for this project. */
export interface ProvisionedResource {
  readonly kind: NamedResource['kind'] | 'alias' | 'access-point' | 'mount-target' | 'interface'
  /** the id AWS gave */
  readonly id: string
  readonly personId?: string
}
