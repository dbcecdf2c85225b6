import { NOTHING, type Mutation } from './mutation.ts'
import { CELL, ASSOCIATION, ROUTE, attribute, linkAttachment, addRoute, propagateLink } from './weaken.ts'

/** Route tables of the Transit Gateway: what leads where, who looks into which, who announces. */
export const transit: readonly Mutation[] = [
  {
    name: 'propagation of a link into the firewall table: its holder may announce any network',
    change: (templates) => propagateLink(templates, 'firewall'),
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
    change: (templates) => propagateLink(templates, 'databases'),
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
      addRoute(templates, 'link-NDB', 'firewall', {
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: linkAttachment,
      }),
    breaks: ['model'],
    shows: { verdict: 'model', from: /Addedfirewall/, to: /^$/, word: /twice/ },
  },
  {
    name: 'desktops past the firewall: a route of the visiting table to the link itself',
    change: (templates) => {
      propagateLink(templates, 'visiting')
      const { TransitGatewayRouteTableId } = templates.properties(
        'link-NDB',
        'AWS::EC2::TransitGatewayRouteTablePropagation',
      )
      templates.remove('link-NDB', 'AWS::EC2::TransitGatewayRouteTablePropagation')
      templates.add('link-NDB', 'AddedRoute', ROUTE, {
        TransitGatewayRouteTableId,
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: linkAttachment,
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
      addRoute(templates, 'link-NDB', 'databases', {
        DestinationCidrBlock: '172.20.0.0/28',
        TransitGatewayAttachmentId: linkAttachment,
      }),
    breaks: ['databases', 'encrypted'],
    shows: { verdict: 'databases', from: /database DPC/, to: /database NDB/, packet: /→ 172\.20\.0\.0/ },
  },
  {
    name: 'a default route of the databases table to the firewall: only its rules are left between databases',
    change: (templates) =>
      addRoute(templates, 'hub', 'databases', {
        DestinationCidrBlock: '0.0.0.0/0',
        TransitGatewayAttachmentId: attribute('FirewallE7948B04', 'TransitGatewayAttachmentId'),
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
    shows: NOTHING,
  },
]
