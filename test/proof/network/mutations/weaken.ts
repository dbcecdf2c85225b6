import type { Templates } from '../kit.ts'

/** The stack of the one cell of the demonstration. */
export const CELL = 'visiting-1'
export const ASSOCIATION = 'AWS::EC2::TransitGatewayRouteTableAssociation'
export const ROUTE = 'AWS::EC2::TransitGatewayRoute'
export const RULE_GROUP = 'AWS::NetworkFirewall::RuleGroup'
export const CONNECTION = 'AWS::EC2::VPNConnection'
const ACL_ENTRY = 'AWS::EC2::NetworkAclEntry'

type TransitTable = 'visiting' | 'firewall' | 'databases'
type Direction = 'ingress' | 'egress'

/** An attribute of a resource of the same stack. */
export const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] })

/** The attachment of the connection of NDB, in its own stack. */
export const linkAttachment = attribute('AttachmentD14E12C4', 'AttachmentId')

export const vpcOf = (templates: Templates) => ({ Ref: templates.resource(CELL, 'AWS::EC2::VPC').id })

/** The route table of a zone of the cell. */
export const tableOf = (templates: Templates, zone: string) => ({
  Ref: templates.resource(CELL, 'AWS::EC2::RouteTable', zone).id,
})

/** The tunnels of the connection of NDB. */
export const tunnelsOf = (templates: Templates) =>
  templates.properties('link-NDB', CONNECTION)['VpnTunnelOptionsSpecifications'] as Record<string, any>[]

export const policyOf = (templates: Templates) =>
  templates.properties('hub', 'AWS::NetworkFirewall::FirewallPolicy')['FirewallPolicy'] as Record<string, any>

/** Changes the rules that pass the granted to NDB, DPC and RWD1. Throws where nothing changed. */
export function changeRules(templates: Templates, change: (text: string) => string): void {
  const source = templates.properties('hub', RULE_GROUP, 'DatabaseRules00')['RuleGroup'].RulesSource
  const changed = change(source.RulesString)
  if (changed === source.RulesString) throw new Error('the rules did not change')
  source.RulesString = changed
}

/** The one entry of a zone's network ACL for a network. */
export function entryOf(templates: Templates, zone: string, direction: Direction, cidr: string): Record<string, any> {
  const found = Object.values(templates.template(CELL).Resources).filter(
    ({ Type, Properties }) =>
      Type === ACL_ENTRY &&
      Properties.Egress === (direction === 'egress') &&
      Properties.CidrBlock === cidr &&
      Properties.NetworkAclId.Ref.includes(`Acl${zone}`),
  )
  if (found.length !== 1) throw new Error(`${found.length} entries of ${zone} ${direction} ${cidr}`)
  return found[0].Properties
}

/** Puts an entry before all others of a zone's network ACL: everything allowed one way, or what the properties say. */
export function allow(
  templates: Templates,
  zone: string,
  direction: Direction,
  properties: Record<string, unknown> = {},
): void {
  templates.add(CELL, `Added${zone}${direction}`, ACL_ENTRY, {
    NetworkAclId: { Ref: templates.resource(CELL, 'AWS::EC2::NetworkAcl', zone).id },
    RuleNumber: 5,
    Egress: direction === 'egress',
    Protocol: -1,
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
    ...properties,
  })
}

/** Adds a route to a table of the Transit Gateway. */
export function addRoute(
  templates: Templates,
  stack: string,
  table: TransitTable,
  properties: Record<string, unknown>,
): void {
  const own = 'AWS::EC2::TransitGatewayRouteTable'
  templates.add(stack, `Added${table}`, ROUTE, {
    TransitGatewayRouteTableId:
      stack === 'hub'
        ? { Ref: templates.resource('hub', own, table).id }
        : templates.consumed(stack, `/hub/route-table/${table}`),
    ...properties,
  })
}

/** Lets the far end of NDB's connection announce what it likes into a table of the Transit Gateway. */
export function propagateLink(templates: Templates, table: TransitTable): void {
  templates.add('link-NDB', 'AddedPropagation', 'AWS::EC2::TransitGatewayRouteTablePropagation', {
    TransitGatewayRouteTableId: consume(templates, `/renkei/demo/hub/route-table/${table}`),
    TransitGatewayAttachmentId: linkAttachment,
  })
}

/** A parameter of NDB's stack for what another stack publishes; a new one where it reads no such thing yet. */
function consume(templates: Templates, path: string): { readonly Ref: string } {
  const parameters = (templates.template('link-NDB').Parameters ??= {})
  const known = Object.entries(parameters).find(([, { Default }]) => Default === path)?.[0]
  const name = known ?? 'AddedTable'
  parameters[name] = { Type: 'AWS::SSM::Parameter::Value<String>', Default: path }
  return { Ref: name }
}

/** An Internet gateway of the cell, with a route of the desktops to it. */
export function addInternetGateway(templates: Templates): void {
  templates.add(CELL, 'Igw', 'AWS::EC2::InternetGateway', {})
  templates.add(CELL, 'IgwAttachment', 'AWS::EC2::VPCGatewayAttachment', {
    VpcId: vpcOf(templates),
    InternetGatewayId: { Ref: 'Igw' },
  })
  templates.add(CELL, 'IgwRoute', 'AWS::EC2::Route', {
    RouteTableId: tableOf(templates, 'desktops'),
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: { Ref: 'Igw' },
  })
}

/** Lets the granted set of NDB hold every interface of the platform. */
export function widenGrantedSet(templates: Templates): void {
  templates.properties('link-NDB', 'AWS::ResourceGroups::Group')['ResourceQuery'].Query.TagFilters = [
    { Key: 'renkei:managed', Values: ['provisioner'] },
  ]
}
