import type { Desired } from './desired.ts'
import type { Draft } from './draft.ts'
import { projectTags } from './resource-names.ts'
import type { Observed, ObservedKey } from './observed.ts'
import { keyPolicy } from './policies.ts'

/** The note of an asked-for key: CreateKey takes no token, so a lost answer leaves a key only a search can find. */
export const KEY_INTENT = 'create key'

/** The project's own key: the aliased one, else the first. */
const ownKey = (keys: readonly ObservedKey[]) => keys.find(({ aliased }) => aliased) ?? keys[0]

/** Makes or finds the project's key (CRY-3); gives it once it is enabled, rotates and has its alias. */
export function planKey(desired: Desired, observed: Observed, draft: Draft): ObservedKey | undefined {
  const keys = draft.value('the key', observed.keys)?.value
  if (keys === undefined) return undefined
  const key = ownKey(keys)
  for (const other of keys) {
    if (other !== key && other.state !== 'PendingDeletion') draft.raise({ kind: 'key', id: other.id })
  }
  const {
    platform: { environment, account, region },
    projectId,
    names,
  } = desired
  if (key === undefined) {
    if (draft.fresh(KEY_INTENT)) return draft.wait('the key was asked for and is not to be seen yet')
    draft.add(
      {
        type: 'CreateKey',
        alias: names.keyAlias,
        policy: keyPolicy({ account, region }),
        description: `Renkei ${environment}: volumes and files of project ${projectId}`,
        tags: projectTags(environment, projectId),
      },
      projectId,
      { intent: KEY_INTENT },
    )
    return undefined
  }
  if (key.state !== 'Enabled') {
    return draft.wait(
      `key ${key.id} is ${key.state}, though the project is in use; an operator decides whether to enable it`,
    )
  }
  if (!key.aliased) draft.add({ type: 'CreateAlias', alias: names.keyAlias, keyId: key.id }, key.id)
  if (!key.rotates) draft.add({ type: 'EnableKeyRotation', keyId: key.id }, key.id)
  return key.aliased && key.rotates ? key : undefined
}
