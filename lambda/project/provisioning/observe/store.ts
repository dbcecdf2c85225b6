import {
  DescribeAccessPointsCommand,
  DescribeFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  DescribeMountTargetsCommand,
} from '@aws-sdk/client-efs'
import type { Desired } from '#domain/project/provisioning/desired.ts'
import type { ObservedFileSystem } from '#domain/project/provisioning/observed.ts'
import { everyPage, isNamed, type Aws } from '../aws.ts'

/** The file system of the project's creation token, with all that belongs to it. */
export async function observeFileSystem(aws: Aws, { names }: Desired): Promise<ObservedFileSystem | undefined> {
  const { efs } = aws
  const { FileSystems } = await efs.send(new DescribeFileSystemsCommand({ CreationToken: names.creationToken }))
  const found = FileSystems?.find(({ LifeCycleState }) => LifeCycleState !== 'deleted')
  const FileSystemId = found?.FileSystemId
  if (found === undefined || FileSystemId === undefined) return undefined
  try {
    const [policy, accessPoints, mountTargets] = await Promise.all([
      policyOf(aws, FileSystemId),
      everyPage(async (NextToken) => {
        const page = await efs.send(new DescribeAccessPointsCommand({ FileSystemId, NextToken }))
        return [page.AccessPoints, page.NextToken]
      }),
      everyPage(async (Marker) => {
        const page = await efs.send(new DescribeMountTargetsCommand({ FileSystemId, Marker }))
        return [page.MountTargets, page.NextMarker]
      }),
    ])
    return {
      id: FileSystemId,
      state: found.LifeCycleState ?? 'unknown',
      keyArn: found.Encrypted === true ? found.KmsKeyId : undefined,
      policy,
      accessPoints: accessPoints
        .filter(({ LifeCycleState }) => LifeCycleState !== 'deleted')
        .map(({ AccessPointId, LifeCycleState, ClientToken }) => ({
          id: AccessPointId ?? '',
          state: LifeCycleState ?? 'unknown',
          clientToken: ClientToken,
        })),
      mountTargets: mountTargets
        .filter(({ LifeCycleState }) => LifeCycleState !== 'deleted')
        .map(({ MountTargetId, SubnetId, LifeCycleState }) => ({
          id: MountTargetId ?? '',
          subnetId: SubnetId ?? '',
          state: LifeCycleState ?? 'unknown',
        })),
    }
  } catch (error) {
    // It went away between two questions.
    if (isNamed(error, 'FileSystemNotFound')) return undefined
    throw error
  }
}

async function policyOf({ efs }: Aws, FileSystemId: string): Promise<unknown> {
  try {
    const { Policy } = await efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId }))
    return Policy === undefined ? undefined : (JSON.parse(Policy) as unknown)
  } catch (error) {
    if (isNamed(error, 'PolicyNotFound')) return undefined
    throw error
  }
}
