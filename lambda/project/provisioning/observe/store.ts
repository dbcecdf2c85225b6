import {
  DescribeFileSystemPolicyCommand,
  DescribeFileSystemsCommand,
  paginateDescribeAccessPoints,
  paginateDescribeMountTargets,
} from '@aws-sdk/client-efs'
import type { Desired } from '#domain/project/provisioning/desired.ts'
import type { ObservedFileSystem } from '#domain/project/provisioning/observed.ts'
import { tolerate } from '#lambda/kernel/errors.ts'
import { everyItem, type Aws } from '../aws.ts'

/** The file system of the project's creation token, with all that belongs to it. */
export async function observeFileSystem(aws: Aws, { names }: Desired): Promise<ObservedFileSystem | undefined> {
  const { efs } = aws
  const { FileSystems } = await efs.send(new DescribeFileSystemsCommand({ CreationToken: names.creationToken }))
  const found = FileSystems?.find(({ LifeCycleState }) => LifeCycleState !== 'deleted')
  const FileSystemId = found?.FileSystemId
  if (found === undefined || FileSystemId === undefined) return undefined
  // It may go away between two questions.
  return tolerate(['FileSystemNotFound'], async () => {
    const [policy, accessPoints, mountTargets] = await Promise.all([
      policyOf(aws, FileSystemId),
      everyItem(paginateDescribeAccessPoints({ client: efs }, { FileSystemId }), ({ AccessPoints }) => AccessPoints),
      everyItem(paginateDescribeMountTargets({ client: efs }, { FileSystemId }), ({ MountTargets }) => MountTargets),
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
  })
}

async function policyOf({ efs }: Aws, FileSystemId: string): Promise<unknown> {
  const answer = await tolerate(['PolicyNotFound'], () =>
    efs.send(new DescribeFileSystemPolicyCommand({ FileSystemId })),
  )
  return answer?.Policy === undefined ? undefined : (JSON.parse(answer.Policy) as unknown)
}
