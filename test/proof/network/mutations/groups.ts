import { NOTHING, type Mutation } from './mutation.ts'
import { CELL, allow } from './weaken.ts'

/** Security groups of desktops and endpoints, prefix lists, and what the provisioner is told. */
export const groups: readonly Mutation[] = [
  {
    name: 'a prefix list widened to the next database',
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::EC2::PrefixList')['Entries'] = [{ Cidr: '172.20.0.0/27' }]
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database DPC/,
      packet: /172\.20\.0\.16:5432/,
      word: /only the firewall/,
    },
  },
  {
    name: 'a prefix list of another network',
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::EC2::PrefixList')['Entries'] = [{ Cidr: '172.20.1.0/28' }]
    },
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /no rule lets it out/ },
  },
  {
    name: 'the port that the provisioner is told differs',
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::SSM::Parameter', 'serviceport')['Value'] = '5433'
    },
    breaks: ['complete', 'layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /:5433$/,
      word: /only the firewall/,
    },
  },
  {
    name: 'the members group not narrowed',
    change: (templates) => {
      const { id } = templates.resource(CELL, 'Custom::RenkeiMembersGroupEgress')
      templates.properties(CELL, 'AWS::SSM::Parameter', 'membersgroup')['Value'] = {
        'Fn::GetAtt': [templates.resource(CELL, 'Custom::RenkeiWorkspaceDirectory').id, 'MembersSecurityGroupId'],
      }
      delete templates.template(CELL).Resources[id]
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database DPC/,
      packet: /172\.20\.0\.16/,
      word: /only the firewall/,
    },
  },
  {
    name: 'the members group lets out to any desktop',
    change: (templates) =>
      templates
        .properties(CELL, 'Custom::RenkeiMembersGroupEgress')
        .Egress.push({ IpProtocol: '-1', CidrIp: '172.24.0.0/17' }),
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /desktop of P-SECOND/,
      word: /only the destination group/,
    },
  },
  {
    name: "the members group lets out to the controllers' DNS, and the ACL lets it",
    change: (templates) => {
      templates
        .properties(CELL, 'Custom::RenkeiMembersGroupEgress')
        .Egress.push({ IpProtocol: 'udp', FromPort: 53, ToPort: 53, CidrIp: '172.24.160.0/21' })
      allow(templates, 'desktops', 'egress', {
        Protocol: 17,
        CidrBlock: '172.24.160.0/21',
        PortRange: { From: 53, To: 53 },
      })
      allow(templates, 'directory', 'ingress', {
        Protocol: 17,
        CidrBlock: '172.24.0.0/17',
        PortRange: { From: 53, To: 53 },
      })
    },
    breaks: ['layers', 'rest'],
    shows: { verdict: 'rest', from: /desktop of P-FIRST/, to: /controllers/, packet: /^udp .*:53$/ },
  },
  {
    name: 'a default group left as AWS makes it',
    change: (templates) => templates.remove(CELL, 'Custom::VpcRestrictDefaultSG'),
    breaks: ['layers', 'rest'],
    shows: { verdict: 'rest', from: /unplanned interface/, to: /controllers/, packet: /:88$/ },
  },
  {
    name: 'the quarantine group lets out',
    change: (templates) => {
      delete templates.properties(CELL, 'AWS::EC2::SecurityGroup', 'QuarantineGroup')['SecurityGroupEgress']
    },
    breaks: ['layers', 'rest'],
    shows: { verdict: 'rest', from: /desktop of P-SECOND \(shut-off\)/, to: /controllers/, packet: /:88$/ },
  },
  {
    name: "the Resolver endpoint's group references the desktops' group",
    change: (templates) => {
      templates.properties(CELL, 'AWS::EC2::SecurityGroup', 'EndpointGroup')['SecurityGroupIngress'] = [
        {
          IpProtocol: '-1',
          SourceSecurityGroupId: {
            'Fn::GetAtt': [templates.resource(CELL, 'Custom::RenkeiMembersGroupEgress').id, 'SecurityGroupId'],
          },
        },
      ]
    },
    breaks: [],
    shows: NOTHING,
  },
  {
    name: 'a group of nobody referenced',
    change: (templates) => {
      templates.properties(CELL, 'AWS::EC2::SecurityGroup', 'EndpointGroup')['SecurityGroupIngress'] = [
        { IpProtocol: '-1', SourceSecurityGroupId: 'sg-0123456789abcdef0' },
      ]
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /SecurityGroupIngress/, to: /^$/, word: /nowhere in this assembly/ },
  },
]
