import type { Note, Rule } from './observed.ts'
import type { PolicyDocument } from './policies.ts'
import type { Tags } from './resource-names.ts'

/** One thing to do, with all it needs. Each may be done twice with the effect of once (C-10). */
export type ActionBody =
  /** makes the key and at once its alias */
  | {
      readonly type: 'CreateKey'
      readonly alias: string
      readonly policy: PolicyDocument
      readonly description: string
      readonly tags: Tags
    }
  | { readonly type: 'CreateAlias'; readonly alias: string; readonly keyId: string }
  | { readonly type: 'EnableKeyRotation'; readonly keyId: string }
  | { readonly type: 'DisableKey'; readonly keyId: string }
  | { readonly type: 'ScheduleKeyDeletion'; readonly keyId: string; readonly days: number }
  | {
      readonly type: 'CreateGroup'
      readonly role: 'desktop' | 'store'
      readonly name: string
      readonly vpcId: string
      readonly description: string
      readonly tags: Tags
    }
  | {
      readonly type: 'RevokeRules' | 'AuthorizeRules'
      readonly groupId: string
      readonly direction: 'egress' | 'ingress'
      readonly rules: readonly Rule[]
    }
  | { readonly type: 'DeleteGroup'; readonly groupId: string }
  | { readonly type: 'CreateFileSystem'; readonly creationToken: string; readonly keyArn: string; readonly tags: Tags }
  | { readonly type: 'PutFileSystemPolicy'; readonly fileSystemId: string; readonly policy: PolicyDocument }
  | {
      readonly type: 'CreateAccessPoint'
      readonly fileSystemId: string
      readonly clientToken: string
      readonly posixId: number
      readonly path: string
      readonly tags: Tags
    }
  | {
      readonly type: 'CreateMountTarget'
      readonly fileSystemId: string
      readonly subnetId: string
      readonly groupId: string
    }
  | { readonly type: 'DeleteMountTarget'; readonly mountTargetId: string }
  | { readonly type: 'DeleteAccessPoint'; readonly accessPointId: string }
  | { readonly type: 'DeleteFileSystem'; readonly fileSystemId: string }
  | {
      readonly type: 'CreateUser' | 'DisableUser' | 'DeleteUser'
      readonly directoryId: string
      readonly userName: string
    }
  /** sets a one-time password that nobody is shown: the only way to enable a user */
  | { readonly type: 'EnableUser'; readonly directoryId: string; readonly userName: string }
  | {
      readonly type: 'CreateDesktop'
      readonly directoryId: string
      readonly userName: string
      readonly bundleId: string
      readonly keyArn: string
      readonly rootVolumeGib: number
      readonly userVolumeGib: number
      readonly tags: Tags
    }
  | { readonly type: 'SetAutoStop' | 'StopDesktop' | 'TerminateDesktop'; readonly desktopId: string }
  | { readonly type: 'SetGroups'; readonly interfaceId: string; readonly groups: readonly string[] }
  | { readonly type: 'TagInterface'; readonly interfaceId: string; readonly tags: Tags }
  | { readonly type: 'UntagInterface'; readonly interfaceId: string; readonly keys: readonly string[] }
  | { readonly type: 'WriteNote'; readonly name: string; readonly note: Note }
  | { readonly type: 'ForgetNote'; readonly name: string }

export type Action = ActionBody & {
  /** unique in its plan */
  readonly id: string
  /** actions of the same plan without whose success this one is not to be tried */
  readonly after?: readonly string[]
  /** written down before the action is tried, because a lost answer could not be told from a call never made */
  readonly intent?: string
}

export type ActionType = Action['type']
/** The actions that may have this type, members whose `type` is a choice included. */
export type ActionOf<Type extends ActionType> = OneOf<Action, Type>
type OneOf<Each, Type> = Each extends { readonly type: infer Kind }
  ? [Extract<Kind, Type>] extends [never]
    ? never
    : Each
  : never
