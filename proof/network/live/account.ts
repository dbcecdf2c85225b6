import {
  DescribeCustomerGatewaysCommand,
  DescribeTransitGatewaysCommand,
  DescribeVpnConnectionsCommand,
  DescribeVpnGatewaysCommand,
  SearchTransitGatewayRoutesCommand,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeInternetGateways,
  paginateDescribeNatGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSubnets,
  paginateDescribeTransitGatewayAttachments,
  paginateDescribeTransitGatewayRouteTables,
  paginateDescribeTransitGatewayVpcAttachments,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  paginateGetTransitGatewayRouteTableAssociations,
  paginateGetTransitGatewayRouteTablePropagations,
  type EC2Client,
  type Route,
} from '@aws-sdk/client-ec2'
import {
  DescribeFirewallCommand,
  DescribeFirewallPolicyCommand,
  DescribeRuleGroupCommand,
  type NetworkFirewallClient,
} from '@aws-sdk/client-network-firewall'
import { ACCOUNT } from './compare.ts'
import { firewallAttachment, vpnAttachment } from '../model/aws-made.ts'
import { gapAt, type Gap } from '../model/network.ts'
import { parameterNames } from '#lib/kernel/parameters.ts'
import type { TemplateResource } from '#checks/template.ts'
import { entriesOf } from './prefix-lists.ts'

/** What an account describes of its network, written as resources of a template, so that the readers of templates read it too. */
interface DescribedAccount {
  readonly resources: Record<string, TemplateResource>
  readonly gaps: readonly Gap[]
}

/** Which account is read: its clients, and what the stacks published there. */
interface Place {
  readonly ec2: EC2Client
  readonly firewall: NetworkFirewallClient
  readonly published: ReadonlyMap<string, string>
}

const ref = (Ref: string | undefined) => (Ref === undefined ? undefined : { Ref })

/** Reads the cells, every other VPC on the platform's Transit Gateway, the gateway itself, its connections and its firewall. */
export async function describeAccount(place: Place): Promise<DescribedAccount> {
  const account = new Account(place)
  await account.gateway()
  await account.firewall()
  await account.transitTables()
  await account.vpcs()
  await account.tables()
  await account.acls()
  await account.doors()
  return account
}

class Account implements DescribedAccount {
  readonly resources: Record<string, TemplateResource> = {}
  readonly gaps: Gap[] = []
  readonly #place: Place
  readonly #gateway: string
  /** the VPCs that matter: the cells, and what is attached to the gateway */
  readonly #vpcs: Set<string>
  /** Transit Gateway attachment → its name in the model */
  readonly #attachments = new Map<string, unknown>()

  constructor(place: Place) {
    this.#place = place
    this.#gateway = place.published.get(parameterNames.transitGatewayId()) ?? ''
    this.#vpcs = new Set(
      [...place.published].flatMap(([name, value]) => (/^visiting\/\d+\/vpc$/.test(name) ? [value] : [])),
    )
  }

  /** The gateway, its attachments, and its connections with all that their tunnels offer. */
  async gateway(): Promise<void> {
    const { ec2: client } = this.#place
    if (this.#gateway === '') return
    const ids = { TransitGatewayIds: [this.#gateway] }
    for (const { Options = {} } of (await client.send(new DescribeTransitGatewaysCommand(ids))).TransitGateways ?? []) {
      const { AutoAcceptSharedAttachments, MulticastSupport, SecurityGroupReferencingSupport } = Options
      // Associations and propagations are read as they are, whatever made them.
      this.#put(this.#gateway, 'AWS::EC2::TransitGateway', {
        AutoAcceptSharedAttachments,
        MulticastSupport,
        SecurityGroupReferencingSupport,
        DefaultRouteTableAssociation: 'disable',
        DefaultRouteTablePropagation: 'disable',
      })
    }
    for await (const { TransitGatewayAttachments = [] } of paginateDescribeTransitGatewayAttachments(
      { client },
      { Filters: [{ Name: 'transit-gateway-id', Values: [this.#gateway] }] },
    )) {
      for (const { TransitGatewayAttachmentId: id = '', ResourceType, ResourceId = '' } of TransitGatewayAttachments)
        this.#attachments.set(id, ResourceType === 'vpn' ? vpnAttachment(`${ACCOUNT}/${ResourceId}`) : { Ref: id })
    }
    for await (const { TransitGatewayVpcAttachments = [] } of paginateDescribeTransitGatewayVpcAttachments(
      { client },
      {},
    )) {
      for (const {
        TransitGatewayAttachmentId: id = '',
        TransitGatewayId,
        VpcId = '',
        SubnetIds = [],
        Options,
        State,
      } of TransitGatewayVpcAttachments) {
        if (TransitGatewayId !== this.#gateway || gone(State)) continue
        this.#vpcs.add(VpcId)
        this.#put(id, 'AWS::EC2::TransitGatewayVpcAttachment', {
          TransitGatewayId: ref(TransitGatewayId),
          VpcId: ref(VpcId),
          SubnetIds: SubnetIds.map(ref),
          Options,
        })
      }
    }
    for (const { CustomerGatewayId = '', IpAddress, Type } of (
      await client.send(new DescribeCustomerGatewaysCommand({}))
    ).CustomerGateways ?? [])
      this.#put(CustomerGatewayId, 'AWS::EC2::CustomerGateway', { IpAddress, Type })
    for (const { VpnConnectionId = '', TransitGatewayId, CustomerGatewayId, Type, State, Options } of (
      await client.send(new DescribeVpnConnectionsCommand({}))
    ).VpnConnections ?? []) {
      if (TransitGatewayId !== this.#gateway || gone(State)) continue
      const tunnels = (Options?.TunnelOptions ?? []).map(
        ({
          IkeVersions: IKEVersions,
          Phase1EncryptionAlgorithms,
          Phase2EncryptionAlgorithms,
          Phase1IntegrityAlgorithms,
          Phase2IntegrityAlgorithms,
          Phase1DHGroupNumbers,
          Phase2DHGroupNumbers,
        }) => ({
          IKEVersions,
          Phase1EncryptionAlgorithms,
          Phase2EncryptionAlgorithms,
          Phase1IntegrityAlgorithms,
          Phase2IntegrityAlgorithms,
          Phase1DHGroupNumbers,
          Phase2DHGroupNumbers,
        }),
      )
      this.#put(VpnConnectionId, 'AWS::EC2::VPNConnection', {
        TransitGatewayId: ref(TransitGatewayId),
        CustomerGatewayId: ref(CustomerGatewayId),
        Type,
        VpnTunnelOptionsSpecifications: tunnels,
      })
    }
  }

  /** The firewall with its policy and every rule group. */
  async firewall(): Promise<void> {
    const { firewall: client, published } = this.#place
    const FirewallArn = published.get(parameterNames.firewallArn())
    if (FirewallArn === undefined) return
    const { Firewall, FirewallStatus } = await client.send(new DescribeFirewallCommand({ FirewallArn }))
    const FirewallPolicyArn = Firewall?.FirewallPolicyArn
    this.#put(FirewallArn, 'AWS::NetworkFirewall::Firewall', {
      FirewallPolicyArn: ref(FirewallPolicyArn),
      TransitGatewayId: ref(Firewall?.TransitGatewayId),
    })
    const attachment = FirewallStatus?.TransitGatewayAttachmentSyncState?.AttachmentId
    if (attachment !== undefined) this.#attachments.set(attachment, firewallAttachment(`${ACCOUNT}/${FirewallArn}`))
    if (FirewallPolicyArn === undefined) return
    const { FirewallPolicy: policy = {} } = (await client.send(
      new DescribeFirewallPolicyCommand({ FirewallPolicyArn }),
    )) as { FirewallPolicy?: Record<string, any> }
    const groups = ['StatefulRuleGroupReferences', 'StatelessRuleGroupReferences'] as const
    const named = Object.fromEntries(
      groups.map((kind) => [
        kind,
        (policy[kind] ?? []).map((each: { ResourceArn: string }) => ({ ...each, ResourceArn: ref(each.ResourceArn) })),
      ]),
    )
    this.#put(FirewallPolicyArn, 'AWS::NetworkFirewall::FirewallPolicy', { FirewallPolicy: { ...policy, ...named } })
    for (const { ResourceArn: RuleGroupArn } of groups.flatMap(
      (kind) => (policy[kind] ?? []) as { ResourceArn: string }[],
    ))
      await this.#ruleGroup(RuleGroupArn)
  }

  async #ruleGroup(RuleGroupArn: string): Promise<void> {
    const { RuleGroup, RuleGroupResponse } = await this.#place.firewall.send(
      new DescribeRuleGroupCommand({ RuleGroupArn }),
    )
    const sets = RuleGroup?.ReferenceSets?.IPSetReferences ?? {}
    const IPSetReferences: Record<string, unknown> = {}
    for (const [name, { ReferenceArn = '' }] of Object.entries(sets)) {
      const list = /:prefix-list\/(pl-\w+)$/.exec(ReferenceArn)?.[1]
      if (list !== undefined) await this.#prefixList(list)
      IPSetReferences[name] = { ReferenceArn: list === undefined ? ReferenceArn : { Ref: list } }
    }
    this.#put(RuleGroupArn, 'AWS::NetworkFirewall::RuleGroup', {
      Type: RuleGroupResponse?.Type,
      RuleGroup: { ...RuleGroup, ReferenceSets: { IPSetReferences } },
    })
  }

  async #prefixList(id: string): Promise<void> {
    this.#put(id, 'AWS::EC2::PrefixList', {
      AddressFamily: 'IPv4',
      Entries: (await entriesOf(this.#place.ec2, id)).map((Cidr) => ({ Cidr })),
    })
  }

  /** Who looks where in the gateway, who announces into what, and every static route. */
  async transitTables(): Promise<void> {
    const { ec2: client } = this.#place
    if (this.#gateway === '') return
    const tables: string[] = []
    for await (const { TransitGatewayRouteTables = [] } of paginateDescribeTransitGatewayRouteTables(
      { client },
      { Filters: [{ Name: 'transit-gateway-id', Values: [this.#gateway] }] },
    )) {
      tables.push(
        ...TransitGatewayRouteTables.flatMap(({ TransitGatewayRouteTableId }) => TransitGatewayRouteTableId ?? []),
      )
    }
    for (const id of tables) {
      this.#put(id, 'AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: ref(this.#gateway) })
      const table = { TransitGatewayRouteTableId: id }
      const one = (type: string, word: string, attachment: string) =>
        this.#put(`${id} ${word} ${attachment}`, type, {
          TransitGatewayRouteTableId: ref(id),
          TransitGatewayAttachmentId: this.#attachment(attachment),
        })
      for await (const { Associations = [] } of paginateGetTransitGatewayRouteTableAssociations({ client }, table)) {
        for (const { TransitGatewayAttachmentId = '', State } of Associations)
          if (State !== 'disassociated')
            one('AWS::EC2::TransitGatewayRouteTableAssociation', 'association of', TransitGatewayAttachmentId)
      }
      for await (const { TransitGatewayRouteTablePropagations = [] } of paginateGetTransitGatewayRouteTablePropagations(
        { client },
        table,
      )) {
        for (const { TransitGatewayAttachmentId = '', State } of TransitGatewayRouteTablePropagations)
          if (State !== 'disabled')
            one('AWS::EC2::TransitGatewayRouteTablePropagation', 'propagation of', TransitGatewayAttachmentId)
      }
      const { Routes = [], AdditionalRoutesAvailable } = await client.send(
        new SearchTransitGatewayRoutesCommand({
          ...table,
          Filters: [{ Name: 'type', Values: ['static'] }],
          MaxResults: 1_000,
        }),
      )
      if (AdditionalRoutesAvailable)
        this.gaps.push(gapAt(id, 'it has more static routes than EC2 shows', 'take away those that no template has'))
      for (const { DestinationCidrBlock, TransitGatewayAttachments = [], State } of Routes) {
        if (State === 'deleted') continue
        // A connection stands here once for each tunnel.
        const to =
          State === 'blackhole'
            ? [undefined]
            : [
                ...new Set(
                  TransitGatewayAttachments.map(({ TransitGatewayAttachmentId }) => TransitGatewayAttachmentId),
                ),
              ]
        for (const attachment of to)
          this.#put(`${id} ${DestinationCidrBlock} → ${attachment ?? 'nothing'}`, 'AWS::EC2::TransitGatewayRoute', {
            TransitGatewayRouteTableId: ref(id),
            DestinationCidrBlock,
            TransitGatewayAttachmentId: attachment && this.#attachment(attachment),
            Blackhole: attachment === undefined ? true : undefined,
          })
      }
    }
  }

  #attachment(id: string): unknown {
    return this.#attachments.get(id) ?? { Ref: id }
  }

  async vpcs(): Promise<void> {
    const { ec2: client } = this.#place
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, {})) {
      for (const { VpcId = '', CidrBlock, CidrBlockAssociationSet = [], Ipv6CidrBlockAssociationSet = [] } of Vpcs) {
        if (!this.#vpcs.has(VpcId)) continue
        // A second block, or one of IPv6, is in no reader: the proof fails at it.
        const held = CidrBlockAssociationSet.filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
        this.#put(VpcId, 'AWS::EC2::VPC', {
          CidrBlock,
          CidrBlockAssociationSet: held.length > 1 ? held : undefined,
          Ipv6CidrBlockAssociationSet,
        })
      }
    }
    for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, {})) {
      for (const {
        SubnetId = '',
        VpcId = '',
        CidrBlock,
        AvailabilityZoneId,
        MapPublicIpOnLaunch,
        AssignIpv6AddressOnCreation,
        EnableDns64,
        Ipv6Native,
      } of Subnets) {
        if (this.#vpcs.has(VpcId))
          this.#put(SubnetId, 'AWS::EC2::Subnet', {
            VpcId: ref(VpcId),
            CidrBlock,
            AvailabilityZoneId,
            MapPublicIpOnLaunch,
            AssignIpv6AddressOnCreation,
            EnableDns64,
            Ipv6Native,
          })
      }
    }
  }

  /** Route tables with every route; a subnet in none is in the main table of its VPC. */
  async tables(): Promise<void> {
    const [main, placed] = [new Map<string, string>(), new Set<string>()]
    for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client: this.#place.ec2 }, {})) {
      for (const { RouteTableId: id = '', VpcId = '', Associations = [], Routes = [] } of RouteTables) {
        if (!this.#vpcs.has(VpcId)) continue
        this.#put(id, 'AWS::EC2::RouteTable', { VpcId: ref(VpcId) })
        for (const { Main, SubnetId, GatewayId } of Associations) {
          if (Main) main.set(VpcId, id)
          else if (SubnetId !== undefined) placed.add(SubnetId)
          if (!Main)
            this.#put(`${id} of ${SubnetId ?? GatewayId}`, 'AWS::EC2::SubnetRouteTableAssociation', {
              RouteTableId: ref(id),
              SubnetId: ref(SubnetId),
              GatewayId,
            })
        }
        for (const route of Routes) await this.#route(id, route)
      }
    }
    for (const [subnet, vpc] of this.#subnets())
      if (!placed.has(subnet))
        this.#put(`main table of ${subnet}`, 'AWS::EC2::SubnetRouteTableAssociation', {
          RouteTableId: ref(main.get(vpc)),
          SubnetId: ref(subnet),
        })
  }

  async #route(
    table: string,
    {
      Origin,
      State,
      TransitGatewayId,
      VpcPeeringConnectionId,
      DestinationPrefixListId,
      InstanceOwnerId: _,
      ...route
    }: Route,
  ): Promise<void> {
    // The local route, and those of gateway endpoints, which are read as endpoints.
    if (
      (route.GatewayId === 'local' && Origin === 'CreateRouteTable') ||
      (route.GatewayId?.startsWith('vpce-') && DestinationPrefixListId !== undefined)
    )
      return
    if (DestinationPrefixListId !== undefined) await this.#prefixList(DestinationPrefixListId)
    // What is none of the targets that the model knows stays as EC2 names it, and so does a route to nothing: the proof fails at it.
    this.#put(
      `${table} ${route.DestinationCidrBlock ?? DestinationPrefixListId ?? route.DestinationIpv6CidrBlock}`,
      'AWS::EC2::Route',
      {
        ...route,
        RouteTableId: ref(table),
        TransitGatewayId: ref(TransitGatewayId),
        VpcPeeringConnectionId: ref(VpcPeeringConnectionId),
        DestinationPrefixListId: ref(DestinationPrefixListId),
        State: State === 'blackhole' ? State : undefined,
      },
    )
  }

  /** Network ACLs with every entry but the last, which denies what nothing allows. */
  async acls(): Promise<void> {
    for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client: this.#place.ec2 }, {})) {
      for (const { NetworkAclId: id = '', VpcId = '', Associations = [], Entries = [] } of NetworkAcls) {
        if (!this.#vpcs.has(VpcId)) continue
        this.#put(id, 'AWS::EC2::NetworkAcl', { VpcId: ref(VpcId) })
        for (const { SubnetId } of Associations)
          this.#put(`${id} of ${SubnetId}`, 'AWS::EC2::SubnetNetworkAclAssociation', {
            NetworkAclId: ref(id),
            SubnetId: ref(SubnetId),
          })
        for (const { RuleNumber = 0, Egress, ...entry } of Entries) {
          if (RuleNumber < LAST_ENTRY)
            this.#put(`${id} ${Egress ? 'egress' : 'ingress'} ${RuleNumber}`, 'AWS::EC2::NetworkAclEntry', {
              ...entry,
              RuleNumber,
              Egress,
              NetworkAclId: ref(id),
            })
        }
      }
    }
  }

  /** Whatever leads out of a VPC beside the Transit Gateway. Interface endpoints are seen by their interfaces. */
  async doors(): Promise<void> {
    const { ec2: client } = this.#place
    const door = (id: string, vpc: string | undefined) => {
      if (this.#vpcs.has(vpc ?? ''))
        this.#put(id, 'AWS::EC2::VPCGatewayAttachment', { VpcId: ref(vpc), InternetGatewayId: id })
    }
    const wayOut = (id: string, vpc: string | undefined) => {
      if (this.#vpcs.has(vpc ?? ''))
        this.gaps.push(
          gapAt(`${id} in ${vpc}`, 'a way out to the Internet that no configuration asks for', 'take it away'),
        )
    }
    for await (const { InternetGateways = [] } of paginateDescribeInternetGateways({ client }, {}))
      for (const { InternetGatewayId = '', Attachments = [] } of InternetGateways)
        for (const { VpcId } of Attachments) door(InternetGatewayId, VpcId)
    for (const { VpnGatewayId = '', VpcAttachments = [] } of (await client.send(new DescribeVpnGatewaysCommand({})))
      .VpnGateways ?? [])
      for (const { VpcId, State } of VpcAttachments) if (State !== 'detached') door(VpnGatewayId, VpcId)
    for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client }, {}))
      for (const { NatGatewayId = '', VpcId, State } of NatGateways) if (!gone(State)) wayOut(NatGatewayId, VpcId)
    for await (const { EgressOnlyInternetGateways = [] } of paginateDescribeEgressOnlyInternetGateways({ client }, {}))
      for (const { EgressOnlyInternetGatewayId = '', Attachments = [] } of EgressOnlyInternetGateways)
        for (const { VpcId } of Attachments) wayOut(EgressOnlyInternetGatewayId, VpcId)
    for await (const { VpcPeeringConnections = [] } of paginateDescribeVpcPeeringConnections({ client }, {})) {
      for (const { VpcPeeringConnectionId = '', RequesterVpcInfo, AccepterVpcInfo, Status } of VpcPeeringConnections) {
        const [VpcId, PeerVpcId] = [RequesterVpcInfo?.VpcId ?? '', AccepterVpcInfo?.VpcId ?? ''].map((vpc) =>
          this.#vpcs.has(vpc) ? ref(vpc) : vpc,
        )
        if (!gone(Status?.Code) && (typeof VpcId === 'object' || typeof PeerVpcId === 'object'))
          this.#put(VpcPeeringConnectionId, 'AWS::EC2::VPCPeeringConnection', { VpcId, PeerVpcId })
      }
    }
    for await (const { VpcEndpoints = [] } of paginateDescribeVpcEndpoints({ client }, {})) {
      for (const { VpcEndpointId = '', VpcEndpointType, VpcId = '', RouteTableIds = [], State } of VpcEndpoints) {
        if (this.#vpcs.has(VpcId) && VpcEndpointType === 'Gateway' && !gone(State))
          this.#put(VpcEndpointId, 'AWS::EC2::VPCEndpoint', {
            VpcId: ref(VpcId),
            VpcEndpointType,
            RouteTableIds: RouteTableIds.map(ref),
          })
      }
    }
  }

  #subnets(): (readonly [subnet: string, vpc: string])[] {
    return Object.entries(this.resources).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::EC2::Subnet' ? [[id, (Properties!['VpcId'] as { Ref: string }).Ref] as const] : [],
    )
  }

  #put(id: string, Type: string, properties: Record<string, unknown>): void {
    this.resources[id] = { Type, Properties: said(properties) as Record<string, unknown> }
  }
}

/** The number of the entry that every ACL ends with (EC2 API, NetworkAclEntry). */
const LAST_ENTRY = 32_767

const gone = (state: string | undefined) => ['deleted', 'failed', 'rejected', 'expired'].includes(state ?? '')

/** A value without members that say nothing. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== undefined && !(Array.isArray(each) && each.length === 0))
      .map(([name, each]) => [name, said(each)]),
  )
}
