import {
  CreateTags$,
  DeleteTags$,
  DescribeTags$,
  type CreateTagsRequest,
  type DeleteTagsRequest,
  type DescribeTagsRequest,
  type DescribeTagsResult,
  type ResourceType,
  type Tag,
  type TagDescription,
  type TagSpecification,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { requireResource } from './lookup.ts'

/**
 * At most 50 tags, keys to 128 and values to 256 characters, no `aws:` keys.
 * Source: "Tag your Amazon EC2 resources",
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions
 */
export function setTags(world: World, id: string, tags: readonly Tag[]): void {
  const merged: Record<string, string> = { ...world.ec2.tags.get(id)?.tags }
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 128)
      throw new ServiceError('InvalidParameterValue', `Tag key '${Key ?? ''}' must have 1 to 128 characters`)
    if (Key.startsWith('aws:'))
      throw new ServiceError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`)
    if ((Value ?? '').length > 256)
      throw new ServiceError('InvalidParameterValue', `Value of tag '${Key}' exceeds 256 characters`)
    merged[Key] = Value ?? ''
  }
  if (Object.keys(merged).length > 50)
    throw new ServiceError('TagLimitExceeded', `The maximum number of Tags for a resource has been reached`)
  world.ec2.tags.put(id, { ResourceId: id, tags: merged })
}

export function specifiedTags(specifications: readonly TagSpecification[] | undefined, type: ResourceType): Tag[] {
  return (specifications ?? []).flatMap((specification) => {
    if (specification.ResourceType !== type)
      throw new ServiceError(
        'InvalidParameterValue',
        `'${specification.ResourceType}' is not a valid taggable resource type for this operation`,
      )
    return specification.Tags ?? []
  })
}

const typeOf: Readonly<Record<string, ResourceType>> = {
  sg: 'security-group',
  sgr: 'security-group-rule',
  eni: 'network-interface',
  vpc: 'vpc',
  subnet: 'subnet',
  rtb: 'route-table',
  pl: 'prefix-list',
  tgw: 'transit-gateway',
  'tgw-rtb': 'transit-gateway-route-table',
  'tgw-attach': 'transit-gateway-attachment',
  vpn: 'vpn-connection',
  'cvpn-endpoint': 'client-vpn-endpoint',
}

export const tagOperations = [
  operation<CreateTagsRequest, object>(CreateTags$, ['Resources', 'Tags'], ({ Resources, Tags }, world) => {
    // All or nothing: a missing resource refuses the call before anything is tagged.
    for (const id of Resources) requireResource(world, id)
    for (const id of Resources) setTags(world, id, Tags)
    return {}
  }),

  /** A tag given with a value goes only if the value matches; without tags, all go (DeleteTags, EC2 API reference). */
  operation<DeleteTagsRequest, object>(DeleteTags$, ['Resources', 'Tags'], ({ Resources, Tags }, world) => {
    for (const id of Resources) requireResource(world, id)
    for (const id of Resources) {
      const tags = { ...world.ec2.tags.get(id)?.tags }
      for (const key of Object.keys(tags)) {
        if (!Tags || Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === tags[key])))
          delete tags[key]
      }
      world.ec2.tags.put(id, { ResourceId: id, tags })
    }
    return {}
  }),

  operation<DescribeTagsRequest, DescribeTagsResult>(
    DescribeTags$,
    ['Filters', 'MaxResults', 'NextToken'],
    ({ Filters, MaxResults, NextToken }, world) => {
      const all: TagDescription[] = world.ec2.tags.allSeen().flatMap(({ ResourceId, tags }) =>
        Object.entries(tags).map(([Key, Value]) => ({
          ResourceId,
          ResourceType: typeOf[ResourceId.slice(0, ResourceId.lastIndexOf('-'))],
          Key,
          Value,
        })),
      )
      const found = filtered(world, all, Filters, (tag) => tag.ResourceId!, {
        key: (tag) => tag.Key,
        value: (tag) => tag.Value,
        'resource-id': (tag) => tag.ResourceId,
        'resource-type': (tag) => tag.ResourceType,
      })
      const page = paged(found, NextToken, MaxResults, 1_000)
      return { Tags: page.items, NextToken: page.NextToken }
    },
  ),
]
