import {
  CreateMountTarget$,
  DeleteMountTarget$,
  DescribeMountTargets$,
  DescribeMountTargetSecurityGroups$,
  ModifyMountTargetSecurityGroups$,
  type CreateMountTargetRequest,
  type DeleteMountTargetRequest,
  type DescribeMountTargetSecurityGroupsRequest,
  type DescribeMountTargetSecurityGroupsResponse,
  type DescribeMountTargetsRequest,
  type DescribeMountTargetsResponse,
  type ModifyMountTargetSecurityGroupsRequest,
  type MountTargetDescription,
} from '@aws-sdk/client-efs'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { createInterface, deleteInterface } from '../ec2/interfaces.ts'
import { availableFileSystem, bad, efsError, fileSystem } from './lookup.ts'
import type { MountTarget } from './state.ts'

/** Source: "Amazon EFS quotas": mount targets per VPC, 400; security groups per mount target, 5. */
const targetsPerVpc = 400
const groupsPerTarget = 5

function mountTarget(world: World, id: string): MountTarget {
  const found = world.efs.mountTargets.get(id)
  if (!found) throw efsError('MountTargetNotFound', `Mount target '${id}' does not exist.`, 404)
  return found
}

function describe(target: MountTarget): MountTargetDescription {
  const { SecurityGroups: _groups, ...shown } = target
  return shown
}

function checkGroups(world: World, groups: readonly string[], vpcId: string): void {
  if (groups.length > groupsPerTarget)
    throw efsError(
      'SecurityGroupLimitExceeded',
      `A mount target can have at most ${groupsPerTarget} security groups.`,
      400,
    )
  for (const id of groups)
    if (world.ec2.groups.get(id)?.VpcId !== vpcId)
      throw efsError('SecurityGroupNotFound', `Security group '${id}' does not exist in ${vpcId}.`, 400)
}

export const mountTargetOperations = [
  /**
   * One per file system and zone, all in one VPC, with an interface that EFS owns; the VPC's default group where none
   * is named.
   * Source: CreateMountTarget, https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
   */
  operation<CreateMountTargetRequest, MountTargetDescription>(
    CreateMountTarget$,
    ['FileSystemId', 'SubnetId', 'IpAddress', 'SecurityGroups'],
    (input, world) => {
      const { FileSystemId } = availableFileSystem(world, input.FileSystemId)
      const subnet = world.ec2.subnets.get(input.SubnetId)
      if (!subnet) throw efsError('SubnetNotFound', `The subnet ID '${input.SubnetId}' does not exist`, 400)
      const all = world.efs.mountTargets.all()
      const siblings = all.filter((target) => target.FileSystemId === FileSystemId)
      if (siblings.some((target) => target.VpcId !== subnet.VpcId))
        throw efsError(
          'MountTargetConflict',
          'requested subnet for new mount target is not in the same VPC as existing mount targets',
          409,
        )
      if (siblings.some((target) => target.AvailabilityZoneId === subnet.AvailabilityZoneId))
        throw efsError('MountTargetConflict', 'mount target already exists in this AZ', 409)
      if (all.filter((target) => target.VpcId === subnet.VpcId).length >= targetsPerVpc)
        throw efsError(
          'NetworkInterfaceLimitExceeded',
          `The VPC has its maximum of ${targetsPerVpc} mount targets.`,
          409,
        )
      const groups =
        input.SecurityGroups ??
        world.ec2.groups
          .all()
          .filter((group) => group.VpcId === subnet.VpcId && group.GroupName === 'default')
          .map((group) => group.GroupId)
      checkGroups(world, groups, subnet.VpcId)
      if (
        input.IpAddress &&
        world.ec2.interfaces
          .all()
          .some((each) => each.SubnetId === subnet.SubnetId && each.PrivateIpAddress === input.IpAddress)
      )
        throw efsError('IpAddressInUse', `The address ${input.IpAddress} is in use.`, 409)
      const id = `fsmt-${world.random.hex(17)}`
      const made = createInterface(world, {
        subnetId: subnet.SubnetId,
        groups,
        description: `EFS mount target for ${FileSystemId} (${id})`,
        madeBy: 'efs',
        address: input.IpAddress,
      })
      const target = world.efs.mountTargets.put(id, {
        MountTargetId: id,
        FileSystemId,
        SubnetId: subnet.SubnetId,
        VpcId: subnet.VpcId,
        AvailabilityZoneId: subnet.AvailabilityZoneId,
        AvailabilityZoneName: subnet.AvailabilityZone,
        OwnerId: world.account,
        IpAddress: made.PrivateIpAddress,
        NetworkInterfaceId: made.NetworkInterfaceId,
        LifeCycleState: 'creating',
        SecurityGroups: groups,
      })
      world.later('CreateMountTarget', input, world.latencies.createMountTarget, () => {
        if (world.efs.mountTargets.get(id)?.LifeCycleState === 'creating')
          world.efs.mountTargets.update(id, { LifeCycleState: 'available' })
      })
      return describe(target)
    },
  ),

  /** By exactly one of file system, mount target and access point. */
  operation<DescribeMountTargetsRequest, DescribeMountTargetsResponse>(
    DescribeMountTargets$,
    ['FileSystemId', 'MountTargetId', 'AccessPointId', 'MaxItems', 'Marker'],
    (input, world) => {
      const given = [input.FileSystemId, input.MountTargetId, input.AccessPointId].filter((each) => each !== undefined)
      if (given.length !== 1) throw bad('Exactly one of FileSystemId, MountTargetId and AccessPointId is required.')
      const systemId = input.AccessPointId
        ? world.efs.accessPoints.get(input.AccessPointId)?.FileSystemId
        : input.FileSystemId
      if (input.FileSystemId) fileSystem(world, input.FileSystemId)
      const found = world.efs.mountTargets
        .allSeen()
        .filter((target) =>
          input.MountTargetId ? target.MountTargetId === input.MountTargetId : target.FileSystemId === systemId,
        )
      if (input.MountTargetId && found.length === 0) mountTarget(world, input.MountTargetId)
      const page = paged(found, input.Marker, input.MaxItems, 100, 'BadRequest')
      return { MountTargets: page.items.map(describe), NextMarker: page.NextToken }
    },
  ),

  /** Asynchronous: the file system cannot be deleted before the target is gone. */
  operation<DeleteMountTargetRequest, object>(DeleteMountTarget$, ['MountTargetId'], (input, world) => {
    const target = mountTarget(world, input.MountTargetId)
    world.efs.mountTargets.update(target.MountTargetId, { LifeCycleState: 'deleting' })
    world.later('DeleteMountTarget', input, world.latencies.deleteMountTarget, () => {
      deleteInterface(world, target.NetworkInterfaceId!)
      world.efs.mountTargets.remove(target.MountTargetId)
    })
    return {}
  }),

  operation<DescribeMountTargetSecurityGroupsRequest, DescribeMountTargetSecurityGroupsResponse>(
    DescribeMountTargetSecurityGroups$,
    ['MountTargetId'],
    (input, world) => {
      return { SecurityGroups: [...mountTarget(world, input.MountTargetId).SecurityGroups] }
    },
  ),

  operation<ModifyMountTargetSecurityGroupsRequest, object>(
    ModifyMountTargetSecurityGroups$,
    ['MountTargetId', 'SecurityGroups'],
    (input, world) => {
      const target = mountTarget(world, input.MountTargetId)
      const groups = input.SecurityGroups ?? []
      checkGroups(world, groups, target.VpcId!)
      world.efs.mountTargets.update(target.MountTargetId, { SecurityGroups: groups })
      world.ec2.interfaces.update(target.NetworkInterfaceId!, { Groups: groups })
      return {}
    },
  ),
]
