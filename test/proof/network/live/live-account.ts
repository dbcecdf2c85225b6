import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  type NetworkAcl,
} from '@aws-sdk/client-ec2'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { makeNetworkPlane } from '#local/launcher/network-plane.ts'
import type { FixedResource } from '#local/simulator/services/ec2/state.ts'
import { Simulator } from '#local/simulator/simulator.ts'
import type { World } from '#local/simulator/world.ts'
import { EXCEPTIONS_FILE, readExceptions } from '#proof/network/exceptions.ts'
import { lookAtNetwork } from '#proof/network/live/account.ts'
import { liveNetwork } from '#proof/network/live/network.ts'
import type { LiveView } from '#proof/network/live/view.ts'
import { readModel } from '#proof/network/model/read.ts'
import { proveNetwork, type ProofReport } from '#proof/network/prove.ts'
import { readStacks } from '#scripts/tools/templates.ts'
import { platform, Rig } from '#test/project/reconcile/rig.ts'
import { demoAssembly } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'
import { Templates } from '../kit.ts'

export const config = demoConfig()
export const templates = new Templates(demoAssembly())

/** The templates' network plane as the local AWS stands in for it, and a project made there by the real reconciler. */
export class LiveAccount {
  readonly rig: Rig
  readonly ec2: EC2Client
  readonly world: World
  readonly #firewall: NetworkFirewallClient
  readonly #published: ReadonlyMap<string, string>

  static async made(): Promise<LiveAccount> {
    const simulator = new Simulator()
    const plane = await makeNetworkPlane(readStacks(demoAssembly().directory), simulator)
    const common = '/renkei/demo/'.length
    const account = new LiveAccount(simulator, new Map([...plane].map(([path, value]) => [path.slice(common), value])))
    await account.rig.settle()
    return account
  }

  private constructor(simulator: Simulator, published: ReadonlyMap<string, string>) {
    this.#published = published
    this.world = simulator.world
    this.ec2 = new EC2Client(simulator.clientOptions())
    this.#firewall = new NetworkFirewallClient(simulator.clientOptions())
    simulator.seed({ bundles: [{ id: platform.bundleId }], quotas: { 'workspaces/L-34278094': 1_000 } })
    this.rig = new Rig({}, undefined, { simulator, platform: this.#platform() })
  }

  #platform() {
    const cell = {
      vpcId: this.told('visiting/1/vpc'),
      desktopSubnetIds: this.told('visiting/1/desktop-subnets').split(','),
      storageSubnetIds: this.told('visiting/1/storage-subnets').split(','),
      directoryId: this.told('visiting/1/directory'),
      membersGroupId: this.told('visiting/1/members-group'),
      quarantineGroupId: this.told('visiting/1/quarantine-group'),
    }
    const databases = ['NDB', 'RWD1'].map((id) => {
      const port = Number(this.told(`link/${id}/service-port`))
      return [id, { prefixListId: this.told(`link/${id}/prefix-list`), port }] as const
    })
    return { ...platform, cell, databases: Object.fromEntries(databases) }
  }

  /** What a stack published. */
  told(name: string): string {
    return this.#published.get(name)!
  }

  async look(): Promise<LiveView> {
    return await lookAtNetwork(this.ec2, this.#firewall, this.#published)
  }

  async prove(): Promise<ProofReport> {
    this.rig.simulator.advance(60_000)
    const { instant, project } = this.rig
    const model = readModel(templates.stacks, config, { now: instant, projects: [] })
    const { network, gaps } = liveNetwork(model, await this.look(), config, [project], instant)
    return proveNetwork({
      network,
      gaps,
      config,
      grants: { now: instant, projects: [{ project, desktops: {}, stores: [] }] },
      exceptions: readExceptions(EXCEPTIONS_FILE),
    })
  }

  /** The interface of the one desktop. */
  get desktop(): string {
    return this.world.ec2.interfaces.all().find(({ madeBy }) => madeBy === 'workspaces')!.NetworkInterfaceId
  }

  /** A subnet of the controllers. */
  get controllersAt(): string {
    return this.world.ec2.interfaces.all().find(({ madeBy }) => madeBy === 'directory-service')!.SubnetId
  }

  tableOf(subnet: string): string {
    return this.world.ec2.routeTables.all().find(({ SubnetIds }) => SubnetIds.includes(subnet))!.RouteTableId
  }

  /** The attachment of a database's connection. */
  vpn(database: string): string {
    const connection = this.told(`link/${database}/vpn-connection`)
    return this.world.ec2.attachments.all().find(({ ResourceId }) => ResourceId === connection)!
      .TransitGatewayAttachmentId
  }

  async groupNamed(name: string): Promise<string> {
    const command = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] })
    const { SecurityGroups = [] } = await this.ec2.send(command)
    return SecurityGroups[0]!.GroupId!
  }

  async letOut(GroupId: string, permission: IpPermission): Promise<void> {
    await this.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [permission] }))
  }

  async letIn(GroupId: string, permission: IpPermission): Promise<void> {
    await this.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }))
  }

  addRoute(subnet: string, cidr: string, target: string): void {
    const { routeTables } = this.world.ec2
    const table = this.tableOf(subnet)
    routeTables.update(table, {
      Routes: [...routeTables.get(table)!.Routes, { DestinationCidrBlock: cidr, target }],
    })
  }

  /** Lets everything through the ACL of a subnet, one way. */
  allow(subnet: string, Egress: boolean): void {
    const { fixed } = this.world.ec2
    const acl = fixed
      .all()
      .map(({ shape }) => shape as NetworkAcl)
      .find(({ Associations }) =>
        Associations?.some(({ SubnetId, NetworkAclId }) => NetworkAclId !== undefined && SubnetId === subnet),
      )!
    const everything = { RuleNumber: 1, RuleAction: 'allow', Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0' }
    fixed.update(acl.NetworkAclId!, { shape: { ...acl, Entries: [...acl.Entries!, everything] } })
  }

  /** Puts something into the account that no stack made; `of`: the route table that it belongs to. */
  put(kind: FixedResource['kind'], id: string, shape: object, of?: string): void {
    this.world.ec2.fixed.put(id, { id, kind, shape, ...(of === undefined ? {} : { of }) })
  }
}
