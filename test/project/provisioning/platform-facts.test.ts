import { expect, test } from '@jest/globals'
import { factNames } from '#lambda/project/provisioning/published-platform.ts'
import { parameterNames } from '#lib/kernel/parameters.ts'

test('[CON-2] the provisioner reads exactly the parameters that the stacks publish', () => {
  expect([
    factNames.vpcId(3),
    factNames.desktopSubnetIds(3),
    factNames.storageSubnetIds(3),
    factNames.directoryId(3),
    factNames.membersGroupId(3),
    factNames.quarantineGroupId(3),
  ]).toEqual([
    parameterNames.cellVpcId(3),
    parameterNames.cellDesktopSubnetIds(3),
    parameterNames.cellStorageSubnetIds(3),
    parameterNames.cellDirectoryId(3),
    parameterNames.cellMembersGroupId(3),
    parameterNames.cellQuarantineGroupId(3),
  ])
  expect([factNames.prefixListId('NDB'), factNames.servicePort('NDB')]).toEqual([
    parameterNames.prefixListId('NDB'),
    parameterNames.servicePort('NDB'),
  ])
})
