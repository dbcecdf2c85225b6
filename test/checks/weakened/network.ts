import { add, change, dropAll, type Weakening } from './weakening.ts'

/** How packets could leave, or come in: gateways, routes, security groups, network ACLs, flow logs. */
export const network: readonly Weakening[] = [
  {
    name: 'an Internet gateway is added',
    requirement: 'NET-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_1_no_internet_gateway',
    weaken: add('AWS::EC2::InternetGateway'),
  },
  {
    name: 'an egress-only gateway is added',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_1_no_internet_gateway',
    weaken: add('AWS::EC2::EgressOnlyInternetGateway'),
  },
  {
    name: 'a NAT gateway is added',
    requirement: 'NET-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_1_no_nat',
    weaken: add('AWS::EC2::NatGateway'),
  },
  {
    name: 'a public address is added',
    requirement: 'NET-1',
    stack: 'hub',
    check: 'guard',
    rule: 'NET_1_no_nat',
    weaken: add('AWS::EC2::EIP'),
  },
  {
    name: 'a peering goes around the firewall',
    requirement: 'C-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'C_1_no_vpc_peering',
    weaken: add('AWS::EC2::VPCPeeringConnection'),
  },
  {
    name: 'a subnet gives public addresses',
    requirement: 'NET-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_1_no_public_subnet',
    weaken: change('AWS::EC2::Subnet', (subnet) => {
      subnet['MapPublicIpOnLaunch'] = true
    }),
  },
  {
    name: 'desktops get a default route',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_no_default_route',
    weaken: change('AWS::EC2::Route', (route) => {
      route['DestinationCidrBlock'] = '0.0.0.0/0'
    }),
  },
  {
    name: 'desktops get an IPv6 route',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_no_default_route',
    weaken: change('AWS::EC2::Route', (route) => {
      delete route['DestinationCidrBlock']
      route['DestinationIpv6CidrBlock'] = '::/0'
    }),
  },
  {
    name: 'a security group is open to everyone',
    requirement: 'ARC-3',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'ARC_3_no_open_ingress',
    weaken: change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupIngress'] = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }]
    }),
  },
  {
    name: 'a security group lets everything out',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_no_open_egress',
    weaken: change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupEgress'] = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }]
    }),
  },
  {
    name: "a security group keeps EC2's default egress",
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_egress_written_out',
    weaken: change('AWS::EC2::SecurityGroup', (group) => {
      delete group['SecurityGroupEgress']
    }),
  },
  {
    name: 'a rule of its own opens a group to everyone',
    requirement: 'ARC-3',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'ARC_3_no_open_ingress_rule',
    weaken: add('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'one',
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '0.0.0.0/0',
    }),
  },
  {
    name: 'a rule of its own lets desktops out',
    requirement: 'NET-4',
    stack: 'runtime',
    check: 'guard',
    rule: 'NET_4_no_open_egress_rule',
    weaken: add('AWS::EC2::SecurityGroupEgress', { GroupId: 'one', IpProtocol: '-1', CidrIp: '172.20.0.0/20' }),
  },
  {
    name: 'the Transit Gateway does not log flows',
    requirement: 'LOG-1',
    stack: 'hub',
    check: 'guard',
    rule: 'LOG_1_gateway_has_flow_logs',
    weaken: (template) => {
      for (const [id, { Type, Properties }] of Object.entries(template.Resources))
        if (Type === 'AWS::EC2::FlowLog' && Properties['ResourceType'] === 'TransitGateway')
          delete template.Resources[id]
    },
  },
  {
    name: 'a network ACL allows everyone',
    requirement: 'ARC-3',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'ARC_3_no_acl_for_everyone',
    weaken: change('AWS::EC2::NetworkAclEntry', (entry) => {
      entry['CidrBlock'] = '0.0.0.0/0'
    }),
  },
  {
    name: 'the flow log is dropped',
    requirement: 'LOG-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'LOG_1_every_vpc_has_flow_logs',
    weaken: (template) => dropAll(template, 'AWS::EC2::FlowLog'),
  },
  {
    name: 'the flow log leaves out what is refused',
    requirement: 'LOG-1',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'LOG_1_every_vpc_has_flow_logs',
    weaken: change('AWS::EC2::FlowLog', (log) => {
      log['TrafficType'] = 'ACCEPT'
    }),
  },
  {
    name: 'default propagation is on',
    requirement: 'ARC-3',
    stack: 'hub',
    check: 'guard',
    rule: 'ARC_3_gateway_routes_nothing_by_default',
    weaken: change('AWS::EC2::TransitGateway', (gateway) => {
      gateway['DefaultRouteTablePropagation'] = 'enable'
    }),
  },
  {
    name: 'default association is left to AWS',
    requirement: 'ARC-3',
    stack: 'hub',
    check: 'guard',
    rule: 'ARC_3_gateway_routes_nothing_by_default',
    weaken: change('AWS::EC2::TransitGateway', (gateway) => {
      delete gateway['DefaultRouteTableAssociation']
    }),
  },
  {
    name: 'a database may announce routes',
    requirement: 'C-1',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'C_1_no_propagation',
    weaken: add('AWS::EC2::TransitGatewayRouteTablePropagation', {
      TransitGatewayAttachmentId: 'a',
      TransitGatewayRouteTableId: 'b',
    }),
  },
]
