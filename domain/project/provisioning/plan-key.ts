import type { Desired } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import { projectTags } from './resource-names.ts'
import type { Observed, ObservedKey } from './observed.ts'
import { keyPolicy } from './policies.ts'

/** The note of an asked-for key: CreateKey takes no token, so a lost answer leaves a key only a search can find. */
export const KEY_INTENT = 'create key'

/**
 * The note of an asked-for key has every key of the account searched. An ended project asks for none any more: once the
 * views have caught up, and show no key that only a search finds, the note is forgotten.
 */
export function endKeySearch(observed: Observed, builder: PlanBuilder): void {
  if (!observed.keys.seen || builder.notes[KEY_INTENT] === undefined || builder.fresh(KEY_INTENT)) return
  if (observed.keys.value.every(({ aliased, state }) => aliased || state === 'PendingDeletion'))
    builder.add({ type: 'ForgetNote', name: KEY_INTENT }, KEY_INTENT)
}

/** The project's own key: the aliased one, else the first. */
const ownKey = (keys: readonly ObservedKey[]) => keys.find(({ aliased }) => aliased) ?? keys[0]

/** Makes or finds the project's key (CRY-3); gives it once it is enabled, rotates and has its alias. */
export function planKey(desired: Desired, observed: Observed, builder: PlanBuilder): ObservedKey | undefined {
  const keys = builder.value('the key', observed.keys)?.value
  if (keys === undefined) return undefined
  const key = ownKey(keys)
  for (const other of keys) {
    if (other !== key && other.state !== 'PendingDeletion') builder.raise({ kind: 'key', id: other.id })
  }
  const {
    platform: { environment, account, region },
    projectId,
    names,
  } = desired
  if (key === undefined) {
    if (builder.fresh(KEY_INTENT)) return builder.wait('the key was asked for and is not to be seen yet')
    builder.add(
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
    return builder.wait(
      `key ${key.id} is ${key.state}, though the project is in use; an operator decides whether to enable it`,
    )
  }
  if (!key.aliased) builder.add({ type: 'CreateAlias', alias: names.keyAlias, keyId: key.id }, key.id)
  if (!key.rotates) builder.add({ type: 'EnableKeyRotation', keyId: key.id }, key.id)
  return key.aliased && key.rotates ? key : undefined
}
