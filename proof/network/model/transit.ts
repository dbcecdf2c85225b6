import type { Attachment, Id, TransitRoute } from './network.ts'
import { defaultTransitTable } from './aws-made.ts'
import type { Resource, Resources } from './resources.ts'

const TABLE = 'AWS::EC2::TransitGatewayRouteTable'

interface Transit {
  readonly associations: Record<Id, Id>
  readonly transitTables: Record<Id, { readonly routes: TransitRoute[]; readonly wild: Id[] }>
}

type Vpcs = Readonly<Record<Id, { readonly cidrs: readonly string[] }>>

/** Route tables of Transit Gateways: which attachment looks where, and what is there. */
export const readTransit = (resources: Resources, attachments: Readonly<Record<Id, Attachment>>, vpcs: Vpcs): Transit =>
  new TransitReader(resources, attachments, vpcs).read()

class TransitReader {
  readonly #associations: Record<Id, Id> = {}
  readonly #tables: Record<Id, { readonly routes: TransitRoute[]; readonly wild: Id[] }> = {}
  readonly #resources: Resources
  readonly #attachments: Readonly<Record<Id, Attachment>>
  readonly #vpcs: Vpcs

  constructor(resources: Resources, attachments: Readonly<Record<Id, Attachment>>, vpcs: Vpcs) {
    this.#resources = resources
    this.#attachments = attachments
    this.#vpcs = vpcs
  }

  read(): Transit {
    const resources = this.#resources
    for (const { id, properties } of resources.all(TABLE)) {
      resources.named('AWS::EC2::TransitGateway', properties['TransitGatewayId'], `${id}.TransitGatewayId`)
      this.#tables[id] = { routes: [], wild: [] }
    }
    for (const each of resources.all('AWS::EC2::TransitGatewayRouteTableAssociation')) this.#association(each)
    for (const each of resources.all('AWS::EC2::TransitGateway')) this.#defaults(each)
    for (const each of resources.all('AWS::EC2::TransitGatewayRouteTablePropagation')) this.#propagation(each)
    for (const each of resources.all('AWS::EC2::TransitGatewayRoute')) this.#route(each)
    return { associations: this.#associations, transitTables: this.#tables }
  }

  #association(resource: Resource): void {
    const { id } = resource
    const table = this.#table(resource)
    const attachment = this.#attachment(resource)
    if (table === undefined || attachment === undefined) return
    if (this.#associations[attachment] !== undefined)
      this.#resources.gap(
        id,
        `${attachment} is associated with two route tables, which the Transit Gateway refuses`,
        'leave one association',
      )
    this.#associations[attachment] ??= table
  }

  /** The table that AWS makes where default association or propagation is on, and what is in it. */
  #defaults({ id, properties }: Resource): void {
    const table = defaultTransitTable(id)
    const own = Object.keys(this.#attachments).filter((name) => this.#attachments[name]!.gateway === id)
    // Both are on where a template does not say (EC2 API, TransitGatewayRequestOptions).
    const associates = properties['DefaultRouteTableAssociation'] !== 'disable'
    const propagates = properties['DefaultRouteTablePropagation'] !== 'disable'
    if (associates || propagates) this.#tables[table] = { routes: [], wild: [] }
    if (associates) for (const attachment of own) this.#associateByDefault(attachment, table, id)
    if (propagates)
      for (const attachment of own) this.#propagate(table, attachment, `${id}.DefaultRouteTablePropagation`)
  }

  #associateByDefault(attachment: Id, table: Id, gateway: Id): void {
    const known = this.#associations[attachment]
    if (known !== undefined)
      this.#resources.gap(
        `${gateway}.DefaultRouteTableAssociation`,
        `${attachment} is associated with AWS's default table and with ${known}: the second is refused`,
        'write disable',
      )
    this.#associations[attachment] ??= table
  }

  #propagation(resource: Resource): void {
    const table = this.#table(resource)
    const attachment = this.#attachment(resource)
    if (table !== undefined && attachment !== undefined) this.#propagate(table, attachment, resource.id)
  }

  /** A firewall's attachment has nothing to announce; the far end of a VPN announces what it likes. */
  #propagate(table: Id, attachment: Id, rule: string): void {
    const { routes, wild } = this.#tables[table]!
    const found = this.#attachments[attachment]!
    if (found.kind === 'vpn') wild.push(attachment)
    if (found.kind === 'vpc')
      for (const cidr of this.#vpcs[found.vpc]?.cidrs ?? []) routes.push({ cidr, attachment, propagated: true, rule })
  }

  #route(resource: Resource): void {
    const { id, properties } = resource
    const table = this.#table(resource)
    const cidr = this.#resources.cidr(properties['DestinationCidrBlock'], `${id}.DestinationCidrBlock`)
    const blackhole = properties['Blackhole'] === true || properties['Blackhole'] === 'true'
    const attachment = blackhole ? undefined : this.#attachment(resource)
    if (table === undefined || cidr === undefined || (!blackhole && attachment === undefined)) return
    const { routes } = this.#tables[table]!
    if (routes.some((route) => !route.propagated && route.cidr === cidr))
      this.#resources.gap(id, `${cidr} is in ${table} twice`, 'leave one route')
    routes.push({ cidr, attachment, propagated: false, rule: id })
  }

  #table({ id, properties }: Resource): Id | undefined {
    return this.#resources.named(TABLE, properties['TransitGatewayRouteTableId'], `${id}.TransitGatewayRouteTableId`)
      ?.id
  }

  #attachment({ id, properties }: Resource): Id | undefined {
    const value: unknown = properties['TransitGatewayAttachmentId']
    if (typeof value === 'string' && value in this.#attachments) return value
    const path = `${id}.TransitGatewayAttachmentId`
    this.#resources.gap(path, `${JSON.stringify(value)} is no attachment of this assembly`)
    return undefined
  }
}
