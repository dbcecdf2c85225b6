import type { Mutation } from './mutation.ts'
import { CELL, attribute, vpcOf, tableOf, allow, addInternetGateway } from './weaken.ts'

/** Gateways, peerings and endpoints that lead out of a VPC. */
export const waysOut: readonly Mutation[] = [
  {
    name: 'an Internet gateway with a route from the desktops: one layer is left before the controllers',
    change: (templates) => {
      addInternetGateway(templates)
      templates.add(CELL, 'IgwRoute', 'AWS::EC2::Route', {
        RouteTableId: tableOf(templates, 'desktops'),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Igw' },
      })
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /^Internet/,
      to: /controllers/,
      packet: /^tcp .*:53$/,
      word: /only the network ACL/,
    },
  },
  {
    name: 'an Internet gateway, its route, and a network ACL that lets out: one layer is left',
    change: (templates) => {
      addInternetGateway(templates)
      templates.add(CELL, 'IgwRoute', 'AWS::EC2::Route', {
        RouteTableId: tableOf(templates, 'desktops'),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: { Ref: 'Igw' },
      })
      allow(templates, 'desktops', 'egress')
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /Internet/, word: /only the source group/ },
  },
  {
    name: 'a NAT gateway for the directory, whose controllers may go anywhere',
    change: (templates) => {
      templates.add(CELL, 'Nat', 'AWS::EC2::NatGateway', {
        SubnetId: { Ref: templates.resource(CELL, 'AWS::EC2::Subnet', 'attachmentapne1az1').id },
      })
      templates.add(CELL, 'NatRoute', 'AWS::EC2::Route', {
        RouteTableId: tableOf(templates, 'directory'),
        DestinationCidrBlock: '0.0.0.0/0',
        NatGatewayId: { Ref: 'Nat' },
      })
      allow(templates, 'directory', 'egress')
    },
    breaks: ['internet', 'layers'],
    shows: { verdict: 'internet', from: /controllers/, to: /Internet/, word: /NatRoute/ },
  },
  {
    name: 'a peering with a foreign VPC, routed from the directory and let through its ACL',
    change: (templates) => {
      templates.add(CELL, 'Peering', 'AWS::EC2::VPCPeeringConnection', {
        VpcId: vpcOf(templates),
        PeerVpcId: 'vpc-0123456789abcdef0',
      })
      templates.add(CELL, 'PeeringRoute', 'AWS::EC2::Route', {
        RouteTableId: tableOf(templates, 'directory'),
        DestinationCidrBlock: '10.9.0.0/16',
        VpcPeeringConnectionId: { Ref: 'Peering' },
      })
      allow(templates, 'directory', 'egress', { CidrBlock: '10.9.0.0/16' })
    },
    breaks: ['internet', 'layers'],
    shows: { verdict: 'internet', from: /controllers/, to: /Internet/, packet: /→ 10\.9\.0\.0/ },
  },
  {
    name: 'a gateway endpoint in the route table of the directory, with an ACL that lets out',
    change: (templates) => {
      templates.add(CELL, 'S3', 'AWS::EC2::VPCEndpoint', {
        VpcId: vpcOf(templates),
        ServiceName: 'com.amazonaws.ap-northeast-1.s3',
        RouteTableIds: [tableOf(templates, 'directory')],
      })
      allow(templates, 'directory', 'egress')
    },
    breaks: ['internet', 'layers'],
    shows: { verdict: 'internet', from: /controllers/, to: /Internet/, word: /S3/ },
  },
  {
    name: 'an interface endpoint among the controllers, open to its zone',
    change: (templates) => {
      templates.add(CELL, 'EndpointGroup', 'AWS::EC2::SecurityGroup', {
        GroupDescription: 'open',
        VpcId: vpcOf(templates),
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '172.24.0.0/16' }],
        SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '127.0.0.1/32' }],
      })
      templates.add(CELL, 'Endpoint', 'AWS::EC2::VPCEndpoint', {
        VpcId: vpcOf(templates),
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.ap-northeast-1.ssm',
        SubnetIds: [{ Ref: templates.resource(CELL, 'AWS::EC2::Subnet', 'directoryapne1az1').id }],
        SecurityGroupIds: [attribute('EndpointGroup', 'GroupId')],
      })
    },
    breaks: ['layers', 'rest'],
    shows: { verdict: 'rest', from: /controllers/, to: /endpoint visiting-1\/Endpoint/, packet: /:443$/ },
  },
]
