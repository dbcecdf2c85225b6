import assert from 'node:assert/strict'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { intendedFlows } from '#proof/network/intent.ts'
import { sampleGrants } from '#proof/network/grants.ts'
import { networkMap } from '#proof/network/map/map.ts'
import { readModel } from '#proof/network/model/read.ts'
import type { NamedTemplate } from '#proof/network/model/links.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { loadConfig, type Config } from '#lib/kernel/config/load.ts'
import { demoAssembly, productionAssembly, type Assembly } from '#test/support/assembly.ts'

const load = (name: string) =>
  loadConfig(join(import.meta.dirname, '..', '..', '..', 'config', `${name}.yaml`), new Date('2026-11-22T00:00:00Z'))

function map(config: Config, assembly: Assembly, proved = true): string {
  const grants = sampleGrants(config)
  const { network } = readModel(
    assembly.stacks.map((name) => ({ name, template: assembly.template(name) }) as unknown as NamedTemplate),
    config,
    grants,
  )
  return networkMap({ config, network, flows: intendedFlows(config, grants), proved })
}

/** Every element closed, in order: what a browser would refuse otherwise. */
function assertWellFormed(xml: string): void {
  const open: string[] = []
  for (const [, closing, name, selfClosing] of xml.matchAll(/<(\/?)([A-Za-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing) expect(open.pop()).toBe(name)
    else if (!selfClosing) open.push(name!)
  }
  expect(open).toEqual([])
  expect(xml).not.toMatch(/&(?!(amp|lt|gt|quot);)|undefined|NaN/)
}

for (const [name, assembly] of [
  ['demo', demoAssembly],
  ['example-production', productionAssembly],
] as const) {
  test(`[ARC-3] the map of ${name} shows every database, route table and link, and says in words what it shows`, () => {
    const config = load(name)
    const svg = map(config, assembly())
    assertWellFormed(svg)
    for (const database of config.databases) {
      assert.ok(svg.includes(`>${database.id}<`))
      assert.ok(svg.includes(`${presentedCidr(config, database)}   TCP ${database.service.port}`))
      assert.ok(svg.includes(`desktops with a grant → ${database.id}, TCP ${database.service.port}`))
    }
    for (const table of ['visiting', 'firewall', 'databases']) assert.ok(svg.includes(`Route table “${table}”`))
    expect(svg).toMatch(/role="img" aria-labelledby="map-title map-description"/)
    expect(svg).toMatch(/<desc id="map-description">[^<]*without any way to the Internet/)
    expect(svg).not.toMatch(/WEAK|NOT PROVED/)
  })
}

test('[NET-2] a weak tunnel and a platform that is not proved are written on the map', () => {
  const config = load('demo')
  const demo = demoAssembly()
  const weak: Assembly = {
    ...demo,
    template: (stack) => {
      const template = structuredClone(demo.template(stack))
      for (const { Type, Properties } of Object.values(template.Resources))
        if (Type === 'AWS::EC2::VPNConnection')
          Properties.VpnTunnelOptionsSpecifications[1].Phase1DHGroupNumbers.push({ Value: 2 })
      return template
    },
  }
  const svg = map(config, weak, false)
  assertWellFormed(svg)
  expect(svg).toMatch(/WEAK: /)
  expect(svg).toMatch(/NOT PROVED/)
  expect(svg).not.toMatch(/Not drawn because it does not exist/)
})

test('a name that looks like markup stays a name', () => {
  const config = load('demo')
  const database = { ...config.databases[0]!, name: { ja: '<script>&"', en: '<a>' } }
  const svg = map({ ...config, databases: [database, ...config.databases.slice(1)] }, demoAssembly())
  assertWellFormed(svg)
  expect(svg).not.toMatch(/<script|<a>/)
})
