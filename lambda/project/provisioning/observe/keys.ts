import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  paginateListAliases,
  paginateListKeys,
  type KeyMetadata,
} from '@aws-sdk/client-kms'
import type { Desired } from '#domain/project/provisioning/desired.ts'
import { projectTags } from '#domain/project/provisioning/resource-names.ts'
import type { Note, ObservedKey } from '#domain/project/provisioning/observed.ts'
import { KEY_INTENT } from '#domain/project/provisioning/plan-key.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import { everyItem, type Aws } from '../aws.ts'

/**
 * The project's keys. Usually the alias leads to the one. A key whose alias, or whose very id, was lost with an answer
 * is found by its tags: among all keys without an alias, which are few.
 */
export async function observeKeys(
  aws: Aws,
  { projectId, names, platform, wanted }: Desired,
  notes: Readonly<Record<string, Note>>,
): Promise<readonly ObservedKey[]> {
  const intent = notes[KEY_INTENT]
  const aliased = await describe(aws, names.keyAlias)
  const noted = intent?.id === undefined || intent.id === aliased?.KeyId ? undefined : await describe(aws, intent.id)
  const lost =
    intent !== undefined && ((aliased === undefined && noted === undefined) || (!wanted && (intent.times ?? 1) > 1))
  const lostKeys = lost ? await withoutAlias(aws, projectTags(platform.environment, projectId)) : []
  const found = new Map(
    [aliased, noted, ...lostKeys].flatMap((key) => (key?.KeyId === undefined ? [] : [[key.KeyId, key] as const])),
  )
  return Promise.all(
    [...found.values()].sort(byAge(aliased?.KeyId)).map(async (key): Promise<ObservedKey> => {
      const state = stateOf(key)
      const rotates =
        state === 'Enabled' &&
        (await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId: key.KeyId }))).KeyRotationEnabled === true
      return { id: key.KeyId ?? '', arn: key.Arn ?? '', aliased: key.KeyId === aliased?.KeyId, state, rotates }
    }),
  )
}

/** The aliased key first, then the oldest, so that every pass adopts the same one. */
const byAge = (aliased: string | undefined) => (a: KeyMetadata, b: KeyMetadata) =>
  Number(b.KeyId === aliased) - Number(a.KeyId === aliased) ||
  (a.CreationDate?.getTime() ?? 0) - (b.CreationDate?.getTime() ?? 0) ||
  ((a.KeyId ?? '') < (b.KeyId ?? '') ? -1 : 1)

function stateOf({ KeyState }: KeyMetadata): ObservedKey['state'] {
  return KeyState === 'Enabled' || KeyState === 'Disabled' || KeyState === 'PendingDeletion' ? KeyState : 'Other'
}

async function describe({ kms }: Aws, KeyId: string): Promise<KeyMetadata | undefined> {
  return (await tolerate(['NotFoundException'], () => kms.send(new DescribeKeyCommand({ KeyId }))))?.KeyMetadata
}

async function withoutAlias(aws: Aws, wanted: Readonly<Record<string, string>>): Promise<KeyMetadata[]> {
  const { kms } = aws
  const aliases = await everyItem(paginateListAliases({ client: kms }, {}), ({ Aliases }) => Aliases)
  const keys = await everyItem(paginateListKeys({ client: kms, pageSize: 1000 }, {}), ({ Keys }) => Keys)
  const named = new Set(aliases.map(({ TargetKeyId }) => TargetKeyId))
  const found: KeyMetadata[] = []
  for (const { KeyId } of keys) {
    if (KeyId === undefined || named.has(KeyId)) continue
    const tags = await tagsOf(aws, KeyId)
    const key =
      tags !== undefined && Object.entries(wanted).every(([tag, value]) => tags[tag] === value)
        ? await describe(aws, KeyId)
        : undefined
    if (key !== undefined) found.push(key)
  }
  return found
}

/** Undefined where the key is another's: one we may not read is not one we made. */
async function tagsOf({ kms }: Aws, KeyId: string): Promise<Record<string, string> | undefined> {
  const answer = await tolerate(['AccessDeniedException', 'NotFoundException'], () =>
    kms.send(new ListResourceTagsCommand({ KeyId })),
  )
  return answer && Object.fromEntries((answer.Tags ?? []).map(({ TagKey, TagValue }) => [TagKey ?? '', TagValue ?? '']))
}
