import {
  CreateAlias$,
  DeleteAlias$,
  ListAliases$,
  UpdateAlias$,
  type CreateAliasRequest,
  type DeleteAliasRequest,
  type ListAliasesRequest,
  type ListAliasesResponse,
  type UpdateAliasRequest,
} from '@aws-sdk/client-kms'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { key } from './lookup.ts'

function existing(world: World, name: string): void {
  if (!world.kms.aliases.get(name))
    throw new ServiceError('NotFoundException', `Alias ${world.arn('kms', name)} is not found.`)
}

function target(world: World, id: string): string {
  const found = key(world, id)
  if (found.KeyState === 'PendingDeletion')
    throw new ServiceError('KMSInvalidStateException', `${found.Arn} is pending deletion.`)
  return found.KeyId
}

/**
 * Source: CreateAlias and ListAliases, KMS API reference. An alias is unique in account and region; the key may have
 * several.
 */
export const aliasOperations = [
  operation<CreateAliasRequest, object>(
    CreateAlias$,
    ['AliasName', 'TargetKeyId'],
    ({ AliasName, TargetKeyId }, world) => {
      if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(AliasName) || AliasName.startsWith('alias/aws/'))
        throw new ServiceError('InvalidAliasNameException', `The alias name ${AliasName} is not valid.`)
      const KeyId = target(world, TargetKeyId)
      if (world.kms.aliases.get(AliasName))
        throw new ServiceError(
          'AlreadyExistsException',
          `An alias with the name ${world.arn('kms', AliasName)} already exists`,
        )
      world.kms.aliases.put(AliasName, { AliasName, TargetKeyId: KeyId, created: world.clock.now() })
      return {}
    },
  ),
  operation<UpdateAliasRequest, object>(
    UpdateAlias$,
    ['AliasName', 'TargetKeyId'],
    ({ AliasName, TargetKeyId }, world) => {
      existing(world, AliasName)
      world.kms.aliases.update(AliasName, { TargetKeyId: target(world, TargetKeyId) })
      return {}
    },
  ),
  operation<DeleteAliasRequest, object>(DeleteAlias$, ['AliasName'], ({ AliasName }, world) => {
    existing(world, AliasName)
    world.kms.aliases.remove(AliasName)
    return {}
  }),
  operation<ListAliasesRequest, ListAliasesResponse>(ListAliases$, ['KeyId', 'Limit', 'Marker'], (input, world) => {
    const of = input.KeyId === undefined ? undefined : key(world, input.KeyId).KeyId
    const page = paged(
      world.kms.aliases.allSeen().filter((alias) => of === undefined || alias.TargetKeyId === of),
      input.Marker,
      input.Limit,
      100,
      'InvalidMarkerException',
    )
    return {
      Aliases: page.items.map(({ created, ...alias }) => ({
        ...alias,
        AliasArn: world.arn('kms', alias.AliasName),
        CreationDate: new Date(created),
        LastUpdatedDate: new Date(created),
      })),
      NextMarker: page.NextToken,
      Truncated: page.NextToken !== undefined,
    }
  }),
]
