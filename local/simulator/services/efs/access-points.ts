import {
  CreateAccessPoint$,
  DeleteAccessPoint$,
  DescribeAccessPoints$,
  type AccessPointDescription,
  type CreateAccessPointRequest,
  type DeleteAccessPointRequest,
  type DescribeAccessPointsRequest,
  type DescribeAccessPointsResponse,
} from '@aws-sdk/client-efs'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { availableFileSystem, bad, efsTags, fileSystem, setEfsTags, tagsOf } from './lookup.ts'
import type { AccessPoint } from './state.ts'

function describe(world: World, point: AccessPoint): AccessPointDescription {
  const tags = efsTags(world, point.AccessPointId)
  return { ...point, Tags: tags, Name: tags.find((tag) => tag.Key === 'Name')?.Value }
}

function notFound(id: string): ServiceError {
  return new ServiceError('AccessPointNotFound', `Access point '${id}' does not exist.`, 404, {
    ErrorCode: 'AccessPointNotFound',
  })
}

export const accessPointOperations = [
  /**
   * Idempotent by ClientToken: a repeat answers AccessPointAlreadyExists with the id (CreateAccessPoint, EFS API
   * reference). 1,000 per file system.
   */
  operation<CreateAccessPointRequest, AccessPointDescription>(
    CreateAccessPoint$,
    ['ClientToken', 'FileSystemId', 'PosixUser', 'RootDirectory', 'Tags'],
    (input, world) => {
      const system = availableFileSystem(world, input.FileSystemId)
      const all = world.efs.accessPoints.all()
      const before = all.find(
        (each) => each.ClientToken === input.ClientToken && each.FileSystemId === system.FileSystemId,
      )
      if (before)
        throw new ServiceError(
          'AccessPointAlreadyExists',
          `Access point already exists with ClientToken ${input.ClientToken}`,
          409,
          { ErrorCode: 'AccessPointAlreadyExists', AccessPointId: before.AccessPointId },
        )
      if (all.filter((each) => each.FileSystemId === system.FileSystemId).length >= 1_000)
        throw new ServiceError('AccessPointLimitExceeded', 'The maximum number of access points has been reached.', 403)
      const path = input.RootDirectory?.Path ?? '/'
      if (!path.startsWith('/') || path.length > 100 || path.split('/').length > 5)
        throw bad(`Path '${path}' must start with / and have at most four subdirectories and 100 characters.`)
      const id = `fsap-${world.random.hex(17)}`
      setEfsTags(world, id, input.Tags)
      const point = world.efs.accessPoints.put(id, {
        AccessPointId: id,
        AccessPointArn: world.arn('elasticfilesystem', `access-point/${id}`),
        ClientToken: input.ClientToken,
        FileSystemId: system.FileSystemId,
        OwnerId: world.account,
        PosixUser: input.PosixUser,
        RootDirectory: { ...input.RootDirectory, Path: path },
        LifeCycleState: 'creating',
      })
      world.later('CreateAccessPoint', input, world.latencies.createAccessPoint, () => {
        if (world.efs.accessPoints.get(id)?.LifeCycleState === 'creating')
          world.efs.accessPoints.update(id, { LifeCycleState: 'available' })
      })
      return describe(world, point)
    },
  ),

  operation<DescribeAccessPointsRequest, DescribeAccessPointsResponse>(
    DescribeAccessPoints$,
    ['AccessPointId', 'FileSystemId', 'MaxResults', 'NextToken'],
    (input, world) => {
      if (input.AccessPointId && input.FileSystemId)
        throw bad('AccessPointId and FileSystemId cannot be given together.')
      if (input.FileSystemId) fileSystem(world, input.FileSystemId)
      const found = world.efs.accessPoints
        .allSeen()
        .filter(
          (each) =>
            (!input.AccessPointId || each.AccessPointId === input.AccessPointId) &&
            (!input.FileSystemId || each.FileSystemId === input.FileSystemId),
        )
      if (input.AccessPointId && found.length === 0) throw notFound(input.AccessPointId)
      const page = paged(found, input.NextToken, input.MaxResults, 100, 'BadRequest')
      return { AccessPoints: page.items.map((each) => describe(world, each)), NextToken: page.NextToken }
    },
  ),

  operation<DeleteAccessPointRequest, object>(DeleteAccessPoint$, ['AccessPointId'], ({ AccessPointId }, world) => {
    if (!world.efs.accessPoints.get(AccessPointId)) throw notFound(AccessPointId)
    world.efs.accessPoints.remove(AccessPointId)
    tagsOf(world).remove(AccessPointId)
    return {}
  }),
]
