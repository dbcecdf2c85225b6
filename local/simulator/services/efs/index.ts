import {
  ListTagsForResource$,
  TagResource$,
  UntagResource$,
  type ListTagsForResourceRequest,
  type ListTagsForResourceResponse,
  type TagResourceRequest,
  type UntagResourceRequest,
} from '@aws-sdk/client-efs'
import { operation, type Service } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { accessPointOperations } from './access-points.ts'
import { fileSystemOperations } from './file-systems.ts'
import { mountTargetOperations } from './mount-targets.ts'
import { efsError, efsTags, fileSystem, setEfsTags } from './lookup.ts'

function resource(world: World, id: string): string {
  if (!id.startsWith('fsap-')) return fileSystem(world, id).FileSystemId
  if (!world.efs.accessPoints.get(id))
    throw efsError('AccessPointNotFound', `Access point '${id}' does not exist.`, 404)
  return id
}

/** Amazon Elastic File System. */
export const efs: Service = {
  id: 'efs',
  protocol: 'rest-json',
  throttleCode: 'ThrottlingException',
  throttleStatus: 429,
  faultCode: 'InternalServerError',
  operations: [
    ...fileSystemOperations,
    ...accessPointOperations,
    ...mountTargetOperations,
    operation<TagResourceRequest, object>(TagResource$, ['ResourceId', 'Tags'], (input, world) => {
      setEfsTags(world, resource(world, input.ResourceId), input.Tags)
      return {}
    }),
    operation<UntagResourceRequest, object>(UntagResource$, ['ResourceId', 'TagKeys'], (input, world) => {
      const id = resource(world, input.ResourceId)
      const tags = { ...world.efs.tags.get(id)?.tags }
      for (const key of input.TagKeys) delete tags[key]
      world.efs.tags.put(id, { tags })
      return {}
    }),
    operation<ListTagsForResourceRequest, ListTagsForResourceResponse>(
      ListTagsForResource$,
      ['ResourceId'],
      (input, world) => ({ Tags: efsTags(world, resource(world, input.ResourceId)) }),
    ),
  ],
}
