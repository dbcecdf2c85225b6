import {
  DeregisterWorkspaceDirectory$,
  DescribeWorkspaceDirectories$,
  RegisterWorkspaceDirectory$,
  type DeregisterWorkspaceDirectoryRequest,
  type DescribeWorkspaceDirectoriesRequest,
  type DescribeWorkspaceDirectoriesResult,
  type RegisterWorkspaceDirectoryRequest,
  type RegisterWorkspaceDirectoryResult,
} from '@aws-sdk/client-workspaces'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { createGroup, deleteGroup } from '../ec2/security-groups.ts'
import { paged } from '#local/simulator/paging.ts'
import { invalid, registered, resourceNotFound } from './lookup.ts'
import { setWorkspaceTags } from './tags.ts'

/** The zones of Tokyo that WorkSpaces works in. Source: "Availability Zones for WorkSpaces Personal". */
const supportedZones: Readonly<Record<string, readonly string[]>> = { 'ap-northeast-1': ['apne1-az1', 'apne1-az4'] }

/**
 * Two subnets of the directory's VPC, in two supported zones.
 * Source: "Configure a VPC for WorkSpaces Personal",
 * https://docs.aws.amazon.com/workspaces/latest/adminguide/amazon-workspaces-vpc.html
 */
function checkNetwork(world: World, subnetIds: readonly string[], vpcId: string): void {
  const unsupported = (message: string) => new ServiceError('UnsupportedNetworkConfigurationException', message)
  if (subnetIds.length !== 2) throw invalid('Exactly two subnet ids are required.')
  const subnets = subnetIds.map((id) => {
    const subnet = world.ec2.subnets.get(id)
    if (!subnet) throw invalid(`The subnet ${id} does not exist.`)
    if (subnet.VpcId !== vpcId) throw unsupported(`The subnet ${id} is not in the VPC of the directory.`)
    return subnet
  })
  const zones = supportedZones[world.region]
  for (const { SubnetId, AvailabilityZoneId } of subnets) {
    if (zones && !zones.includes(AvailabilityZoneId))
      throw unsupported(`The zone ${AvailabilityZoneId} of ${SubnetId} is not supported.`)
  }
  if (subnets[0]!.AvailabilityZoneId === subnets[1]!.AvailabilityZoneId)
    throw unsupported('The subnets must be in different Availability Zones.')
}

export const directoryOperations = [
  /**
   * Needs the role `workspaces_DefaultRole`; makes the group `<directory id>_workspacesMembers` with all egress open,
   * which sits on every desktop of the directory; users are local administrators by default.
   * Sources: RegisterWorkspaceDirectory (WorkSpaces API reference); "Security groups for WorkSpaces Personal";
   * "Create the workspaces_DefaultRole Role"; "Update directory details for WorkSpaces Personal".
   */
  operation<RegisterWorkspaceDirectoryRequest, RegisterWorkspaceDirectoryResult>(
    RegisterWorkspaceDirectory$,
    ['DirectoryId', 'SubnetIds', 'EnableSelfService', 'Tenancy', 'Tags', 'WorkspaceType', 'UserIdentityType'],
    (input, world) => {
      const id = input.DirectoryId
      if (!id) throw invalid('DirectoryId is required for a directory of AWS Directory Service.')
      if ((input.UserIdentityType ?? 'AWS_DIRECTORY_SERVICE') !== 'AWS_DIRECTORY_SERVICE')
        throw invalid('Only AWS_DIRECTORY_SERVICE is modelled as UserIdentityType.')
      if ((input.WorkspaceType ?? 'PERSONAL') !== 'PERSONAL')
        throw invalid('Only PERSONAL is modelled as WorkspaceType.')
      if (!world.workspaces.defaultRole)
        throw new ServiceError(
          'WorkspacesDefaultRoleNotFoundException',
          'The workspaces_DefaultRole role could not be found.',
        )
      const directory = world.directories.directories.get(id)
      if (!directory) throw resourceNotFound(id)
      if (directory.Stage !== 'Active')
        throw new ServiceError('InvalidResourceStateException', `The directory ${id} is in stage ${directory.Stage}.`)
      if (world.workspaces.directories.get(id))
        throw new ServiceError('ResourceAlreadyExistsException', `The directory ${id} is already registered.`)
      const subnetIds = input.SubnetIds ?? directory.subnetIds
      checkNetwork(world, subnetIds, directory.vpcId)
      if (input.Tags?.length) setWorkspaceTags(world, id, input.Tags)
      const selfService = input.EnableSelfService ? 'ENABLED' : 'DISABLED'
      world.workspaces.directories.put(id, {
        DirectoryId: id,
        DirectoryName: directory.Name,
        Alias: id,
        DirectoryType: 'SIMPLE_AD',
        RegistrationCode: `WSnrt+${world.random.text(6, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789')}`,
        SubnetIds: [...subnetIds],
        DnsIpAddresses: [...directory.dnsAddresses],
        CustomerUserName: 'Administrator',
        IamRoleId: `arn:aws:iam::${world.account}:role/workspaces_DefaultRole`,
        State: 'REGISTERING',
        Tenancy: input.Tenancy ?? 'SHARED',
        WorkspaceType: 'PERSONAL',
        UserIdentityType: 'AWS_DIRECTORY_SERVICE',
        WorkspaceCreationProperties: {
          EnableInternetAccess: false,
          UserEnabledAsLocalAdministrator: true,
          EnableMaintenanceMode: true,
        },
        WorkspaceAccessProperties: {
          DeviceTypeWindows: 'ALLOW',
          DeviceTypeOsx: 'ALLOW',
          DeviceTypeWeb: 'DENY',
          DeviceTypeIos: 'ALLOW',
          DeviceTypeAndroid: 'ALLOW',
          DeviceTypeChromeOs: 'ALLOW',
          DeviceTypeZeroClient: 'ALLOW',
          DeviceTypeLinux: 'DENY',
          DeviceTypeWorkSpacesThinClient: 'DENY',
        },
        SelfservicePermissions: {
          RestartWorkspace: 'ENABLED',
          IncreaseVolumeSize: selfService,
          ChangeComputeType: selfService,
          SwitchRunningMode: selfService,
          RebuildWorkspace: selfService,
        },
        SamlProperties: { Status: 'DISABLED', RelayStateParameterName: 'RelayState' },
        CertificateBasedAuthProperties: { Status: 'DISABLED' },
        ipGroupIds: [],
      })
      world.later('RegisterWorkspaceDirectory', input, world.latencies.registerDirectory, () => {
        const name = `${id}_workspacesMembers`
        const group =
          world.ec2.groups.all().find((each) => each.GroupName === name && each.VpcId === directory.vpcId) ??
          createGroup(world, name, 'Amazon WorkSpaces Security Group', directory.vpcId)
        world.workspaces.directories.update(id, { State: 'REGISTERED', WorkspaceSecurityGroupId: group.GroupId })
      })
      return { DirectoryId: id, State: 'REGISTERING' }
    },
  ),

  /**
   * "If any WorkSpaces are registered to this directory, you must remove them before" (DeregisterWorkspaceDirectory;
   * InvalidResourceStateException is among its errors).
   */
  operation<DeregisterWorkspaceDirectoryRequest, object>(
    DeregisterWorkspaceDirectory$,
    ['DirectoryId'],
    ({ DirectoryId: id }, world) => {
      const directory = registered(world, id)
      if (directory.State === 'DEREGISTERING') return {}
      if (world.workspaces.desktops.all().some((desktop) => desktop.DirectoryId === id)) {
        throw new ServiceError('InvalidResourceStateException', `The directory ${id} still has WorkSpaces.`)
      }
      world.workspaces.directories.update(id, { State: 'DEREGISTERING' })
      world.later('DeregisterWorkspaceDirectory', directory, world.latencies.deregisterDirectory, () => {
        if (directory.WorkspaceSecurityGroupId) deleteGroup(world, directory.WorkspaceSecurityGroupId)
        world.workspaces.directories.remove(id)
        world.workspaces.tags.remove(id)
      })
      return {}
    },
  ),

  operation<DescribeWorkspaceDirectoriesRequest, DescribeWorkspaceDirectoriesResult>(
    DescribeWorkspaceDirectories$,
    ['DirectoryIds', 'Limit', 'NextToken'],
    (input, world) => {
      const found = world.workspaces.directories
        .allSeen()
        .filter((directory) => !input.DirectoryIds || input.DirectoryIds.includes(directory.DirectoryId))
      const page = paged(found, input.NextToken, input.Limit, 25, 'InvalidParameterValuesException')
      return { Directories: page.items, NextToken: page.NextToken }
    },
  ),
]
