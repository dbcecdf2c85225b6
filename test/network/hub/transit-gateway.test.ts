import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { zoneRange } from '#lib/network/address-plan.ts'
import { productionAssembly, resourcesOf } from '#test/support/assembly.ts'
import { productionConfig } from '#test/support/config.ts'
import { consumed, everywhere, networkOf, publishedAs, transitRoutes } from '../support.ts'

const config = productionConfig()
const templates = networkOf(productionAssembly())
const hub = templates.get('hub')!

test('[NET-1] the Transit Gateway associates, propagates and accepts nothing by itself', () => {
  const [, { Properties }] = resourcesOf(hub, 'AWS::EC2::TransitGateway')[0]!
  expect(Properties.DefaultRouteTableAssociation).toBe('disable')
  expect(Properties.DefaultRouteTablePropagation).toBe('disable')
  expect(Properties.AutoAcceptSharedAttachments).toBe('disable')
  expect(Properties.SecurityGroupReferencingSupport).toBe('disable')
})

test('[C-1] no stack propagates a route: nothing that a database announces becomes one', () => {
  expect(everywhere(templates, 'AWS::EC2::TransitGatewayRouteTablePropagation')).toEqual([])
  expect(everywhere(templates, 'AWS::EC2::GatewayRouteTableAssociation')).toEqual([])
  expect(everywhere(templates, 'AWS::EC2::VPNConnectionRoute')).toEqual([])
})

test('[ARC-3] there are three route tables, and each attachment is associated with the one of its zone', () => {
  expect(resourcesOf(hub, 'AWS::EC2::TransitGatewayRouteTable').length).toBe(3)
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
  expect(Object.fromEntries(associations)).toEqual({
    hub: 'hub/route-table/firewall',
    ...Object.fromEntries(config.databases.map(({ id }) => [`link-${id}`, 'hub/route-table/databases'])),
    ...Object.fromEntries(config.cells.map(({ id }) => [`visiting-${id}`, 'hub/route-table/visiting'])),
  })
  expect(associations.length).toBe(1 + config.databases.length + config.cells.length)
})

test('[C-1] a cell is led to the firewall only, with the presented block and nothing else', () => {
  expect(transitRoutes(templates).filter(({ table }) => table === 'visiting')).toEqual([
    {
      stack: 'hub',
      table: 'visiting',
      destination: config.network.presentedBlock,
      target: 'hub/firewall-attachment',
    },
  ])
})

test('[C-1] a database is led to the firewall only, towards desktops only: between databases there is no route', () => {
  expect(transitRoutes(templates).filter(({ table }) => table === 'databases')).toEqual(
    config.cells.map((cell) => ({
      stack: `visiting-${cell.id}`,
      table: 'databases',
      destination: zoneRange(cell, 'desktops').cidr,
      target: 'hub/firewall-attachment',
    })),
  )
})

test('[C-3] the firewall leads networks to their links, desktops to their cells, and drops the rest', () => {
  const routes = transitRoutes(templates).filter(({ table }) => table === 'firewall')
  const toLinks = routes.filter(({ stack }) => stack.startsWith('link-'))
  expect(Object.fromEntries(toLinks.map(({ stack, destination }) => [stack, destination]))).toEqual(
    Object.fromEntries(config.databases.map((database) => [`link-${database.id}`, presentedCidr(config, database)])),
  )
  for (const { stack, target } of toLinks) expect(target).toMatch(new RegExp(`^${stack}:.*AttachmentId`))
  expect(routes.filter(({ stack }) => stack.startsWith('visiting-')).map(({ destination }) => destination)).toEqual(
    config.cells.map((cell) => zoneRange(cell, 'desktops').cidr),
  )
  expect(routes.filter(({ stack }) => stack === 'hub')).toEqual([
    { stack: 'hub', table: 'firewall', destination: config.network.presentedBlock, target: 'blackhole' },
  ])
  expect(routes.length).toBe(config.databases.length + config.cells.length + 1)
})

test('[NET-1] the anchor VPC leads nowhere: no route, no ACL rule, no association on the Transit Gateway', () => {
  const [[id]] = resourcesOf(hub, 'AWS::EC2::TransitGatewayVpcAttachment') as [[string, unknown]]
  expect(resourcesOf(hub, 'AWS::EC2::Route')).toEqual([])
  expect(resourcesOf(hub, 'AWS::EC2::NetworkAclEntry')).toEqual([])
  assert.ok(!JSON.stringify(resourcesOf(hub, 'AWS::EC2::TransitGatewayRouteTableAssociation')).includes(id))
  assert.ok(!JSON.stringify(resourcesOf(hub, 'AWS::EC2::TransitGatewayRoute')).includes(id))
})

test('[LOG-1] the Transit Gateway and every VPC write flow logs, encrypted and kept as long as LOG-3 asks', () => {
  const logged = everywhere(templates, 'AWS::EC2::FlowLog').map(
    ({ stack, Properties }) => `${stack} ${Properties.ResourceType}`,
  )
  expect(logged.toSorted()).toEqual(
    ['hub TransitGateway', 'hub VPC', ...config.cells.map(({ id }) => `visiting-${id} VPC`)].toSorted(),
  )
  for (const { stack, logicalId, Properties, DeletionPolicy } of everywhere(templates, 'AWS::Logs::LogGroup')) {
    assert.ok(Properties.KmsKeyId, `${stack} ${logicalId} is encrypted`)
    assert.ok(Properties.RetentionInDays >= 365, `${stack} ${logicalId} is kept`)
    expect(DeletionPolicy).toBe('Retain')
  }
})

test('[NET-1] workspaces_DefaultRole is made once, by that name, without a boundary and without self-service', () => {
  const named = everywhere(templates, 'AWS::IAM::Role').filter(({ Properties }) => Properties.RoleName !== undefined)
  expect(named.map(({ stack, Properties }) => [stack, Properties.RoleName])).toEqual([
    ['hub', 'workspaces_DefaultRole'],
  ])
  const policies = JSON.stringify(named[0]!.Properties.ManagedPolicyArns)
  expect(named[0]!.Properties.PermissionsBoundary).toBe(undefined)
  expect(policies).toMatch(/AmazonWorkSpacesServiceAccess/)
  expect(policies).not.toMatch(/SelfService/)
})
