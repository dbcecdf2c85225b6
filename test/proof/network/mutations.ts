import type { VerdictId } from '#proof/network/verdicts.ts'
import type { Templates } from './kit.ts'

/** One weakening of the demonstration templates, and what the proof must say of it. */
export interface Mutation {
  readonly name: string
  readonly change: (templates: Templates) => void
  /** every verdict that no longer holds, and no other */
  readonly breaks: readonly VerdictId[]
  /** one counterexample that must be among them: its verdict, parties, packet, and a word of its way or reason */
  readonly shows: {
    readonly verdict: VerdictId
    readonly from: RegExp
    readonly to: RegExp
    readonly packet?: RegExp
    readonly word?: RegExp
  }
}

const CELL = 'visiting-1'
const TABLE = 'AWS::EC2::TransitGatewayRouteTable'
const ROUTE = 'AWS::EC2::TransitGatewayRoute'
const ASSOCIATION = 'AWS::EC2::TransitGatewayRouteTableAssociation'
const ENTRY = 'AWS::EC2::NetworkAclEntry'
const GROUP = 'AWS::NetworkFirewall::RuleGroup'
const POLICY = 'AWS::NetworkFirewall::FirewallPolicy'
const VPN = 'AWS::EC2::VPNConnection'
const at = (id: string, attribute: string) => ({ 'Fn::GetAtt': [id, attribute] })

const vpc = (templates: Templates) => ({ Ref: templates.resource(CELL, 'AWS::EC2::VPC').id })
const desktopTable = (templates: Templates) => ({
  Ref: templates.resource(CELL, 'AWS::EC2::RouteTable', 'desktops').id,
})
const tunnels = (templates: Templates) =>
  templates.properties('link-NDB', VPN)['VpnTunnelOptionsSpecifications'] as Record<string, any>[]
const policy = (templates: Templates) => templates.properties('hub', POLICY)['FirewallPolicy'] as Record<string, any>
const rules = (templates: Templates, change: (text: string) => string, word = 'DatabaseRules00') => {
  const source = templates.properties('hub', GROUP, word)['RuleGroup'].RulesSource
  const changed = change(source.RulesString)
  if (changed === source.RulesString) throw new Error('the rules did not change')
  source.RulesString = changed
}
const entry = (templates: Templates, zone: string, direction: 'ingress' | 'egress', cidr: string, port?: number) => {
  const found = Object.values(templates.template(CELL).Resources).filter(
    ({ Type, Properties }) =>
      Type === ENTRY &&
      Properties.Egress === (direction === 'egress') &&
      Properties.CidrBlock === cidr &&
      Properties.NetworkAclId.Ref.includes(`Acl${zone}`) &&
      (port === undefined || (Properties.PortRange?.From === port && Properties.Protocol === 6)),
  )
  if (found.length !== 1) throw new Error(`${found.length} entries of ${zone} ${direction} ${cidr}`)
  return found[0].Properties as Record<string, any>
}
const allow = (
  templates: Templates,
  zone: string,
  direction: 'ingress' | 'egress',
  more: Record<string, unknown> = {},
) =>
  templates.add(CELL, `Added${zone}${direction}`, ENTRY, {
    NetworkAclId: { Ref: templates.resource(CELL, 'AWS::EC2::NetworkAcl', zone).id },
    RuleNumber: 5,
    Egress: direction === 'egress',
    Protocol: -1,
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
    ...more,
  })
const route = (
  templates: Templates,
  stack: string,
  table: 'visiting' | 'firewall' | 'databases',
  properties: Record<string, unknown>,
) =>
  templates.add(stack, `Added${table}`, ROUTE, {
    TransitGatewayRouteTableId:
      stack === 'hub'
        ? { Ref: templates.resource('hub', TABLE, table).id }
        : templates.consumed(stack, `/hub/route-table/${table}`),
    ...properties,
  })
const propagation = (
  templates: Templates,
  stack: string,
  table: 'visiting' | 'firewall' | 'databases',
  attachment: unknown,
) => {
  const parameter =
    Object.entries(templates.template(stack).Parameters ?? {}).find(
      ([, { Default }]) => Default === `/renkei/demo/hub/route-table/${table}`,
    )?.[0] ?? 'AddedTable'
  ;(templates.template(stack).Parameters ??= {})[parameter] = {
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: `/renkei/demo/hub/route-table/${table}`,
  }
  templates.add(stack, 'AddedPropagation', 'AWS::EC2::TransitGatewayRouteTablePropagation', {
    TransitGatewayRouteTableId: { Ref: parameter },
    TransitGatewayAttachmentId: attachment,
  })
}

/** Routes: the gateway, its tables, the VPCs. */
const routes: readonly Mutation[] = [
  {
    name: 'propagation of a link into the firewall table: its holder may announce any network',
    change: (templates) => propagation(templates, 'link-NDB', 'firewall', at('AttachmentD14E12C4', 'AttachmentId')),
    breaks: ['grants', 'layers'],
    shows: {
      verdict: 'grants',
      from: /desktop of P-SECOND/,
      to: /database NDB/,
      packet: /→ 172\.20\.0\.16:5432/,
      word: /announces/,
    },
  },
  {
    name: 'propagation of a link into the databases table',
    change: (templates) => propagation(templates, 'link-NDB', 'databases', at('AttachmentD14E12C4', 'AttachmentId')),
    breaks: ['databases', 'encrypted'],
    shows: { verdict: 'databases', from: /database DPC/, to: /database NDB/, word: /announces/ },
  },
  {
    name: "AWS's default association on",
    change: (templates) => {
      delete templates.properties('hub', 'AWS::EC2::TransitGateway')['DefaultRouteTableAssociation']
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /DefaultRouteTableAssociation/, to: /^$/, word: /refused/ },
  },
  {
    name: "AWS's default association and propagation on, and a cell left to them",
    change: (templates) => {
      const gateway = templates.properties('hub', 'AWS::EC2::TransitGateway')
      gateway['DefaultRouteTablePropagation'] = 'enable'
      gateway['DefaultRouteTableAssociation'] = 'enable'
      for (const stack of ['hub', CELL, 'link-NDB', 'link-DPC', 'link-RWD1']) templates.remove(stack, ASSOCIATION)
    },
    breaks: ['databases', 'encrypted', 'grants', 'layers'],
    shows: { verdict: 'encrypted', from: /desktop of P-FIRST/, to: /database/, word: /past the firewall/ },
  },
  {
    name: 'a route swapped: the network of one database leads to another',
    change: (templates) => {
      templates.properties('link-NDB', ROUTE)['DestinationCidrBlock'] = '172.20.0.16/28'
      templates.properties('link-DPC', ROUTE)['DestinationCidrBlock'] = '172.20.0.0/28'
    },
    breaks: ['complete', 'grants'],
    shows: { verdict: 'grants', from: /desktop of P-SECOND/, to: /database NDB/, packet: /→ 172\.20\.0\.16:5432/ },
  },
  {
    name: 'a second route for the same network',
    change: (templates) =>
      route(templates, 'link-NDB', 'firewall', {
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: at('AttachmentD14E12C4', 'AttachmentId'),
      }),
    breaks: ['model'],
    shows: { verdict: 'model', from: /Addedfirewall/, to: /^$/, word: /twice/ },
  },
  {
    name: 'desktops past the firewall: a route of the visiting table to the link itself',
    change: (templates) => {
      propagation(templates, 'link-NDB', 'visiting', at('AttachmentD14E12C4', 'AttachmentId'))
      const { TransitGatewayRouteTableId } = templates.properties(
        'link-NDB',
        'AWS::EC2::TransitGatewayRouteTablePropagation',
      )
      templates.remove('link-NDB', 'AWS::EC2::TransitGatewayRouteTablePropagation')
      templates.add('link-NDB', 'AddedRoute', ROUTE, {
        TransitGatewayRouteTableId,
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: at('AttachmentD14E12C4', 'AttachmentId'),
      })
    },
    breaks: ['complete', 'encrypted', 'layers'],
    shows: {
      verdict: 'encrypted',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /172\.20\.0\.0:5432/,
      word: /past the firewall/,
    },
  },
  {
    name: 'a missing return route: the databases table does not know the desktops',
    change: (templates) => templates.remove(CELL, ROUTE, 'DatabasesToFirewall'),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /answer does not come back/ },
  },
  {
    name: 'a missing route back from the firewall to the desktops',
    change: (templates) => templates.remove(CELL, ROUTE, 'FirewallToDesktops'),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database RWD1/, word: /answer does not come back/ },
  },
  {
    name: 'a missing route from the firewall to one database',
    change: (templates) => templates.remove('link-NDB', ROUTE),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /blackhole/ },
  },
  {
    name: "a missing association of a database's link",
    change: (templates) => templates.remove('link-NDB', ASSOCIATION),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /answer does not come back/ },
  },
  {
    name: 'a second association of an attachment',
    change: (templates) =>
      templates.add(CELL, 'AddedAssociation', ASSOCIATION, {
        ...templates.properties(CELL, ASSOCIATION),
        TransitGatewayRouteTableId: templates.consumed(CELL, '/hub/route-table/firewall'),
      }),
    breaks: ['model'],
    shows: { verdict: 'model', from: /AddedAssociation/, to: /^$/, word: /two route tables/ },
  },
  {
    name: 'a cell associated with the firewall table: past the firewall',
    change: (templates) => {
      templates.properties(CELL, ASSOCIATION)['TransitGatewayRouteTableId'] = templates.consumed(
        CELL,
        '/hub/route-table/firewall',
      )
    },
    breaks: ['complete', 'encrypted', 'layers'],
    shows: { verdict: 'encrypted', from: /desktop of P-FIRST/, to: /database NDB/, word: /past the firewall/ },
  },
  {
    name: 'a link associated with the firewall table: database to database, and to desktops past the firewall',
    change: (templates) => {
      const parameters = templates.template('link-NDB').Parameters!
      Object.values(parameters).find(({ Default }) => Default.endsWith('/route-table/databases')).Default =
        '/renkei/demo/hub/route-table/firewall'
    },
    breaks: ['complete', 'databases', 'encrypted', 'layers'],
    shows: { verdict: 'databases', from: /database NDB/, to: /database DPC/, word: /nothing intends/ },
  },
  {
    name: 'a database route: from the databases table to another link',
    change: (templates) =>
      route(templates, 'link-NDB', 'databases', {
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: at('AttachmentD14E12C4', 'AttachmentId'),
      }),
    breaks: ['databases', 'encrypted'],
    shows: { verdict: 'databases', from: /database DPC/, to: /database NDB/, packet: /→ 172\.20\.0\.0/ },
  },
  {
    name: 'a default route of the databases table to the firewall: only its rules are left between databases',
    change: (templates) =>
      route(templates, 'hub', 'databases', {
        DestinationCidrBlock: '0.0.0.0/0',
        TransitGatewayAttachmentId: at('FirewallE7948B04', 'TransitGatewayAttachmentId'),
      }),
    breaks: ['databases', 'layers'],
    shows: {
      verdict: 'databases',
      from: /database NDB/,
      to: /database DPC/,
      packet: /tcp 172\.24\..* → 172\.20\.0\.16:5432/,
    },
  },
  {
    name: 'the whole world routed from desktops to the gateway',
    change: (templates) => {
      templates.properties(CELL, 'AWS::EC2::Route')['DestinationCidrBlock'] = '0.0.0.0/0'
    },
    breaks: [],
    shows: { verdict: 'model', from: /^$/, to: /^$/ },
  },
  {
    name: 'an Internet gateway with a route from the desktops: one layer is left before the controllers',
    change: (templates) => {
      templates.add(CELL, 'Igw', 'AWS::EC2::InternetGateway', {})
      templates.add(CELL, 'IgwAttachment', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId: vpc(templates),
        InternetGatewayId: { Ref: 'Igw' },
      })
      templates.add(CELL, 'IgwRoute', 'AWS::EC2::Route', {
        RouteTableId: desktopTable(templates),
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
      templates.add(CELL, 'Igw', 'AWS::EC2::InternetGateway', {})
      templates.add(CELL, 'IgwAttachment', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId: vpc(templates),
        InternetGatewayId: { Ref: 'Igw' },
      })
      templates.add(CELL, 'IgwRoute', 'AWS::EC2::Route', {
        RouteTableId: desktopTable(templates),
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
        RouteTableId: { Ref: templates.resource(CELL, 'AWS::EC2::RouteTable', 'directory').id },
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
        VpcId: vpc(templates),
        PeerVpcId: 'vpc-0123456789abcdef0',
      })
      templates.add(CELL, 'PeeringRoute', 'AWS::EC2::Route', {
        RouteTableId: { Ref: templates.resource(CELL, 'AWS::EC2::RouteTable', 'directory').id },
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
        VpcId: vpc(templates),
        ServiceName: 'com.amazonaws.ap-northeast-1.s3',
        RouteTableIds: [{ Ref: templates.resource(CELL, 'AWS::EC2::RouteTable', 'directory').id }],
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
        VpcId: vpc(templates),
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '172.24.0.0/16' }],
        SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '127.0.0.1/32' }],
      })
      templates.add(CELL, 'Endpoint', 'AWS::EC2::VPCEndpoint', {
        VpcId: vpc(templates),
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.ap-northeast-1.ssm',
        SubnetIds: [{ Ref: templates.resource(CELL, 'AWS::EC2::Subnet', 'directoryapne1az1').id }],
        SecurityGroupIds: [at('EndpointGroup', 'GroupId')],
      })
    },
    breaks: ['layers', 'rest'],
    shows: { verdict: 'rest', from: /controllers/, to: /endpoint visiting-1\/Endpoint/, packet: /:443$/ },
  },
]

/** The firewall. */
const firewall: readonly Mutation[] = [
  {
    name: "one rule widened by one port: the project's group is the only layer left on it",
    change: (templates) => rules(templates, (text) => text.replaceAll('172.20.0.0/28 5432', '172.20.0.0/28 5432:5433')),
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /172\.20\.0\.0:5433/,
      word: /only the source group/,
    },
  },
  {
    name: 'the IP sets of two databases swapped',
    change: (templates) => {
      const sets = templates.properties('hub', GROUP, 'DatabaseRules00')['RuleGroup'].ReferenceSets.IPSetReferences
      ;[sets.GRANTED_NDB, sets.GRANTED_DPC] = [sets.GRANTED_DPC, sets.GRANTED_NDB]
    },
    breaks: ['complete', 'layers'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /database NDB/, word: /no rule passes it/ },
  },
  {
    name: 'a rule for anybody instead of the granted',
    change: (templates) => rules(templates, (text) => text.replace('pass tcp @GRANTED_NDB any', 'pass tcp any any')),
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(granted\)/,
      to: /database NDB/,
      packet: /:5432$/,
      word: /only the source group/,
    },
  },
  {
    name: 'a rule in both directions: a database opens connections to desktops',
    change: (templates) =>
      rules(templates, (text) => text.replace('pass tcp @GRANTED_NDB any ->', 'pass tcp @GRANTED_NDB any <>')),
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /database NDB/, to: /desktop of P-FIRST/, word: /only the destination group/ },
  },
  {
    name: 'a rule of a protocol that this model does not read',
    change: (templates) =>
      rules(
        templates,
        (text) => `${text}\npass tls any any -> any any (tls.sni; content:"example.org"; sid:9; rev:1;)`,
      ),
    breaks: ['model'],
    shows: { verdict: 'model', from: /DatabaseRules00/, to: /^$/, word: /not in the model/ },
  },
  {
    name: 'an option that changes what a rule matches',
    change: (templates) =>
      rules(templates, (text) =>
        text.replace(
          '(msg:"renkei granted NDB"; sid:1000001;',
          '(flow:to_server; msg:"renkei granted NDB"; sid:1000001;',
        ),
      ),
    breaks: ['complete', 'model'],
    shows: { verdict: 'model', from: /DatabaseRules00/, to: /^$/, word: /flow:to_server/ },
  },
  {
    name: 'the blocked rule removed: what is suspended is held by its group alone',
    change: (templates) => {
      templates.properties('hub', GROUP, 'BlockedRules')['RuleGroup'].RulesSource.RulesString =
        'drop ip 127.0.0.1/32 any -> 127.0.0.1/32 any (sid:1; rev:1;)'
    },
    breaks: [],
    shows: { verdict: 'model', from: /^$/, to: /^$/ },
  },
  {
    name: 'the granted set of one database holds every interface of the platform',
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::ResourceGroups::Group')['ResourceQuery'].Query.TagFilters = [
        { Key: 'renkei:managed', Values: ['provisioner'] },
      ]
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(granted\)/,
      to: /database NDB/,
      word: /only the source group/,
    },
  },
  {
    name: 'the same, and the blocked rule after the passes',
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::ResourceGroups::Group')['ResourceQuery'].Query.TagFilters = [
        { Key: 'renkei:managed', Values: ['provisioner'] },
      ]
      for (const reference of policy(templates)['StatefulRuleGroupReferences'])
        if (JSON.stringify(reference.ResourceArn).includes('BlockedRules')) reference.Priority = 99
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-SECOND \(shut-off\)/,
      to: /database NDB/,
      word: /only the source group/,
    },
  },
  {
    name: "the firewall's default action passes",
    change: (templates) => {
      policy(templates)['StatefulDefaultActions'] = ['aws:alert_strict']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
  {
    name: "the firewall's default action drops established connections only",
    change: (templates) => {
      policy(templates)['StatefulDefaultActions'] = ['aws:drop_established']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /database NDB/, to: /desktop of P-FIRST/, word: /only the destination group/ },
  },
  {
    name: 'stateless rules pass everything before the others are asked',
    change: (templates) => {
      policy(templates)['StatelessDefaultActions'] = ['aws:pass']
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
  {
    name: 'a stateless rule group that passes one port',
    change: (templates) => {
      templates.add('hub', 'Stateless', GROUP, {
        Type: 'STATELESS',
        RuleGroupName: 'stateless',
        Capacity: 10,
        RuleGroup: {
          RulesSource: {
            StatelessRulesAndCustomActions: {
              StatelessRules: [
                {
                  Priority: 1,
                  RuleDefinition: {
                    Actions: ['aws:pass'],
                    MatchAttributes: { Protocols: [6], DestinationPorts: [{ FromPort: 22, ToPort: 22 }] },
                  },
                },
              ],
            },
          },
        },
      })
      policy(templates)['StatelessRuleGroupReferences'] = [
        { ResourceArn: at('Stateless', 'RuleGroupArn'), Priority: 1 },
      ]
    },
    breaks: ['layers'],
    shows: {
      verdict: 'layers',
      from: /desktop of P-FIRST/,
      to: /database NDB/,
      packet: /:22$/,
      word: /only the source group/,
    },
  },
  {
    name: 'fragments pass unseen',
    change: (templates) => {
      policy(templates)['StatelessFragmentDefaultActions'] = ['aws:pass']
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /StatelessFragmentDefaultActions/, to: /^$/, word: /fragments/ },
  },
  {
    name: 'flows go on midstream after a flush',
    change: (templates) => {
      policy(templates)['StatefulEngineOptions'].StreamExceptionPolicy = 'CONTINUE'
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /StreamExceptionPolicy/, to: /^$/, word: /midstream/ },
  },
  {
    name: 'an allow list of domains',
    change: (templates) => {
      templates.properties('hub', GROUP, 'DatabaseRules05')['RuleGroup'].RulesSource = {
        RulesSourceList: { GeneratedRulesType: 'ALLOWLIST', Targets: ['example.org'], TargetTypes: ['TLS_SNI'] },
      }
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /desktop of P-FIRST/, to: /database DPC/, word: /only the source group/ },
  },
]

/** Tunnels. */
const vpn: readonly Mutation[] = (
  [
    [
      "AWS's default tunnel options",
      (templates) => {
        delete templates.properties('link-NDB', VPN)['VpnTunnelOptionsSpecifications']
      },
      /tunnel 1: AWS's default options/,
    ],
    [
      'one tunnel specification missing',
      (templates) => {
        tunnels(templates).pop()
      },
      /tunnel 2: AWS's default options/,
    ],
    [
      'a weak Diffie-Hellman group in phase 1',
      (templates) => {
        tunnels(templates)[1]!['Phase1DHGroupNumbers'].push({ Value: 2 })
      },
      /tunnel 2: Phase1DHGroupNumbers offers 2/,
    ],
    [
      'group 14 in phase 2',
      (templates) => {
        tunnels(templates)[0]!['Phase2DHGroupNumbers'] = [{ Value: 14 }]
      },
      /tunnel 1: Phase2DHGroupNumbers offers 14/,
    ],
    [
      'IKEv1 beside IKEv2',
      (templates) => {
        tunnels(templates)[0]!['IKEVersions'].push({ Value: 'ikev1' })
      },
      /offers ikev1/,
    ],
    [
      'SHA-1',
      (templates) => {
        tunnels(templates)[0]!['Phase1IntegrityAlgorithms'] = [{ Value: 'SHA1' }]
      },
      /offers SHA1/,
    ],
    [
      'AES-CBC',
      (templates) => {
        tunnels(templates)[1]!['Phase2EncryptionAlgorithms'].push({ Value: 'AES256' })
      },
      /offers AES256/,
    ],
    [
      'a list of one phase left to AWS',
      (templates) => {
        delete tunnels(templates)[1]!['Phase2EncryptionAlgorithms']
      },
      /tunnel 2: Phase2EncryptionAlgorithms is left to AWS/,
    ],
  ] as readonly (readonly [string, Mutation['change'], RegExp])[]
).map(([name, change, word]): Mutation => ({
  name,
  change,
  breaks: ['encrypted'],
  shows: { verdict: 'encrypted', from: /desktop of P-FIRST/, to: /database NDB/, packet: /:5432$/, word },
}))

const peers: readonly Mutation[] = [
  {
    name: "a customer gateway at nobody's address",
    change: (templates) => {
      templates.properties('link-NDB', 'AWS::EC2::CustomerGateway')['IpAddress'] = '198.51.100.99'
    },
    breaks: ['complete', 'internet', 'layers'],
    shows: {
      verdict: 'internet',
      from: /desktop of P-FIRST/,
      to: /unknown peer 198\.51\.100\.99/,
      packet: /172\.20\.0\.0:5432/,
    },
  },
]

/** Groups, ACLs and names in a cell. */
const cell: readonly Mutation[] = [
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
    shows: { verdict: 'model', from: /^$/, to: /^$/ },
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
  {
    name: 'a subnet left on the default ACL: controllers meet the Internet only by routes',
    change: (templates) => templates.remove(CELL, 'AWS::EC2::SubnetNetworkAclAssociation', 'directoryapne1az1'),
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /controllers/, to: /Internet/, word: /only the routes/ },
  },
  {
    name: 'an ACL entry that denies is put before all others',
    change: (templates) => allow(templates, 'storage', 'ingress', { RuleAction: 'deny' }),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /store of P-FIRST/, word: /no entry allows it/ },
  },
  {
    name: 'an ACL that does not let answers out',
    change: (templates) => {
      entry(templates, 'storage', 'egress', '172.24.0.0/17')['PortRange'] = { From: 32_768, To: 60_998 }
    },
    breaks: ['complete'],
    shows: {
      verdict: 'complete',
      from: /desktop of P-FIRST/,
      to: /store of P-FIRST/,
      packet: /:60999 /,
      word: /answer does not come back/,
    },
  },
  {
    name: 'an ACL that lets answers to more ports: connections from ports nobody intends',
    change: (templates) => {
      entry(templates, 'storage', 'egress', '172.24.0.0/17')['PortRange'] = { From: 1024, To: 65_535 }
      entry(templates, 'desktops', 'ingress', '172.24.128.0/19')['PortRange'] = { From: 1024, To: 65_535 }
    },
    breaks: ['rest'],
    shows: {
      verdict: 'rest',
      from: /desktop of P-FIRST/,
      to: /store of P-FIRST/,
      packet: /:1024 → .*:2049$/,
      word: /source port/,
    },
  },
  {
    name: 'an ACL lets the storage zone to the directory',
    change: (templates) => {
      allow(templates, 'storage', 'egress')
      allow(templates, 'directory', 'ingress', { CidrBlock: '172.24.128.0/19' })
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /store of P-FIRST/, to: /controllers/, word: /only the source group/ },
  },
  {
    name: 'the DNS firewall lets every name through by default',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::FirewallRuleGroup')['FirewallRules'].pop()
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no rule blocks/ },
  },
  {
    name: 'the DNS firewall allows a name outside',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::FirewallDomainList', 'Allowed')['Domains'].push('example.org')
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /example\.org resolves/ },
  },
  {
    name: 'questions for the domain are sent outside',
    change: (templates) => {
      templates.properties(CELL, 'AWS::Route53Resolver::ResolverRule')['TargetIps'] = [
        { Ip: '198.51.100.53', Port: '53' },
      ]
    },
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no controller/ },
  },
  {
    name: 'the DNS firewall is not associated',
    change: (templates) => templates.remove(CELL, 'AWS::Route53Resolver::FirewallRuleGroupAssociation'),
    breaks: ['names'],
    shows: { verdict: 'names', from: /NetworkVpc/, to: /names/, word: /no rule blocks/ },
  },
]

/** What the model does not know must fail the proof. */
const unknown: readonly Mutation[] = [
  {
    name: 'a resource type nobody thought of',
    change: (templates) => templates.add('hub', 'Unknown', 'AWS::EC2::TransitGatewayPeeringAttachment', {}),
    breaks: ['model'],
    shows: { verdict: 'model', from: /hub\/Unknown/, to: /^$/, word: /not in the model/ },
  },
  {
    name: 'a property nobody thought of',
    change: (templates) => {
      templates.properties(CELL, 'AWS::EC2::VPC')['Ipv4NetmaskLength'] = 16
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /Ipv4NetmaskLength/, to: /^$/ },
  },
  {
    name: 'IPv6',
    change: (templates) =>
      templates.add(CELL, 'V6', 'AWS::EC2::VPCCidrBlock', { VpcId: vpc(templates), AmazonProvidedIpv6CidrBlock: true }),
    breaks: ['model'],
    shows: { verdict: 'model', from: /V6/, to: /^$/ },
  },
  {
    name: 'a function in a VPC',
    change: (templates) => {
      Object.values(templates.template('control').Resources).find(
        ({ Type }) => Type === 'AWS::Lambda::Function',
      ).Properties.VpcConfig = { SubnetIds: ['subnet-1'] }
    },
    breaks: ['model'],
    shows: { verdict: 'model', from: /VpcConfig/, to: /^$/ },
  },
  {
    name: 'a custom resource nobody modelled',
    change: (templates) => templates.add(CELL, 'Strange', 'Custom::Strange', {}),
    breaks: ['model'],
    shows: { verdict: 'model', from: /Strange/, to: /^$/ },
  },
  {
    name: 'a value that no stack publishes',
    change: (templates) => templates.remove('hub', 'AWS::SSM::Parameter', 'firewallattachment'),
    breaks: ['complete', 'model'],
    shows: { verdict: 'model', from: /DatabasesToFirewall/, to: /^$/, word: /firewall-attachment/ },
  },
]

export const mutations: readonly Mutation[] = [...routes, ...firewall, ...vpn, ...peers, ...cell, ...unknown]
