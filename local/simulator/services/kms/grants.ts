import {
  CreateGrant$,
  ListGrants$,
  RevokeGrant$,
  type CreateGrantRequest,
  type CreateGrantResponse,
  type ListGrantsRequest,
  type ListGrantsResponse,
  type RevokeGrantRequest,
} from '@aws-sdk/client-kms'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import { paged } from '#local/simulator/paging.ts'
import { key } from './lookup.ts'

/** Source: "Grants in AWS KMS", KMS developer guide. */
export const grantOperations = [
  operation<CreateGrantRequest, CreateGrantResponse>(
    CreateGrant$,
    ['KeyId', 'GranteePrincipal', 'RetiringPrincipal', 'Operations', 'Constraints', 'Name'],
    (input, world) => {
      const found = key(world, input.KeyId)
      if (found.KeyState !== 'Enabled')
        throw new ServiceError(
          found.KeyState === 'Disabled' ? 'DisabledException' : 'KMSInvalidStateException',
          `${found.Arn} is ${found.KeyState}.`,
        )
      // The same grant with the same name is the same grant (CreateGrant, KMS API reference: Name).
      const { KeyId: _id, ...wanted } = input
      const before =
        input.Name === undefined
          ? undefined
          : world.kms.grants
              .all()
              .find(
                (grant) =>
                  grant.KeyId === found.Arn &&
                  grant.Name === input.Name &&
                  grant.GranteePrincipal === input.GranteePrincipal,
              )
      const GrantId = before?.GrantId ?? world.random.hex(64)
      if (!before)
        world.kms.grants.put(GrantId, {
          ...wanted,
          GrantId,
          KeyId: found.Arn,
          IssuingAccount: `arn:aws:iam::${world.account}:root`,
          CreationDate: world.date(),
        })
      return { GrantId, GrantToken: Buffer.from(GrantId).toString('base64') }
    },
  ),
  operation<ListGrantsRequest, ListGrantsResponse>(
    ListGrants$,
    ['KeyId', 'Limit', 'Marker', 'GrantId', 'GranteePrincipal'],
    (input, world) => {
      const { Arn } = key(world, input.KeyId)
      const found = world.kms.grants
        .allSeen()
        .filter(
          (grant) =>
            grant.KeyId === Arn &&
            (!input.GrantId || grant.GrantId === input.GrantId) &&
            (!input.GranteePrincipal || grant.GranteePrincipal === input.GranteePrincipal),
        )
      const page = paged(found, input.Marker, input.Limit, 100, 'InvalidMarkerException')
      return { Grants: page.items, NextMarker: page.NextToken, Truncated: page.NextToken !== undefined }
    },
  ),
  operation<RevokeGrantRequest, object>(RevokeGrant$, ['KeyId', 'GrantId'], ({ KeyId, GrantId }, world) => {
    const { Arn } = key(world, KeyId)
    if (world.kms.grants.get(GrantId)?.KeyId !== Arn)
      throw new ServiceError('NotFoundException', `Grant ${GrantId} is not found.`)
    world.kms.grants.remove(GrantId)
    return {}
  }),
]
