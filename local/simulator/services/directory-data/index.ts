import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Service } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { userByName, userKey } from '../directory/lookup.ts'
import type { Directory, User } from '../directory/state.ts'
import { paged } from '#local/simulator/paging.ts'
import {
  CreateUser$,
  DeleteUser$,
  DescribeUser$,
  DisableUser$,
  ListUsers$,
  UpdateUser$,
  type DescribeUserRequest,
  type ListUsersRequest,
  type PersonRequest,
  type UpdateUserRequest,
  type UserRequest,
} from './schema.ts'

/** A client token is valid for 8 hours (CreateUser, Directory Service Data API reference). */
const tokenLife = 8 * 3_600_000

/**
 * The directory, if its data may be reached at all.
 * Source: EnableDirectoryDataAccess (Directory Service API reference); AccessDeniedException with reason DATA_DISABLED
 * (Directory Service Data API reference).
 */
function open(world: World, id: string): Directory {
  if (!/^d-[0-9a-f]{10}$/.test(id))
    throw new ServiceError('ValidationException', `The directory id ${id} does not match d-[0-9a-f]{10}.`, 400, {
      Reason: 'ATTRIBUTE_INVALID',
    })
  const directory = world.directories.directories.get(id)
  if (!directory)
    throw new ServiceError('AccessDeniedException', `The directory ${id} does not exist or is not yours.`, 403, {
      Reason: 'DIRECTORY_AUTH',
    })
  if (directory.dataAccess !== 'Enabled')
    throw new ServiceError('AccessDeniedException', `Directory data access is not enabled for ${id}.`, 403, {
      Reason: 'DATA_DISABLED',
    })
  if (directory.Stage !== 'Active')
    throw new ServiceError(
      'DirectoryUnavailableException',
      `The directory ${id} is in stage ${directory.Stage}.`,
      400,
      { Reason: 'INVALID_DIRECTORY_STATE' },
    )
  return directory
}

function existing(world: World, directoryId: string, name: string): User {
  const user = userByName(world, directoryId, name)
  if (!user)
    throw new ServiceError('ResourceNotFoundException', `The user ${name} does not exist in ${directoryId}.`, 404)
  return user
}

/**
 * Same token, same request: the same effect as one call; same token, other request: ConflictException.
 * Answers true where the call was done before.
 */
function repeated(world: World, name: string, request: UserRequest): boolean {
  const { ClientToken, ...rest } = request
  if (ClientToken === undefined) return false
  const key = `${name}/${ClientToken}`
  const fingerprint = JSON.stringify(rest)
  const before = world.directories.tokens.get(key)
  if (before && world.clock.now() - before.at < tokenLife) {
    if (before.request !== fingerprint)
      throw new ServiceError('ConflictException', 'The client token was used with another request.', 409)
    return true
  }
  world.directories.tokens.set(key, { request: fingerprint, at: world.clock.now() })
  return false
}

const described = (user: User) => ({
  GivenName: user.GivenName,
  Surname: user.Surname,
  EmailAddress: user.EmailAddress,
})

/**
 * AWS Directory Service Data: users of a managed directory.
 * Source: https://docs.aws.amazon.com/directoryservicedata/latest/DirectoryServiceDataAPIReference/
 */
export const directoryServiceData: Service = {
  id: 'directory-service-data',
  protocol: 'rest-json',
  throttleCode: 'ThrottlingException',
  throttleStatus: 429,
  faultCode: 'InternalServerException',
  operations: [
    /**
     * A new user has no password and is disabled; ResetUserPassword of Directory Service enables it. Names: 1 to 20 of
     * `[\w.-]`.
     */
    operation<PersonRequest, object>(
      CreateUser$,
      ['DirectoryId', 'SAMAccountName', 'EmailAddress', 'GivenName', 'Surname', 'OtherAttributes', 'ClientToken'],
      (input, world) => {
        const { DirectoryId, SAMAccountName } = input
        open(world, DirectoryId)
        if (!/^[\w\-.]{1,20}$/.test(SAMAccountName))
          throw new ServiceError(
            'ValidationException',
            `SAMAccountName '${SAMAccountName}' must be 1 to 20 characters of [\\w\\-.].`,
            400,
            { Reason: 'ATTRIBUTE_INVALID' },
          )
        const before = userByName(world, DirectoryId, SAMAccountName)
        if (repeated(world, 'CreateUser', input) && before) return { DirectoryId, SAMAccountName, SID: before.sid }
        if (before)
          throw new ServiceError(
            'ConflictException',
            `The user ${SAMAccountName} already exists in ${DirectoryId}.`,
            409,
          )
        const parts = [10, 10, 9, 4].map((length) => world.random.text(length, '123456789'))
        const sid = `S-1-5-21-${parts.join('-')}`
        world.directories.users.put(userKey(DirectoryId, SAMAccountName), {
          directoryId: DirectoryId,
          SAMAccountName,
          sid,
          GivenName: input.GivenName,
          Surname: input.Surname,
          EmailAddress: input.EmailAddress,
          attributes: input.OtherAttributes ?? {},
          enabled: false,
        })
        return { DirectoryId, SAMAccountName, SID: sid }
      },
    ),

    operation<DescribeUserRequest, object>(
      DescribeUser$,
      ['DirectoryId', 'SAMAccountName', 'OtherAttributes'],
      ({ DirectoryId, SAMAccountName, OtherAttributes }, world) => {
        const directory = open(world, DirectoryId)
        const user = world.directories.users.seen(userKey(DirectoryId, SAMAccountName))
        if (!user)
          throw new ServiceError(
            'ResourceNotFoundException',
            `The user ${SAMAccountName} does not exist in ${DirectoryId}.`,
            404,
          )
        const wanted = Object.entries(user.attributes).filter(([name]) =>
          OtherAttributes?.some((each) => each.toLowerCase() === name.toLowerCase()),
        )
        return {
          DirectoryId,
          Realm: directory.Name,
          SID: user.sid,
          SAMAccountName: user.SAMAccountName,
          UserPrincipalName: `${user.SAMAccountName}@${directory.Name}`,
          DistinguishedName: `CN=${user.SAMAccountName},OU=Users,OU=${directory.ShortName},${directory.Name.split('.')
            .map((part) => `DC=${part}`)
            .join(',')}`,
          Enabled: user.enabled,
          ...described(user),
          ...(wanted.length > 0 ? { OtherAttributes: Object.fromEntries(wanted) } : {}),
        }
      },
    ),

    /** At most 250 a page (ListUsers). */
    operation<ListUsersRequest, object>(
      ListUsers$,
      ['DirectoryId', 'NextToken', 'MaxResults'],
      ({ DirectoryId, NextToken, MaxResults }, world) => {
        const directory = open(world, DirectoryId)
        if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 250))
          throw new ServiceError('ValidationException', 'MaxResults must be 1 to 250.')
        const users = world.directories.users.allSeen().filter((user) => user.directoryId === DirectoryId)
        const page = paged(users, NextToken, MaxResults, 250, 'ValidationException')
        return {
          DirectoryId,
          Realm: directory.Name,
          Users: page.items.map((user) => ({
            SID: user.sid,
            SAMAccountName: user.SAMAccountName,
            Enabled: user.enabled,
            GivenName: user.GivenName,
            Surname: user.Surname,
          })),
          NextToken: page.NextToken,
        }
      },
    ),

    operation<UpdateUserRequest, object>(
      UpdateUser$,
      [
        'DirectoryId',
        'SAMAccountName',
        'EmailAddress',
        'GivenName',
        'Surname',
        'OtherAttributes',
        'UpdateType',
        'ClientToken',
      ],
      (input, world) => {
        const { DirectoryId, SAMAccountName, UpdateType = 'ADD' } = input
        open(world, DirectoryId)
        const user = existing(world, DirectoryId, SAMAccountName)
        if (repeated(world, 'UpdateUser', input)) return {}
        const removes = UpdateType === 'REMOVE'
        const next = <T>(given: T | undefined, before: T | undefined) =>
          given === undefined ? before : removes ? undefined : given
        const given = input.OtherAttributes ?? {}
        const attributes = removes
          ? Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !(name in given)))
          : { ...user.attributes, ...given }
        world.directories.users.update(userKey(DirectoryId, SAMAccountName), {
          GivenName: next(input.GivenName, user.GivenName),
          Surname: next(input.Surname, user.Surname),
          EmailAddress: next(input.EmailAddress, user.EmailAddress),
          attributes,
        })
        return {}
      },
    ),

    operation<UserRequest, object>(DisableUser$, ['DirectoryId', 'SAMAccountName', 'ClientToken'], (input, world) => {
      open(world, input.DirectoryId)
      existing(world, input.DirectoryId, input.SAMAccountName)
      if (!repeated(world, 'DisableUser', input))
        world.directories.users.update(userKey(input.DirectoryId, input.SAMAccountName), { enabled: false })
      return {}
    }),

    /**
     * Deletes the user even where a WorkSpace is still theirs: AWS does not stop it, and a user recreated under the
     * name is another AD object, which may get a second WorkSpace.
     * Source: "Delete a WorkSpace in WorkSpaces Personal" (order: WorkSpace first, then the user).
     */
    operation<UserRequest, object>(DeleteUser$, ['DirectoryId', 'SAMAccountName', 'ClientToken'], (input, world) => {
      open(world, input.DirectoryId)
      if (repeated(world, 'DeleteUser', input)) return {}
      existing(world, input.DirectoryId, input.SAMAccountName)
      world.directories.users.remove(userKey(input.DirectoryId, input.SAMAccountName))
      return {}
    }),
  ],
}
