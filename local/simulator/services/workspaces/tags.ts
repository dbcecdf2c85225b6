import {
  CreateTags$,
  DeleteTags$,
  DescribeTags$,
  type CreateTagsRequest,
  type DeleteTagsRequest,
  type DescribeTagsRequest,
  type DescribeTagsResult,
  type Tag,
} from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { invalid, resourceNotFound } from './lookup.ts'

/** Source: "Tag resources in WorkSpaces Personal": at most 50 tags, keys to 127 characters, no `aws:` prefix. */
export function setWorkspaceTags(world: World, id: string, tags: readonly Tag[]): void {
  const merged: Record<string, string> = { ...world.workspaces.tags.get(id)?.tags }
  for (const { Key, Value } of tags) {
    if (!Key || Key.length > 127 || Key.startsWith('aws:')) throw invalid(`The tag key '${Key ?? ''}' is invalid.`)
    merged[Key] = Value ?? ''
  }
  if (Object.keys(merged).length > 50)
    throw new ServiceError('ResourceLimitExceededException', 'Your resource limits have been exceeded.')
  world.workspaces.tags.put(id, { tags: merged })
}

function requireTaggable(world: World, id: string): void {
  const { desktops, directories, bundles } = world.workspaces
  if (!desktops.get(id) && !directories.get(id) && !bundles.get(id)) throw resourceNotFound(id)
}

/** One resource a call: there is no way to list desktops by tag (DescribeTags, WorkSpaces API reference). */
export const tagOperations = [
  operation<CreateTagsRequest, object>(CreateTags$, ['ResourceId', 'Tags'], ({ ResourceId, Tags }, world) => {
    requireTaggable(world, ResourceId)
    setWorkspaceTags(world, ResourceId, Tags)
    return {}
  }),
  operation<DeleteTagsRequest, object>(DeleteTags$, ['ResourceId', 'TagKeys'], ({ ResourceId, TagKeys }, world) => {
    requireTaggable(world, ResourceId)
    const tags = { ...world.workspaces.tags.get(ResourceId)?.tags }
    for (const key of TagKeys) delete tags[key]
    world.workspaces.tags.put(ResourceId, { tags })
    return {}
  }),
  operation<DescribeTagsRequest, DescribeTagsResult>(DescribeTags$, ['ResourceId'], ({ ResourceId }, world) => {
    requireTaggable(world, ResourceId)
    return {
      TagList: Object.entries(world.workspaces.tags.seen(ResourceId)?.tags ?? {}).map(([Key, Value]) => ({
        Key,
        Value,
      })),
    }
  }),
]
