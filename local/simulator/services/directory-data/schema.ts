import type { $SchemaRef, StaticOperationSchema, StaticStructureSchema } from '@smithy/types'

/**
 * Smithy schemas of AWS Directory Service Data (REST-JSON, 2023-05-31), in the form in which SDK clients carry theirs.
 * Its SDK package is not in the registry, so they are written here, from the service's API reference:
 * https://docs.aws.amazon.com/directoryservicedata/latest/DirectoryServiceDataAPIReference/
 */
const namespace = 'com.amazonaws.directoryservicedata'
const text = 0
const numeric = 1
const flag = 2
const textList = 64
const inQuery = (name: string): $SchemaRef => [text, { httpQuery: name }] as unknown as $SchemaRef

function shape(name: string, members: Readonly<Record<string, $SchemaRef>>, required: number): StaticStructureSchema {
  return [
    3,
    namespace,
    name,
    0,
    Object.keys(members),
    Object.values(members),
    required,
  ] as unknown as StaticStructureSchema
}

const attributeValue = shape('AttributeValue', { S: text, N: numeric, BOOL: flag, SS: textList }, 0)
const attributes = [2, namespace, 'Attributes', 0, text, () => attributeValue] as unknown as $SchemaRef

const person: Readonly<Record<string, $SchemaRef>> = {
  EmailAddress: text,
  GivenName: text,
  Surname: text,
  OtherAttributes: () => attributes,
} as unknown as Readonly<Record<string, $SchemaRef>>

const named = { DirectoryId: inQuery('DirectoryId'), SAMAccountName: text }

const userSummary = shape(
  'UserSummary',
  { SID: text, SAMAccountName: text, Enabled: flag, GivenName: text, Surname: text },
  3,
)
const userSummaries = [1, namespace, 'UserSummaryList', 0, () => userSummary] as unknown as $SchemaRef
const empty = (name: string) => shape(name, {}, 0)

function operationSchema(
  name: string,
  input: StaticStructureSchema,
  output: StaticStructureSchema,
): StaticOperationSchema {
  return [
    9,
    namespace,
    name,
    { http: ['POST', `/Users/${name}`, 200] },
    () => input,
    () => output,
  ] as unknown as StaticOperationSchema
}

export const CreateUser$ = operationSchema(
  'CreateUser',
  shape('CreateUserRequest', { ...named, ...person, ClientToken: text }, 2),
  shape('CreateUserResult', { DirectoryId: text, SID: text, SAMAccountName: text }, 0),
)

export const DescribeUser$ = operationSchema(
  'DescribeUser',
  shape('DescribeUserRequest', { ...named, OtherAttributes: textList, Realm: text }, 2),
  shape(
    'DescribeUserResult',
    {
      DirectoryId: text,
      Realm: text,
      SID: text,
      SAMAccountName: text,
      DistinguishedName: text,
      UserPrincipalName: text,
      Enabled: flag,
      ...person,
    },
    0,
  ),
)

export const ListUsers$ = operationSchema(
  'ListUsers',
  shape(
    'ListUsersRequest',
    { DirectoryId: inQuery('DirectoryId'), Realm: text, NextToken: text, MaxResults: numeric },
    1,
  ),
  shape(
    'ListUsersResult',
    { DirectoryId: text, Realm: text, Users: () => userSummaries, NextToken: text } as unknown as Readonly<
      Record<string, $SchemaRef>
    >,
    0,
  ),
)

export const UpdateUser$ = operationSchema(
  'UpdateUser',
  shape('UpdateUserRequest', { ...named, ...person, UpdateType: text, ClientToken: text }, 2),
  empty('UpdateUserResult'),
)

export const DisableUser$ = operationSchema(
  'DisableUser',
  shape('DisableUserRequest', { ...named, ClientToken: text }, 2),
  empty('DisableUserResult'),
)

export const DeleteUser$ = operationSchema(
  'DeleteUser',
  shape('DeleteUserRequest', { ...named, ClientToken: text }, 2),
  empty('DeleteUserResult'),
)

type AttributeValue = {
  readonly S?: string
  readonly N?: number
  readonly BOOL?: boolean
  readonly SS?: readonly string[]
}

export interface UserRequest {
  DirectoryId: string | undefined
  SAMAccountName: string | undefined
  ClientToken?: string | undefined
}

export interface PersonRequest extends UserRequest {
  EmailAddress?: string | undefined
  GivenName?: string | undefined
  Surname?: string | undefined
  OtherAttributes?: Readonly<Record<string, AttributeValue>> | undefined
}

export interface UpdateUserRequest extends PersonRequest {
  UpdateType?: 'ADD' | 'REPLACE' | 'REMOVE' | undefined
}

export interface DescribeUserRequest extends UserRequest {
  OtherAttributes?: readonly string[] | undefined
}

export interface ListUsersRequest {
  DirectoryId: string | undefined
  NextToken?: string | undefined
  MaxResults?: number | undefined
}
