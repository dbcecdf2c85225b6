import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presentedCidr } from '../../lib/config/addresses.ts'
import { zoneRange } from '../../lib/visiting/address-plan.ts'
import { productionAssembly, resourcesOf } from '../kit/assembly.ts'
import { productionConfig } from '../kit/config.ts'
import { consumed, everywhere, networkOf, publishedAs, transitRoutes } from './network.ts'

const config = productionConfig()
const templates = networkOf(productionAssembly())
const hub = templates.get('hub')!

test('[NET-1] the Transit Gateway associates, propagates and accepts nothing by itself', () => {
  const [, { Properties }] = resourcesOf(hub, 'AWS::EC2::TransitGateway')[0]!
  assert.equal(Properties.DefaultRouteTableAssociation, 'disable')
  assert.equal(Properties.DefaultRouteTablePropagation, 'disable')
  assert.equal(Properties.AutoAcceptSharedAttachments, 'disable')
  assert.equal(Properties.SecurityGroupReferencingSupport, 'disable')
})

test('[C-1] no stack propagates a route: nothing that a database announces becomes one', () => {
  assert.deepEqual(everywhere(templates, 'AWS::EC2::TransitGatewayRouteTablePropagation'), [])
  assert.deepEqual(everywhere(templates, 'AWS::EC2::GatewayRouteTableAssociation'), [])
  assert.deepEqual(everywhere(templates, 'AWS::EC2::VPNConnectionRoute'), [])
})

test('[ARC-3] there are three route tables, and each attachment is associated with the one of its zone', () => {
  assert.equal(resourcesOf(hub, 'AWS::EC2::TransitGatewayRouteTable').length, 3)
  const associations = everywhere(templates, 'AWS::EC2::TransitGatewayRouteTableAssociation').map(
    ({ stack, Properties }) => {
      const template = templates.get(stack)!
      return [
        stack,
        consumed(template, Properties.TransitGatewayRouteTableId) ??
          publishedAs(template, Properties.TransitGatewayRouteTableId),
      ]
    },
  )
  assert.deepEqual(Object.fromEntries(associations), {
    hub: 'hub/route-table/firewall',
    ...Object.fromEntries(config.databases.map(({ id }) => [`link-${id}`, 'hub/route-table/databases'])),
    ...Object.fromEntries(config.cells.map(({ id }) => [`visiting-${id}`, 'hub/route-table/visiting'])),
  })
  assert.equal(associations.length, 1 + config.databases.length + config.cells.length)
})

test('[C-1] a cell is led to the firewall only, with the presented block and nothing else', () => {
  assert.deepEqual(
    transitRoutes(templates).filter(({ table }) => table === 'visiting'),
    [
      {
        stack: 'hub',
        table: 'visiting',
        destination: config.network.presentedBlock,
        target: 'hub/firewall-attachment',
      },
    ],
  )
})

test('[C-1] a database is led to the firewall only, towards desktops only: between databases there is no route', () => {
  assert.deepEqual(
    transitRoutes(templates).filter(({ table }) => table === 'databases'),
    config.cells.map((cell) => ({
      stack: `visiting-${cell.id}`,
      table: 'databases',
      destination: zoneRange(cell, 'desktops').cidr,
      target: 'hub/firewall-attachment',
    })),
  )
})

test('[C-3] the firewall leads each presented network to its own link, desktops to their own cell, and drops what is left of the block', () => {
  const routes = transitRoutes(templates).filter(({ table }) => table === 'firewall')
  const toLinks = routes.filter(({ stack }) => stack.startsWith('link-'))
  assert.deepEqual(
    Object.fromEntries(toLinks.map(({ stack, destination }) => [stack, destination])),
    Object.fromEntries(config.databases.map((database) => [`link-${database.id}`, presentedCidr(config, database)])),
  )
  for (const { stack, target } of toLinks) assert.match(target, new RegExp(`^${stack}:.*AttachmentId`))
  assert.deepEqual(
    routes.filter(({ stack }) => stack.startsWith('visiting-')).map(({ destination }) => destination),
    config.cells.map((cell) => zoneRange(cell, 'desktops').cidr),
  )
  assert.deepEqual(
    routes.filter(({ stack }) => stack === 'hub'),
    [{ stack: 'hub', table: 'firewall', destination: config.network.presentedBlock, target: 'blackhole' }],
  )
  assert.equal(routes.length, config.databases.length + config.cells.length + 1)
})

test('[NET-1] the anchor VPC leads nowhere: no route, no ACL rule, no association on the Transit Gateway', () => {
  const [[id]] = resourcesOf(hub, 'AWS::EC2::TransitGatewayVpcAttachment') as [[string, unknown]]
  assert.deepEqual(resourcesOf(hub, 'AWS::EC2::Route'), [])
  assert.deepEqual(resourcesOf(hub, 'AWS::EC2::NetworkAclEntry'), [])
  assert.ok(!JSON.stringify(resourcesOf(hub, 'AWS::EC2::TransitGatewayRouteTableAssociation')).includes(id))
  assert.ok(!JSON.stringify(resourcesOf(hub, 'AWS::EC2::TransitGatewayRoute')).includes(id))
})

test('[LOG-1] the Transit Gateway and every VPC write flow logs, into encrypted groups kept at least as long as LOG-3 asks', () => {
  const logged = everywhere(templates, 'AWS::EC2::FlowLog').map(
    ({ stack, Properties }) => `${stack} ${Properties.ResourceType}`,
  )
  assert.deepEqual(
    logged.toSorted(),
    ['hub TransitGateway', 'hub VPC', ...config.cells.map(({ id }) => `visiting-${id} VPC`)].toSorted(),
  )
  for (const { stack, logicalId, Properties, DeletionPolicy } of everywhere(templates, 'AWS::Logs::LogGroup')) {
    assert.ok(Properties.KmsKeyId, `${stack} ${logicalId} is encrypted`)
    assert.ok(Properties.RetentionInDays >= 365, `${stack} ${logicalId} is kept`)
    assert.equal(DeletionPolicy, 'Retain')
  }
})

test('[NET-1] workspaces_DefaultRole is made once, with that name and without a boundary, and lets nobody serve themselves', () => {
  const named = everywhere(templates, 'AWS::IAM::Role').filter(({ Properties }) => Properties.RoleName !== undefined)
  assert.deepEqual(
    named.map(({ stack, Properties }) => [stack, Properties.RoleName]),
    [['hub', 'workspaces_DefaultRole']],
  )
  const policies = JSON.stringify(named[0]!.Properties.ManagedPolicyArns)
  assert.equal(named[0]!.Properties.PermissionsBoundary, undefined)
  assert.match(policies, /AmazonWorkSpacesServiceAccess/)
  assert.doesNotMatch(policies, /SelfService/)
})
