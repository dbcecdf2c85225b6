import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Service } from '#local/simulator/operation.ts'
import { paged } from '#local/simulator/paging.ts'
import { membersOf } from './flows.ts'

/**
 * Schemas of the two operations, written after the API reference: the SDK client of Resource Groups is not a
 * dependency.
 */
const namespace = 'com.amazonaws.resourcegroups'
const shape = (name: string, members: Readonly<Record<string, unknown>>) =>
  [3, namespace, name, 0, Object.keys(members), Object.values(members), 0] as unknown as StaticStructureSchema
const list = (name: string, of: StaticStructureSchema) => () => [1, namespace, name, 0, () => of]

const identifier = shape('ResourceIdentifier', { ResourceArn: 0, ResourceType: 0 })
const ListGroupResources$ = [
  9,
  namespace,
  'ListGroupResources',
  { http: ['POST', '/list-group-resources', 200] },
  () => shape('ListGroupResourcesInput', { Group: 0, GroupName: 0, MaxResults: 1, NextToken: 0 }),
  () =>
    shape('ListGroupResourcesOutput', {
      Resources: list('ListGroupResourcesItemList', shape('ListGroupResourcesItem', { Identifier: () => identifier })),
      ResourceIdentifiers: list('ResourceIdentifierList', identifier),
      NextToken: 0,
    }),
] as unknown as StaticOperationSchema

interface ListGroupResourcesInput {
  Group?: string
  GroupName?: string
  MaxResults?: number
  NextToken?: string
}

/**
 * AWS Resource Groups: who is in a tag-based group (a database's granted set, the blocked set).
 * Source: ListGroupResources, https://docs.aws.amazon.com/ARG/latest/APIReference/API_ListGroupResources.html
 */
export const resourceGroups: Service = {
  id: 'resource-groups',
  protocol: 'rest-json',
  throttleCode: 'TooManyRequestsException',
  throttleStatus: 429,
  faultCode: 'InternalServerErrorException',
  operations: [
    operation<ListGroupResourcesInput, object>(
      ListGroupResources$,
      ['Group', 'GroupName', 'MaxResults', 'NextToken'],
      (input, world) => {
        const name = (input.Group ?? input.GroupName ?? '').split('group/').at(-1)!
        if (!world.firewall.resourceGroups.get(name))
          throw new ServiceError('NotFoundException', `Cannot find group with name ${name}`, 404)
        const members = membersOf(world, name, world.lags['resource-groups'])
        const page = paged(members, input.NextToken, input.MaxResults, 50, 'BadRequestException')
        const ids = page.items.map((each) => ({
          ResourceArn: world.arn('ec2', `network-interface/${each.NetworkInterfaceId}`),
          ResourceType: 'AWS::EC2::NetworkInterface',
        }))
        return {
          Resources: ids.map((Identifier) => ({ Identifier })),
          ResourceIdentifiers: ids,
          NextToken: page.NextToken,
        }
      },
    ),
  ],
}
