import type { Attachment, Id, TransitRoute } from './network.ts'
import { defaultTransitTable } from './aws-made.ts'
import type { Resources } from './resources.ts'

interface Transit {
  readonly associations: Record<Id, Id>
  readonly transitTables: Record<Id, { routes: TransitRoute[]; wild: Id[] }>
}

/** Route tables of Transit Gateways: who looks where, and what is there. */
export function readTransit(
  resources: Resources,
  attachments: Readonly<Record<Id, Attachment>>,
  vpcs: Readonly<Record<Id, { readonly cidrs: readonly string[] }>>,
): Transit {
  const associations: Record<Id, Id> = {}
  const transitTables: Record<Id, { routes: TransitRoute[]; wild: Id[] }> = {}
  const attachment = (value: unknown, where: string): Id | undefined => {
    if (typeof value === 'string' && value in attachments) return value
    resources.gap(where, `${JSON.stringify(value)} is no attachment of this assembly`)
    return undefined
  }
  const propagate = (table: Id, id: Id, rule: string) => {
    const found = attachments[id]!
    // A firewall's attachment has nothing to announce; the far end of a VPN announces what it likes.
    if (found.kind === 'vpn') transitTables[table]!.wild.push(id)
    if (found.kind === 'vpc')
      for (const cidr of vpcs[found.vpc]?.cidrs ?? [])
        transitTables[table]!.routes.push({ cidr, attachment: id, propagated: true, rule })
  }
  for (const { id, properties } of resources.all('AWS::EC2::TransitGatewayRouteTable')) {
    resources.named('AWS::EC2::TransitGateway', properties['TransitGatewayId'], `${id}.TransitGatewayId`)
    transitTables[id] = { routes: [], wild: [] }
  }
  for (const { id, properties } of resources.all('AWS::EC2::TransitGatewayRouteTableAssociation')) {
    const table = resources.named(
      'AWS::EC2::TransitGatewayRouteTable',
      properties['TransitGatewayRouteTableId'],
      `${id}.TransitGatewayRouteTableId`,
    )?.id
    const from = attachment(properties['TransitGatewayAttachmentId'], `${id}.TransitGatewayAttachmentId`)
    if (table === undefined || from === undefined) continue
    if (associations[from] !== undefined)
      resources.gap(
        id,
        `${from} is associated with two route tables, which the Transit Gateway refuses`,
        'leave one association',
      )
    associations[from] ??= table
  }
  for (const { id, properties } of resources.all('AWS::EC2::TransitGateway')) {
    const table = defaultTransitTable(id)
    const own = Object.entries(attachments).filter(([, { gateway }]) => gateway === id)
    // Both are on where a template does not say (EC2 API, TransitGatewayRequestOptions).
    const [associates, propagates] = ['DefaultRouteTableAssociation', 'DefaultRouteTablePropagation'].map(
      (name) => properties[name] !== 'disable',
    )
    if (associates || propagates) transitTables[table] = { routes: [], wild: [] }
    if (associates) {
      for (const [name] of own) {
        if (associations[name] !== undefined)
          resources.gap(
            `${id}.DefaultRouteTableAssociation`,
            `${name} is associated with AWS's default table and with ${associations[name]}: the second is refused`,
            'write disable',
          )
        associations[name] ??= table
      }
    }
    if (propagates) for (const [name] of own) propagate(table, name, `${id}.DefaultRouteTablePropagation`)
  }
  for (const { id, properties } of resources.all('AWS::EC2::TransitGatewayRouteTablePropagation')) {
    const table = resources.named(
      'AWS::EC2::TransitGatewayRouteTable',
      properties['TransitGatewayRouteTableId'],
      `${id}.TransitGatewayRouteTableId`,
    )?.id
    const from = attachment(properties['TransitGatewayAttachmentId'], `${id}.TransitGatewayAttachmentId`)
    if (table !== undefined && from !== undefined) propagate(table, from, id)
  }
  for (const { id, properties } of resources.all('AWS::EC2::TransitGatewayRoute')) {
    const table = resources.named(
      'AWS::EC2::TransitGatewayRouteTable',
      properties['TransitGatewayRouteTableId'],
      `${id}.TransitGatewayRouteTableId`,
    )?.id
    const cidr = resources.cidr(properties['DestinationCidrBlock'], `${id}.DestinationCidrBlock`)
    const blackhole = properties['Blackhole'] === true || properties['Blackhole'] === 'true'
    const to = blackhole
      ? undefined
      : attachment(properties['TransitGatewayAttachmentId'], `${id}.TransitGatewayAttachmentId`)
    if (table === undefined || cidr === undefined || (!blackhole && to === undefined)) continue
    const routes = transitTables[table]!.routes
    if (routes.some((route) => !route.propagated && route.cidr === cidr))
      resources.gap(id, `${cidr} is in ${table} twice`, 'leave one route')
    routes.push({ cidr, attachment: to, propagated: false, rule: id })
  }
  return { associations, transitTables }
}
