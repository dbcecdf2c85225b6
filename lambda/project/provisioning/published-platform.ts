import type { SSMClient } from '@aws-sdk/client-ssm'
import type { PublishedLink, PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import type { Project } from '#domain/project/state.ts'
import { parametersOf } from '#lambda/kernel/published-parameters.ts'

/** What the function itself was given at deploy time. */
export interface Deployment {
  readonly environment: string
  readonly account: string
  readonly region: string
  readonly bundleId: string
  readonly rootVolumeGib: number
  readonly userVolumeGib: number
}

/**
 * What the platform offers a project. Throws where its cell is not deployed; a database that is not linked is left out.
 */
export async function publishedPlatform(
  ssm: SSMClient,
  deployment: Deployment,
  { cell, databases }: Pick<Project, 'cell' | 'databases'>,
): Promise<PublishedPlatform> {
  const path = (name: string) => parameterPath(deployment.environment, name)
  const cellNames = [
    parameterNames.cellVpcId,
    parameterNames.cellDesktopSubnetIds,
    parameterNames.cellStorageSubnetIds,
    parameterNames.cellDirectoryId,
    parameterNames.cellMembersGroupId,
    parameterNames.cellQuarantineGroupId,
  ].map((name) => path(name(cell)))
  const linkNames = databases.flatMap((database) => [
    path(parameterNames.prefixListId(database)),
    path(parameterNames.servicePort(database)),
  ])
  const values = await parametersOf(ssm, [...cellNames, ...linkNames])
  const missing = cellNames.filter((name) => !values.has(name))
  if (missing.length > 0)
    throw new Error(`cell ${cell} is not ready: SSM has no ${missing.join(', ')}; deploy the stack visiting-${cell}`)
  const value = (name: string) => values.get(path(name)) ?? ''
  const list = (name: string) => value(name).split(',')
  return {
    ...deployment,
    cell: {
      vpcId: value(parameterNames.cellVpcId(cell)),
      desktopSubnetIds: list(parameterNames.cellDesktopSubnetIds(cell)),
      storageSubnetIds: list(parameterNames.cellStorageSubnetIds(cell)),
      directoryId: value(parameterNames.cellDirectoryId(cell)),
      membersGroupId: value(parameterNames.cellMembersGroupId(cell)),
      quarantineGroupId: value(parameterNames.cellQuarantineGroupId(cell)),
    },
    databases: Object.fromEntries(
      databases.flatMap((database): [string, PublishedLink][] => {
        const prefixListId = value(parameterNames.prefixListId(database))
        const port = Number(value(parameterNames.servicePort(database)))
        return prefixListId === '' || !Number.isInteger(port) || port === 0 ? [] : [[database, { prefixListId, port }]]
      }),
    ),
  }
}
