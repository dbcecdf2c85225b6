import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { presentedCidr, rangeOf, overlaps } from '#lib/kernel/config/addresses.ts'
import { insideCidr } from '#lib/network/link/inside-cidr.ts'
import { resourcesOf, type Template } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'
import { consumed, networkTemplates } from '../support.ts'
import { expectThat } from '#test/support/expect.ts'

const narrow = {
  ikeVersions: ['ikev2'],
  encryption: ['AES256-GCM-16'],
  integrity: ['SHA2-384'],
  dhGroups: [20],
  phase1LifetimeSeconds: 3600,
  phase2LifetimeSeconds: 900,
}
const config = demoConfig((data) => {
  data.databases[2].ipsec = narrow
})
const templates = networkTemplates(config)
const links = config.databases.map((database) => ({ database, template: templates.get(`link-${database.id}`)! }))
const only = (template: Template, type: string) => {
  const found = resourcesOf(template, type)
  expectThat(found.length, type).toBe(1)
  return found[0]![1].Properties
}
const connection = (template: Template) => only(template, 'AWS::EC2::VPNConnection')
const offered = (list: { Value: string | number }[]) => list.map(({ Value }) => Value)

test('[NET-2] both tunnels of every link offer only IKEv2, AES-GCM, SHA-2 and strong groups, in both phases', () => {
  for (const { database, template } of links) {
    const tunnels = connection(template).VpnTunnelOptionsSpecifications
    expectThat(tunnels.length, database.id).toBe(2)
    for (const tunnel of tunnels) {
      expect(offered(tunnel.IKEVersions)).toEqual(['ikev2'])
      for (const phase of ['Phase1', 'Phase2']) {
        assert.ok(
          offered(tunnel[`${phase}EncryptionAlgorithms`]).every((value) => /^AES(128|256)-GCM-16$/.test(String(value))),
        )
        assert.ok(
          offered(tunnel[`${phase}IntegrityAlgorithms`]).every((value) => /^SHA2-(256|384|512)$/.test(String(value))),
        )
        assert.ok(offered(tunnel[`${phase}DHGroupNumbers`]).every((value) => [15, 19, 20, 21].includes(Number(value))))
        for (const list of ['EncryptionAlgorithms', 'IntegrityAlgorithms', 'DHGroupNumbers'])
          assert.ok(tunnel[`${phase}${list}`].length > 0, "an empty list is AWS's default offer")
      }
      assert.ok(tunnel.Phase1LifetimeSeconds <= 28_800 && tunnel.Phase2LifetimeSeconds <= 3_600)
    }
  }
  expectThat(
    offered(connection(links[2]!.template).VpnTunnelOptionsSpecifications[1].Phase2DHGroupNumbers),
    "a database's own list holds",
  ).toEqual([20])
})

test('[C-3] a tunnel is opened by AWS, opened again after silence, and not replaced under a running query', () => {
  for (const { template } of links)
    for (const tunnel of connection(template).VpnTunnelOptionsSpecifications) {
      expect(tunnel.StartupAction).toBe('start')
      expect(tunnel.DPDTimeoutAction).toBe('restart')
      expect(tunnel.DPDTimeoutSeconds).toBe(30)
      expect(tunnel.EnableTunnelLifecycleControl).toBe(true)
    }
})

test('[C-3] BGP says which tunnel lives; the route is static and stays when both are down', () => {
  for (const { database, template } of links) {
    expect(connection(template).StaticRoutesOnly).toBe(false)
    const route = only(template, 'AWS::EC2::TransitGatewayRoute')
    expect(consumed(template, route.TransitGatewayRouteTableId)).toBe('hub/route-table/firewall')
    expect(route.DestinationCidrBlock).toBe(presentedCidr(config, database))
    expect(route.Blackhole).toBe(undefined)
  }
})

test('[NET-1] a link makes nothing but its connection: no network, no gateway to the Internet, one public peer', () => {
  for (const { database, template } of links) {
    expect(only(template, 'AWS::EC2::CustomerGateway').IpAddress).toBe(database.peer.address)
    expect(connection(template).VpnGatewayId).toBe(undefined)
    for (const type of ['VPC', 'Subnet', 'InternetGateway', 'NatGateway', 'VPCEndpoint', 'VPNGateway'])
      expect(resourcesOf(template, `AWS::EC2::${type}`)).toEqual([])
  }
})

test('[CRY-1] no pre-shared key passes through a template: AWS makes both and keeps them in Secrets Manager', () => {
  for (const { template } of links) {
    expect(connection(template).PreSharedKeyStorage).toBe('SecretsManager')
    expect(JSON.stringify(template)).not.toMatch(/"PreSharedKey"|resolve:secretsmanager/)
  }
})

test('[NET-1] inside addresses are fixed by the slot, never shared, never reserved', () => {
  const reserved = [
    '169.254.0.0/29',
    '169.254.1.0/30',
    '169.254.2.0/30',
    '169.254.3.0/30',
    '169.254.4.0/30',
    '169.254.5.0/30',
    '169.254.169.0/24',
  ].map(rangeOf)
  const all = Array.from({ length: 95 }, (_, slot) => [insideCidr(slot, 0), insideCidr(slot, 1)]).flat()
  expect(new Set(all).size).toBe(all.length)
  for (const cidr of all)
    assert.ok(cidr.endsWith('/30') && !reserved.some((range) => overlaps(range, rangeOf(cidr))), cidr)
  expect(
    connection(links[1]!.template).VpnTunnelOptionsSpecifications.map((tunnel: any) => tunnel.TunnelInsideCidr),
  ).toEqual(['169.254.8.8/30', '169.254.8.12/30'])
})

test('[C-2] the prefix list is exactly the presented /28: one entry, room for one', () => {
  for (const { database, template } of links) {
    const list = only(template, 'AWS::EC2::PrefixList')
    expect(list.MaxEntries).toBe(1)
    expect(list.Entries.map(({ Cidr }: any) => Cidr)).toEqual([presentedCidr(config, database)])
  }
})

test('[LOG-1] both tunnels log IKE and BGP as JSON', () => {
  for (const { template } of links)
    for (const tunnel of connection(template).VpnTunnelOptionsSpecifications) {
      const options = tunnel.LogOptions.CloudwatchLogOptions
      expect([options.LogEnabled, options.LogOutputFormat, options.BgpLogEnabled, options.BgpLogOutputFormat]).toEqual([
        true,
        'json',
        true,
        'json',
      ])
      expectThat(
        JSON.stringify([options.LogGroupArn, options.BgpLogGroupArn]),
        'VPN refuses an ARN that ends in :*',
      ).not.toMatch(/:\*/)
    }
})

test('[C-3] one tunnel down warns, both down is critical, and silence counts as down', () => {
  for (const { template } of links) {
    const tunnels = resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .filter(({ MetricName }) => MetricName === 'TunnelState')
    expect(
      tunnels.map(({ Statistic, ComparisonOperator, Threshold, TreatMissingData }) => [
        Statistic,
        ComparisonOperator,
        Threshold,
        TreatMissingData,
      ]),
    ).toEqual([
      ['Minimum', 'LessThanThreshold', 1, 'breaching'],
      ['Maximum', 'LessThanOrEqualToThreshold', 0, 'breaching'],
    ])
  }
})

test('[C-1] a gateway that announces any other network than its own raises an alarm', () => {
  for (const { database, template } of links) {
    const filter = only(template, 'AWS::Logs::MetricFilter')
    const own = presentedCidr(config, database)
    expect(filter.FilterPattern).toBe(
      `{ ($.type = "RouteStatus") && ($.status != "WITHDRAWN") && ($.message.prefix != "${own}") }`,
    )
    assert.ok(
      resourcesOf(template, 'AWS::CloudWatch::Alarm').some(
        ([, { Properties }]) => Properties.MetricName === filter.MetricTransformations[0].MetricName,
      ),
    )
  }
})

test('[NET-6] what a holder, the kit and the provisioner need of a link is published', () => {
  for (const { database, template } of links) {
    const names = resourcesOf(template, 'AWS::SSM::Parameter').map(([, { Properties }]) => Properties.Name)
    for (const name of ['prefix-list', 'granted-group', 'presented-cidr', 'service-port', 'vpn-connection'])
      assert.ok(names.includes(`/renkei/demo/link/${database.id}/${name}`), name)
  }
})
