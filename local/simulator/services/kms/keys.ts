import {
  CancelKeyDeletion$,
  CreateKey$,
  DescribeKey$,
  DisableKey$,
  EnableKey$,
  EnableKeyRotation$,
  GetKeyPolicy$,
  GetKeyRotationStatus$,
  ListKeys$,
  ListResourceTags$,
  PutKeyPolicy$,
  ScheduleKeyDeletion$,
  TagResource$,
  UntagResource$,
  type CancelKeyDeletionRequest,
  type CancelKeyDeletionResponse,
  type CreateKeyRequest,
  type CreateKeyResponse,
  type DescribeKeyRequest,
  type DescribeKeyResponse,
  type DisableKeyRequest,
  type EnableKeyRequest,
  type EnableKeyRotationRequest,
  type GetKeyPolicyRequest,
  type GetKeyPolicyResponse,
  type GetKeyRotationStatusRequest,
  type GetKeyRotationStatusResponse,
  type KeyMetadata,
  type ListKeysRequest,
  type ListKeysResponse,
  type ListResourceTagsRequest,
  type ListResourceTagsResponse,
  type PutKeyPolicyRequest,
  type ScheduleKeyDeletionRequest,
  type ScheduleKeyDeletionResponse,
  type Tag,
  type TagResourceRequest,
  type UntagResourceRequest,
} from '@aws-sdk/client-kms'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { key } from './lookup.ts'
import type { Key } from './state.ts'

const day = 86_400_000

function metadata(found: Key): KeyMetadata {
  const { policy: _policy, tags: _tags, rotation: _rotation, ...shown } = found
  return shown
}

function checkPolicy(policy: string): string {
  try {
    const parsed = JSON.parse(policy) as { Statement?: unknown }
    if (Array.isArray(parsed.Statement) && parsed.Statement.length > 0) return policy
  } catch {
    // Not JSON: the same refusal as a policy without statements.
  }
  throw new ServiceError(
    'MalformedPolicyDocumentException',
    'The request was rejected because the specified policy is not syntactically or semantically correct.',
  )
}

/**
 * A key that waits for its deletion takes part in nothing. Source: "Key states of AWS KMS keys", KMS developer guide.
 */
function usable(world: World, id: string): Key {
  const found = key(world, id)
  if (found.KeyState === 'PendingDeletion')
    throw new ServiceError('KMSInvalidStateException', `${found.Arn} is pending deletion.`)
  return found
}

const tagMap = (tags: readonly Tag[] | undefined) =>
  Object.fromEntries((tags ?? []).map((tag) => [tag.TagKey!, tag.TagValue!]))

export const keyOperations = [
  operation<CreateKeyRequest, CreateKeyResponse>(
    CreateKey$,
    ['Policy', 'Description', 'KeyUsage', 'KeySpec', 'Tags', 'BypassPolicyLockoutSafetyCheck', 'MultiRegion'],
    (input, world) => {
      if (
        (input.KeySpec ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT' ||
        (input.KeyUsage ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT' ||
        input.MultiRegion
      ) {
        throw new ServiceError(
          'UnsupportedOperationException',
          'The simulator makes symmetric, single-region keys for encryption only.',
        )
      }
      const KeyId = [8, 4, 4, 4, 12].map((length) => world.random.hex(length)).join('-')
      const defaultPolicy = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${world.account}:root` }, Action: 'kms:*', Resource: '*' },
        ],
      })
      const made = world.kms.keys.put(KeyId, {
        KeyId,
        Arn: world.arn('kms', `key/${KeyId}`),
        AWSAccountId: world.account,
        CreationDate: world.date(),
        Enabled: true,
        KeyState: 'Enabled',
        Description: input.Description ?? '',
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeySpec: 'SYMMETRIC_DEFAULT',
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        MultiRegion: false,
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        policy: checkPolicy(input.Policy ?? defaultPolicy),
        tags: tagMap(input.Tags),
        rotation: false,
      })
      return { KeyMetadata: metadata(made) }
    },
  ),

  operation<DescribeKeyRequest, DescribeKeyResponse>(DescribeKey$, ['KeyId'], ({ KeyId }, world) => ({
    KeyMetadata: metadata(key(world, KeyId)),
  })),

  operation<ListKeysRequest, ListKeysResponse>(ListKeys$, ['Limit', 'Marker'], (input, world) => {
    const page = paged(world.kms.keys.allSeen(), input.Marker, input.Limit, 1_000, 'InvalidMarkerException')
    return {
      Keys: page.items.map((each) => ({ KeyId: each.KeyId, KeyArn: each.Arn })),
      NextMarker: page.NextToken,
      Truncated: page.NextToken !== undefined,
    }
  }),

  operation<DisableKeyRequest, object>(DisableKey$, ['KeyId'], ({ KeyId }, world) => {
    world.kms.keys.update(usable(world, KeyId).KeyId, { Enabled: false, KeyState: 'Disabled' })
    return {}
  }),

  operation<EnableKeyRequest, object>(EnableKey$, ['KeyId'], ({ KeyId }, world) => {
    world.kms.keys.update(usable(world, KeyId).KeyId, { Enabled: true, KeyState: 'Enabled' })
    return {}
  }),

  /**
   * 7 to 30 days, 30 by default; the aliases go with the key when it goes. Source: ScheduleKeyDeletion, KMS API
   * reference.
   */
  operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse>(
    ScheduleKeyDeletion$,
    ['KeyId', 'PendingWindowInDays'],
    ({ KeyId: id, PendingWindowInDays = 30 }, world) => {
      const { KeyId } = usable(world, id)
      if (PendingWindowInDays < 7 || PendingWindowInDays > 30)
        throw new ServiceError('ValidationException', 'PendingWindowInDays must be 7 to 30.')
      const DeletionDate = new Date(world.clock.now() + PendingWindowInDays * day)
      world.kms.keys.update(KeyId, {
        Enabled: false,
        KeyState: 'PendingDeletion',
        DeletionDate,
        PendingDeletionWindowInDays: PendingWindowInDays,
      })
      world.clock.after(PendingWindowInDays * day, () => {
        if (world.kms.keys.get(KeyId)?.DeletionDate?.getTime() !== DeletionDate.getTime()) return
        for (const alias of world.kms.aliases.all())
          if (alias.TargetKeyId === KeyId) world.kms.aliases.remove(alias.AliasName)
        world.kms.keys.remove(KeyId)
      })
      return { KeyId: key(world, KeyId).Arn, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays }
    },
  ),

  /** Leaves the key disabled (CancelKeyDeletion, KMS API reference). */
  operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse>(CancelKeyDeletion$, ['KeyId'], ({ KeyId }, world) => {
    const found = key(world, KeyId)
    if (found.KeyState !== 'PendingDeletion')
      throw new ServiceError('KMSInvalidStateException', `${found.Arn} is not pending deletion.`)
    world.kms.keys.update(found.KeyId, {
      KeyState: 'Disabled',
      DeletionDate: undefined,
      PendingDeletionWindowInDays: undefined,
    })
    return { KeyId: found.Arn }
  }),

  operation<GetKeyPolicyRequest, GetKeyPolicyResponse>(GetKeyPolicy$, ['KeyId', 'PolicyName'], ({ KeyId }, world) => ({
    Policy: key(world, KeyId).policy,
    PolicyName: 'default',
  })),

  operation<PutKeyPolicyRequest, object>(
    PutKeyPolicy$,
    ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck'],
    ({ KeyId, Policy }, world) => {
      world.kms.keys.update(usable(world, KeyId).KeyId, { policy: checkPolicy(Policy) })
      return {}
    },
  ),

  operation<EnableKeyRotationRequest, object>(EnableKeyRotation$, ['KeyId'], ({ KeyId }, world) => {
    const found = usable(world, KeyId)
    if (!found.Enabled) throw new ServiceError('DisabledException', `${found.Arn} is disabled.`)
    world.kms.keys.update(found.KeyId, { rotation: true })
    return {}
  }),

  operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse>(
    GetKeyRotationStatus$,
    ['KeyId'],
    ({ KeyId }, world) => {
      const found = key(world, KeyId)
      return { KeyId: found.Arn, KeyRotationEnabled: found.rotation && found.KeyState !== 'PendingDeletion' }
    },
  ),

  operation<TagResourceRequest, object>(TagResource$, ['KeyId', 'Tags'], ({ KeyId, Tags }, world) => {
    const found = usable(world, KeyId)
    world.kms.keys.update(found.KeyId, { tags: { ...found.tags, ...tagMap(Tags) } })
    return {}
  }),

  operation<UntagResourceRequest, object>(UntagResource$, ['KeyId', 'TagKeys'], ({ KeyId, TagKeys }, world) => {
    const found = usable(world, KeyId)
    world.kms.keys.update(found.KeyId, {
      tags: Object.fromEntries(Object.entries(found.tags).filter(([name]) => !TagKeys.includes(name))),
    })
    return {}
  }),

  operation<ListResourceTagsRequest, ListResourceTagsResponse>(
    ListResourceTags$,
    ['KeyId', 'Limit', 'Marker'],
    ({ KeyId }, world) => {
      return {
        Tags: Object.entries(key(world, KeyId).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        Truncated: false,
      }
    },
  ),
]
