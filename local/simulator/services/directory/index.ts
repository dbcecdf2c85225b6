import {
  DescribeDirectories$,
  DescribeDirectoryDataAccess$,
  DisableDirectoryDataAccess$,
  EnableDirectoryDataAccess$,
  ResetUserPassword$,
  type DescribeDirectoriesRequest,
  type DescribeDirectoriesResult,
  type DescribeDirectoryDataAccessRequest,
  type DescribeDirectoryDataAccessResult,
  type DisableDirectoryDataAccessRequest,
  type EnableDirectoryDataAccessRequest,
  type ResetUserPasswordRequest,
} from '@aws-sdk/client-directory-service'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Service } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { userByName, userKey } from './lookup.ts'
import type { Directory } from './state.ts'

function active(world: World, id: string, missingCode: string): Directory {
  const directory = world.directories.directories.get(id)
  if (!directory) throw new ServiceError(missingCode, `Directory ${id} does not exist.`)
  if (directory.Stage !== 'Active')
    throw new ServiceError('DirectoryUnavailableException', `Directory ${id} is in stage ${directory.Stage}.`)
  return directory
}

/**
 * Data access goes through a transitional state; asking for the state it is in is an error
 * (DirectoryInDesiredStateException).
 */
function switchDataAccess(
  world: World,
  name: string,
  id: string,
  through: 'Enabling' | 'Disabling',
  to: 'Enabled' | 'Disabled',
): object {
  const directory = active(world, id, 'DirectoryDoesNotExistException')
  if (directory.dataAccess === to || directory.dataAccess === through)
    throw new ServiceError(
      'DirectoryInDesiredStateException',
      `Directory data access is already ${directory.dataAccess} for ${id}.`,
    )
  if (directory.dataAccess === 'Enabling' || directory.dataAccess === 'Disabling')
    throw new ServiceError('DirectoryUnavailableException', `Directory ${id} is busy: ${directory.dataAccess}.`)
  world.directories.directories.update(id, { dataAccess: through })
  world.later(name, directory, world.latencies.enableDirectoryData, () => {
    world.directories.directories.update(id, { dataAccess: to })
  })
  return {}
}

/**
 * AWS Directory Service: what the custom resource for the directory and the reconciler call.
 * Source: Directory Service API reference, https://docs.aws.amazon.com/directoryservice/latest/devguide/
 */
export const directoryService: Service = {
  id: 'directory-service',
  protocol: 'aws-json',
  target: 'DirectoryService_20150416',
  jsonVersion: '1.1',
  throttleCode: 'ThrottlingException',
  throttleStatus: 400,
  faultCode: 'ServiceException',
  operations: [
    operation<DescribeDirectoriesRequest, DescribeDirectoriesResult>(
      DescribeDirectories$,
      ['DirectoryIds', 'NextToken', 'Limit'],
      (input, world) => {
        const ids = input.DirectoryIds
        const all = world.directories.directories.allSeen()
        for (const id of ids ?? [])
          if (!all.some((directory) => directory.DirectoryId === id))
            throw new ServiceError('EntityDoesNotExistException', `Directory ${id} does not exist.`)
        const page = paged(
          all.filter((directory) => !ids?.length || ids.includes(directory.DirectoryId)),
          input.NextToken,
          input.Limit,
          100,
          'InvalidNextTokenException',
        )
        return {
          DirectoryDescriptions: page.items.map((directory) => ({
            DirectoryId: directory.DirectoryId,
            Name: directory.Name,
            ShortName: directory.ShortName,
            Alias: directory.DirectoryId,
            AccessUrl: `${directory.DirectoryId}.awsapps.com`,
            Type: 'MicrosoftAD',
            Edition: 'Standard',
            Stage: directory.Stage,
            DnsIpAddrs: [...directory.dnsAddresses],
            LaunchTime: new Date(directory.launched),
            SsoEnabled: false,
            DesiredNumberOfDomainControllers: 2,
            VpcSettings: {
              VpcId: directory.vpcId,
              SubnetIds: [...directory.subnetIds],
              SecurityGroupId: directory.securityGroupId,
              AvailabilityZones: directory.subnetIds.flatMap((id) => world.ec2.subnets.get(id)?.AvailabilityZone ?? []),
            },
          })),
          NextToken: page.NextToken,
        }
      },
    ),
    operation<EnableDirectoryDataAccessRequest, object>(
      EnableDirectoryDataAccess$,
      ['DirectoryId'],
      ({ DirectoryId }, world) =>
        switchDataAccess(world, 'EnableDirectoryDataAccess', DirectoryId, 'Enabling', 'Enabled'),
    ),
    operation<DisableDirectoryDataAccessRequest, object>(
      DisableDirectoryDataAccess$,
      ['DirectoryId'],
      ({ DirectoryId }, world) =>
        switchDataAccess(world, 'DisableDirectoryDataAccess', DirectoryId, 'Disabling', 'Disabled'),
    ),
    operation<DescribeDirectoryDataAccessRequest, DescribeDirectoryDataAccessResult>(
      DescribeDirectoryDataAccess$,
      ['DirectoryId'],
      ({ DirectoryId }, world) => {
        const directory = world.directories.directories.seen(DirectoryId)
        if (!directory)
          throw new ServiceError('DirectoryDoesNotExistException', `Directory ${DirectoryId} does not exist.`)
        return { DataAccessStatus: directory.dataAccess }
      },
    ),
    /**
     * "Disabled users will become enabled and can be authenticated following the API call" (ResetUserPassword): so this
     * is what makes a new user usable, and what would undo a suspension. Complexity: 3 of 4 character classes, at least
     * the domain's minimum of 7 (default policy of AWS Managed Microsoft AD), at most 127.
     */
    operation<ResetUserPasswordRequest, object>(
      ResetUserPassword$,
      ['DirectoryId', 'UserName', 'NewPassword'],
      ({ DirectoryId, UserName, NewPassword }, world) => {
        active(world, DirectoryId, 'EntityDoesNotExistException')
        const user = userByName(world, DirectoryId, UserName)
        if (!user) throw new ServiceError('UserDoesNotExistException', `User ${UserName} does not exist.`)
        const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((each) => each.test(NewPassword)).length
        if (classes < 3 || NewPassword.length < 7 || NewPassword.length > 127)
          throw new ServiceError(
            'InvalidPasswordException',
            'The new password does not meet the length or complexity requirements of the domain.',
          )
        world.directories.users.update(userKey(DirectoryId, UserName), {
          passwordSetAt: world.clock.now(),
          enabled: true,
        })
        return {}
      },
    ),
  ],
}
