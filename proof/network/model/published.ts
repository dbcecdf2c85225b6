import type { PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import type { Links } from './links.ts'
import type { Resources } from './resources.ts'

/** What the reconciler reads at run time, from the parameters that the stacks publish; a gap where one is missing. */
export function publishedPlatform(
  config: Config,
  cell: number,
  links: Links,
  resources: Resources,
): PublishedPlatform | undefined {
  const missing: string[] = []
  const value = (name: string) => {
    const found = links.published(parameterPath(config.environment, name))
    if (typeof found !== 'string' || found.startsWith('?')) missing.push(name)
    return String(found)
  }
  const platform: PublishedPlatform = {
    environment: config.environment,
    account: config.accounts.workload,
    region: config.region,
    cell: {
      vpcId: value(parameterNames.cellVpcId(cell)),
      desktopSubnetIds: value(parameterNames.cellDesktopSubnetIds(cell)).split(','),
      storageSubnetIds: value(parameterNames.cellStorageSubnetIds(cell)).split(','),
      directoryId: value(parameterNames.cellDirectoryId(cell)),
      membersGroupId: value(parameterNames.cellMembersGroupId(cell)),
      quarantineGroupId: value(parameterNames.cellQuarantineGroupId(cell)),
    },
    bundleId: config.desktop.bundleId,
    rootVolumeGib: config.desktop.rootVolumeGib,
    userVolumeGib: config.desktop.userVolumeGib,
    databases: Object.fromEntries(
      config.databases.map(({ id }) => [
        id,
        { prefixListId: value(parameterNames.prefixListId(id)), port: Number(value(parameterNames.servicePort(id))) },
      ]),
    ),
  }
  const [first] = missing
  if (first === undefined) return platform
  const path = `/renkei/${config.environment}/${first}`
  resources.gap(path, 'no stack publishes it, so the provisioner cannot make a project')
  return undefined
}
