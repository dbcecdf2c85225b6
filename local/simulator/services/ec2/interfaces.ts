import {
  DescribeNetworkInterfaces$,
  ModifyNetworkInterfaceAttribute$,
  type DescribeNetworkInterfacesRequest,
  type DescribeNetworkInterfacesResult,
  type ModifyNetworkInterfaceAttributeRequest,
  type NetworkInterface as Description,
} from '@aws-sdk/client-ec2'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { filtered } from './filters.ts'
import { paged } from '#local/simulator/paging.ts'
import { find, seen, tagList, tagsSeen } from './lookup.ts'
import type { NetworkInterface } from './state.ts'

/** Source: "Amazon VPC quotas": security groups per network interface, 5 by default. */
const groupsPerInterface = 5
/** Source: "Amazon VPC quotas": network interfaces per region, 5,000. */
const interfacesPerRegion = 5_000

export interface InterfaceRequest {
  readonly subnetId: string
  readonly groups: readonly string[]
  readonly description: string
  readonly madeBy: NetworkInterface['madeBy']
  /** the first free one where none is named */
  readonly address?: string
}

/**
 * An interface that a service puts into one of the VPC's subnets, with the first free address (the first four and the
 * last are AWS's).
 */
export function createInterface(
  world: World,
  { subnetId, groups, description, madeBy, address }: InterfaceRequest,
): NetworkInterface {
  const subnet = find(world, 'subnets', subnetId)
  const all = world.ec2.interfaces.all()
  if (all.length >= interfacesPerRegion)
    throw new ServiceError('NetworkInterfaceLimitExceeded', 'The maximum number of network interfaces has been reached')
  const used = new Set(all.filter((each) => each.SubnetId === subnetId).map((each) => each.PrivateIpAddress))
  const id = world.id('eni')
  return world.ec2.interfaces.put(id, {
    NetworkInterfaceId: id,
    SubnetId: subnetId,
    VpcId: subnet.VpcId,
    PrivateIpAddress: address ?? firstFree(subnet.CidrBlock, used),
    Groups: groups,
    Description: description,
    madeBy,
    MacAddress: `06:${world.random.hex(10).match(/../g)!.join(':')}`,
  })
}

export function deleteInterface(world: World, id: string): void {
  world.ec2.interfaces.remove(id)
  world.ec2.tags.remove(id)
}

function firstFree(cidr: string, used: ReadonlySet<string>): string {
  const [network, length] = cidr.split('/') as [string, string]
  const base = network.split('.').reduce((number, part) => number * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(length))
  for (let offset = 4; offset < size - 1; offset++) {
    const address = [24, 16, 8, 0].map((shift) => Math.floor((base + offset) / 2 ** shift) % 256).join('.')
    if (!used.has(address)) return address
  }
  throw new ServiceError('InsufficientFreeAddressesInSubnet', `The subnet ${cidr} has no free address`)
}

function describe(world: World, each: NetworkInterface): Description {
  const subnet = world.ec2.subnets.get(each.SubnetId)
  return {
    NetworkInterfaceId: each.NetworkInterfaceId,
    SubnetId: each.SubnetId,
    VpcId: each.VpcId,
    AvailabilityZone: subnet?.AvailabilityZone,
    PrivateIpAddress: each.PrivateIpAddress,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: each.PrivateIpAddress }],
    Description: each.Description,
    MacAddress: each.MacAddress,
    Status: 'in-use',
    InterfaceType: 'interface',
    OwnerId: world.account,
    RequesterManaged: each.madeBy !== 'caller',
    SourceDestCheck: true,
    Groups: each.Groups.map((GroupId) => ({ GroupId, GroupName: world.ec2.groups.get(GroupId)?.GroupName })),
    TagSet: tagList(tagsSeen(world, each.NetworkInterfaceId)),
  }
}

export const interfaceOperations = [
  operation<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult>(
    DescribeNetworkInterfaces$,
    ['NetworkInterfaceIds', 'Filters', 'MaxResults', 'NextToken'],
    (input, world) => {
      const found = filtered(
        world,
        seen(world, 'interfaces', input.NetworkInterfaceIds),
        input.Filters,
        (each) => each.NetworkInterfaceId,
        {
          'network-interface-id': (each) => each.NetworkInterfaceId,
          'subnet-id': (each) => each.SubnetId,
          'vpc-id': (each) => each.VpcId,
          'group-id': (each) => each.Groups,
          'group-name': (each) => each.Groups.map((id) => world.ec2.groups.get(id)?.GroupName ?? ''),
          'private-ip-address': (each) => each.PrivateIpAddress,
          'addresses.private-ip-address': (each) => each.PrivateIpAddress,
          description: (each) => each.Description,
          status: () => 'in-use',
          'interface-type': () => 'interface',
          'requester-managed': (each) => String(each.madeBy !== 'caller'),
          'availability-zone': (each) => world.ec2.subnets.get(each.SubnetId)?.AvailabilityZone,
        },
      )
      const page = paged(found, input.NextToken, input.MaxResults, 1_000)
      return { NetworkInterfaces: page.items.map((each) => describe(world, each)), NextToken: page.NextToken }
    },
  ),

  /**
   * Replaces the groups of an interface: the whole list, at most five, all of its VPC. Connections that are already
   * tracked go on (see `flows.ts`). A desktop's interface accepts this although WorkSpaces made it.
   * Sources: ModifyNetworkInterfaceAttribute (EC2 API reference); "Security groups for WorkSpaces Personal";
   * "Security group connection tracking",
   * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
   */
  operation<ModifyNetworkInterfaceAttributeRequest, object>(
    ModifyNetworkInterfaceAttribute$,
    ['NetworkInterfaceId', 'Groups'],
    ({ NetworkInterfaceId, Groups }, world) => {
      const target = find(world, 'interfaces', NetworkInterfaceId)
      if (!Groups || Groups.length === 0) throw new ServiceError('MissingParameter', 'No attributes specified.')
      if (target.madeBy === 'directory-service')
        throw new ServiceError('AuthFailure', 'You do not have permission to access the specified resource.')
      const groups = [...new Set(Groups)]
      for (const id of groups) {
        const group = find(world, 'groups', id)
        if (group.VpcId !== target.VpcId)
          throw new ServiceError(
            'InvalidParameterValue',
            `You have specified two resources that belong to different networks: ${id} and ${NetworkInterfaceId}`,
          )
      }
      if (groups.length > groupsPerInterface)
        throw new ServiceError(
          'SecurityGroupsPerInterfaceLimitExceeded',
          `The maximum number of security groups per interface (${groupsPerInterface}) has been reached`,
        )
      world.ec2.interfaces.update(NetworkInterfaceId, { Groups: groups })
      return {}
    },
  ),
]
