import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import type { ActionOf } from '#domain/project/provisioning/actions.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import type { Aws } from '../aws.ts'

/** Gives the key's id through `made` before anything else is tried, so that it is written down. */
export async function createKey(
  { kms }: Aws,
  { alias, policy, description, tags }: ActionOf<'CreateKey'>,
  made: (id: string) => Promise<void>,
): Promise<void> {
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Policy: JSON.stringify(policy),
      Description: description,
      Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    }),
  )
  const keyId = KeyMetadata?.KeyId
  if (keyId === undefined) throw new Error('KMS answered CreateKey without a key')
  await made(keyId)
  await nameKey(kms, alias, keyId)
}

export const createAlias = ({ kms }: Aws, { alias, keyId }: ActionOf<'CreateAlias'>) => nameKey(kms, alias, keyId)

async function nameKey(kms: Aws['kms'], AliasName: string, TargetKeyId: string): Promise<void> {
  await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }))
}

export async function enableKeyRotation({ kms }: Aws, { keyId }: ActionOf<'EnableKeyRotation'>): Promise<void> {
  await kms.send(new EnableKeyRotationCommand({ KeyId: keyId }))
}

export async function disableKey({ kms }: Aws, { keyId }: { readonly keyId: string }): Promise<void> {
  await kms.send(new DisableKeyCommand({ KeyId: keyId }))
}

export async function scheduleKeyDeletion(
  { kms }: Aws,
  { keyId, days }: ActionOf<'ScheduleKeyDeletion'>,
): Promise<void> {
  // Already scheduled: the wait began with the first call.
  await tolerate(['KMSInvalidStateException'], () =>
    kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: days })),
  )
}
