import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contains, formatAddress, overlaps, rangeOf } from '#lib/kernel/config/addresses.ts'
import { aclRules, type AclRule } from '#lib/network/visiting/acl-rules.ts'
import { type CellZone, cellZones, zoneRange } from '#lib/network/address-plan.ts'
import { directoryPorts } from '#lib/network/provider/directory-ports.ts'
import { demoAssembly, resourcesOf } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'

const config = demoConfig()
const cell = config.cells[0]!
const presented = config.network.presentedBlock
const rules = aclRules(cell, presented)

/** Whether one list of a zone's ACL lets a packet from or to another zone pass. */
const lists = (
  zone: CellZone,
  direction: AclRule['direction'],
  peer: CellZone,
  protocol: 'tcp' | 'udp',
  port: number,
) =>
  rules[zone].some(
    (rule) =>
      rule.direction === direction &&
      (rule.protocol === 'all' || rule.protocol === protocol) &&
      rule.cidr === zoneRange(cell, peer).cidr &&
      (!rule.ports || (rule.ports.from <= port && port <= rule.ports.to)),
  )
/** Whether a packet may leave `from` and enter `to`, as two stateless lists say. */
const admits = (from: CellZone, to: CellZone, protocol: 'tcp' | 'udp', port: number) =>
  lists(from, 'egress', to, protocol, port) && lists(to, 'ingress', from, protocol, port)
const anyPort = fc.integer({ min: 1, max: 65_535 })
const anyProtocol = fc.constantFrom('tcp' as const, 'udp' as const)

test('[C-9] no desktop reaches a desktop of the other availability zone, on any port', () => {
  fc.assert(fc.property(anyProtocol, anyPort, (protocol, port) => !admits('desktops', 'desktops', protocol, port)))
})

test('[C-9] a desktop enters storage by NFS, the directory by its ports, and nothing else in its cell', () => {
  fc.assert(
    fc.property(fc.constantFrom(...cellZones), anyProtocol, anyPort, (zone, protocol, port) => {
      const allowed =
        (zone === 'storage' && protocol === 'tcp' && port === 2049) ||
        (zone === 'directory' &&
          directoryPorts.some((range) => range.protocol === protocol && range.from <= port && port <= range.to))
      return admits('desktops', zone, protocol, port) === allowed
    }),
    { numRuns: 2_000 },
  )
  for (const { zone, port } of [
    { zone: 'storage', port: 2049 },
    { zone: 'directory', port: 389 },
  ] as const)
    assert.ok(admits('desktops', zone, 'tcp', port))
  assert.ok(!admits('desktops', 'directory', 'udp', 53) && !admits('desktops', 'directory', 'tcp', 53))
})

test('[C-9] leaving the desktops and entering a zone are limited alone: one widened list opens nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('storage' as const, 'directory' as const),
      anyProtocol,
      anyPort,
      (zone, protocol, port) =>
        lists('desktops', 'egress', zone, protocol, port) === lists(zone, 'ingress', 'desktops', protocol, port),
    ),
    { numRuns: 2_000 },
  )
})

test('[C-1] storage, directory and resolver have no line to the presented block or out of the cell', () => {
  for (const zone of ['storage', 'directory', 'resolver', 'attachment'] as const) {
    for (const rule of rules[zone]) assert.ok(contains(rangeOf(cell.cidr), rangeOf(rule.cidr)), `${zone} ${rule.cidr}`)
  }
  for (const rule of rules.desktops)
    assert.ok(rule.cidr === presented || contains(rangeOf(cell.cidr), rangeOf(rule.cidr)))
})

test('[C-1] a database can only answer a desktop: on ports from which Linux opens connections', () => {
  const inbound = rules.desktops.filter(({ direction, cidr }) => direction === 'ingress' && cidr === presented)
  expect(inbound.map(({ protocol, ports }) => [protocol, ports])).toEqual([['tcp', { from: 32_768, to: 60_999 }]])
})

test('[C-9] the template has exactly these lines, allow only, below the 20 that an ACL takes a direction', () => {
  const template = demoAssembly().template('visiting-1')
  const entries = resourcesOf(template, 'AWS::EC2::NetworkAclEntry').map(([, { Properties }]) => Properties)
  expect(entries.length).toBe(cellZones.reduce((sum, zone) => sum + rules[zone].length, 0))
  assert.ok(entries.every(({ RuleAction }) => RuleAction === 'allow'))
  for (const acl of resourcesOf(template, 'AWS::EC2::NetworkAcl').map(([id]) => id))
    for (const egress of [true, false]) {
      const own = entries.filter(({ NetworkAclId, Egress }) => NetworkAclId.Ref === acl && Egress === egress)
      assert.ok(own.length > 0 && own.length <= 20, `${acl} ${own.length}`)
      expect(new Set(own.map(({ RuleNumber }) => RuleNumber)).size).toBe(own.length)
    }
})

test('[ARC-3] the zones of any cell lie inside it, apart from each other, and hold what a cell may hold', () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 15 }), (bits, block) => {
      const any = { cidr: `${formatAddress(rangeOf('172.16.0.0/12').first + block * 65_536)}/${bits}` }
      const ranges = cellZones.map((zone) => ({ zone, ...zoneRange(any, zone) }))
      for (const range of ranges) {
        assert.ok(contains(rangeOf(any.cidr), rangeOf(range.cidr)))
        assert.ok(range.subnets.every((subnet) => contains(rangeOf(range.cidr), rangeOf(subnet))))
        assert.ok(!overlaps(rangeOf(range.subnets[0]), rangeOf(range.subnets[1])))
        for (const other of ranges)
          if (other.zone !== range.zone) assert.ok(!overlaps(rangeOf(range.cidr), rangeOf(other.cidr)))
      }
      const [first] = zoneRange(any, 'storage').subnets
      const { first: low, last } = rangeOf(first)
      // AWS keeps five addresses of each subnet; a cell holds 180 projects with a mount target in each zone.
      assert.ok(last - low + 1 - 5 >= 180)
    }),
  )
})
