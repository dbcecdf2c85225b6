import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { zoneRange } from '#lib/network/address-plan.ts'
import { productionAssembly, resourcesOf } from '#test/support/assembly.ts'
import { productionConfig } from '#test/support/config.ts'
import { networkOf } from '../support.ts'
import { expectThat } from '#test/support/expect.ts'

const config = productionConfig()
const templates = networkOf(productionAssembly())
const cells = config.cells.map((cell) => ({ cell, template: templates.get(`visiting-${cell.id}`)! }))
const { template } = cells[0]!
const cell = config.cells[0]!
const one = (type: string) => resourcesOf(template, type)[0]![1]
const custom = (type: string) => resourcesOf(template, type)[0]!

test('[NET-4] no cell has anything that could lead to the Internet, or an endpoint', () => {
  for (const { template: stack } of cells) {
    for (const type of [
      'InternetGateway',
      'VPCGatewayAttachment',
      'EgressOnlyInternetGateway',
      'NatGateway',
      'EIP',
      'VPCEndpoint',
      'VPCPeeringConnection',
      'CarrierGateway',
      'VPNGateway',
    ]) {
      expectThat(resourcesOf(stack, `AWS::EC2::${type}`), type).toEqual([])
    }
    expect(JSON.stringify(stack)).not.toMatch(/0\.0\.0\.0\/0|::\/0/)
    for (const [, { Properties }] of resourcesOf(stack, 'AWS::EC2::Subnet'))
      expect(Properties.MapPublicIpOnLaunch).toBe(false)
  }
})

test('[C-1] a cell has one route: from desktops, the presented block, to the Transit Gateway', () => {
  for (const {
    cell: { cidr },
    template: stack,
  } of cells) {
    const [route, ...others] = resourcesOf(stack, 'AWS::EC2::Route').map(([, { Properties }]) => Properties)
    expect(others).toEqual([])
    expect(route!.DestinationCidrBlock).toBe(config.network.presentedBlock)
    assert.ok(route!.TransitGatewayId)
    const users = resourcesOf(stack, 'AWS::EC2::SubnetRouteTableAssociation').filter(
      ([, { Properties }]) => Properties.RouteTableId.Ref === route!.RouteTableId.Ref,
    )
    expect(users.map(([, { Properties }]) => stack.Resources[Properties.SubnetId.Ref]!.Properties.CidrBlock)).toEqual(
      zoneRange({ cidr }, 'desktops').subnets,
    )
  }
})

test("[ARC-3] every subnet has a route table and a network ACL of its zone, none is left to the VPC's defaults", () => {
  const subnets = resourcesOf(template, 'AWS::EC2::Subnet')
    .map(([id]) => id)
    .toSorted()
  expect(subnets.length).toBe(10)
  for (const type of ['AWS::EC2::SubnetRouteTableAssociation', 'AWS::EC2::SubnetNetworkAclAssociation']) {
    expect(
      resourcesOf(template, type)
        .map(([, { Properties }]) => Properties.SubnetId.Ref)
        .toSorted(),
    ).toEqual(subnets)
  }
  const zones = new Set(
    resourcesOf(template, 'AWS::EC2::Subnet').map(([, { Properties }]) => Properties.AvailabilityZoneId),
  )
  expect([...zones].toSorted()).toEqual([...config.azIds].toSorted())
})

test('[C-1] the default security group is emptied, and every group of ours names what it lets out', () => {
  const [, closed] = custom('Custom::VpcRestrictDefaultSG')
  expect(closed.Properties.DefaultSecurityGroupId['Fn::GetAtt'][1]).toBe('DefaultSecurityGroup')
  for (const [id, { Properties }] of resourcesOf(template, 'AWS::EC2::SecurityGroup'))
    assert.ok(Properties.SecurityGroupEgress?.length > 0, `${id}: without a rule EC2 allows all`)
})

test("[NET-5] mount targets take NFS from the cell's desktops only, and open nothing", () => {
  const group = resourcesOf(template, 'AWS::EC2::SecurityGroup').find(([id]) => id.startsWith('StorageGroup'))![1]
    .Properties
  expect(
    group.SecurityGroupIngress.map(({ IpProtocol, FromPort, ToPort, CidrIp }: any) => [
      IpProtocol,
      FromPort,
      ToPort,
      CidrIp,
    ]),
  ).toEqual([['tcp', 2049, 2049, zoneRange(cell, 'desktops').cidr]])
  expect(group.SecurityGroupEgress.map(({ CidrIp }: any) => CidrIp)).toEqual(['127.0.0.1/32'])
})

test("[C-2] no directory id is published before the members' group is narrow and data are open", () => {
  const [members, { Properties }] = custom('Custom::RenkeiMembersGroupEgress')
  const [data] = custom('Custom::RenkeiDirectoryDataAccess')
  const published = Object.values(template.Resources).find(
    (resource) => resource.Type === 'AWS::SSM::Parameter' && resource.Properties.Name.endsWith('/directory'),
  )!
  assert.ok([members, data].every((id) => [published.DependsOn].flat().includes(id)))
  assert.ok(Properties.Egress.length > 0)
  for (const rule of Properties.Egress) {
    expect(rule.CidrIp).toBe(zoneRange(cell, 'directory').cidr)
    assert.ok(
      !(rule.FromPort <= 53 && rule.ToPort >= 53),
      'port 53 to the controllers stays closed: they forward any name',
    )
  }
})

test('[VIS-2] desktops are without local administrators, public addresses or self-service, with SAML', () => {
  const [, { Properties }] = custom('Custom::RenkeiWorkspaceDirectory')
  expect(Properties.WorkspaceCreationProperties.UserEnabledAsLocalAdministrator).toBe(false)
  expect(Properties.WorkspaceCreationProperties.EnableInternetAccess).toBe(false)
  assert.ok(Object.values(Properties.SelfservicePermissions).every((value) => value === 'DISABLED'))
  expect(Properties.SamlProperties.Status).toBe('ENABLED')
  expect(Properties.SubnetIds.length).toBe(2)
})

test("[AUTH-4] nobody types the directory's first password: generated, under our key, only referred to", () => {
  const secret = one('AWS::SecretsManager::Secret')
  assert.ok(secret.Properties.KmsKeyId)
  expect(secret.Properties.SecretString).toBe(undefined)
  expect(JSON.stringify(one('AWS::DirectoryService::MicrosoftAD').Properties.Password)).toMatch(
    /\{\{resolve:secretsmanager:/,
  )
})

test('[C-11] a directory, and with it every user, is kept when its stack goes or a property would replace it', () => {
  for (const type of ['AWS::DirectoryService::MicrosoftAD', 'AWS::SecretsManager::Secret']) {
    expect(one(type).DeletionPolicy).toBe('Retain')
    expect(one(type).UpdateReplacePolicy).toBe('Retain')
  }
  expect(one('AWS::DirectoryService::MicrosoftAD').Properties.VpcSettings.SubnetIds.length).toBe(2)
  expect(one('AWS::DirectoryService::MicrosoftAD').Properties.EnableSso).toBe(false)
})

test('[LOG-1] every DNS query of a cell is logged', () => {
  const association = one('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation').Properties
  expect(template.Resources[association.ResourceId.Ref]!.Type).toBe('AWS::EC2::VPC')
})
