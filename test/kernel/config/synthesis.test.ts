import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { App } from 'aws-cdk-lib'
import fc from 'fast-check'
import { Platform } from '#lib/platform.ts'
import { configData, parseData } from '#test/support/config.ts'
import { runs, seed } from '#test/support/effort.ts'

const word = fc
  .string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'), minLength: 1, maxLength: 11 })
  .map((rest) => `D${rest}`)
const name = fc.string({ unit: fc.constantFrom(...'aZ9 ・ー（）()&.,-漢ひカｶé𠮷'), minLength: 1, maxLength: 60 })
const database = fc.record({
  id: word,
  ja: name,
  en: name,
  slot: fc.nat(94),
  port: fc.integer({ min: 1, max: 65_535 }),
  asn: fc.integer({ min: 64_513, max: 65_534 }),
  device: fc.constantFrom('strongswan', 'yamaha-rtx', 'cisco-ios-xe', 'other'),
  dataKind: fc.constantFrom('anonymised', 'pseudonymised'),
  ipsec: fc.option(
    fc.record({
      encryption: fc.subarray(['AES256-GCM-16', 'AES128-GCM-16'], { minLength: 1 }),
      integrity: fc.subarray(['SHA2-256', 'SHA2-384', 'SHA2-512'], { minLength: 1 }),
      dhGroups: fc.subarray([15, 16, 17, 18, 19, 20, 21], { minLength: 1 }),
      phase1LifetimeSeconds: fc.integer({ min: 900, max: 28_800 }),
      phase2LifetimeSeconds: fc.integer({ min: 900, max: 3_600 }),
    }),
    { nil: undefined },
  ),
})

/** Any configuration that the rules allow, within the space that matters to synthesis. */
const configuration = fc
  .record({
    databases: fc.uniqueArray(database, { minLength: 1, maxLength: 8, selector: ({ id }) => id }),
    cells: fc.integer({ min: 1, max: 3 }),
    production: fc.boolean(),
    securityServices: fc.constantFrom('create', 'existing'),
    idleMinutes: fc.integer({ min: 1, max: 15 }),
  })
  .filter(({ databases }) => new Set(databases.map(({ slot }) => slot)).size === databases.length)

test('whatever the configuration accepts is synthesized', () => {
  fc.assert(
    fc.property(configuration, ({ databases, cells, production, securityServices, idleMinutes }) => {
      const data = configData(production ? 'example-production' : 'demo')
      const [template] = data.databases
      Object.assign(data, {
        securityServices,
        desktop: { ...data.desktop, idleMinutes },
        capacity: { projects: cells, handlersPerProject: 100 },
      })
      data.cells = Array.from({ length: cells }, (_, index) => ({
        id: index + 1,
        cidr: `172.${24 + index}.0.0/${16 + index}`,
        projects: 1,
      }))
      data.databases = databases.map(({ id, ja, en, slot, port, asn, device, dataKind, ipsec }, index) => ({
        ...template,
        id,
        slot,
        dataKind,
        name: { ja, en },
        service: { ...template.service, port, realCidr: `10.30.${slot}.0/28` },
        peer: { address: `203.0.113.${index + 1}`, asn, device },
        ...(ipsec ? { ipsec: { ikeVersions: ['ikev2'], ...ipsec } } : {}),
      }))
      const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } })
      new Platform(app, 'Renkei-any', { config: parseData(data) })
      const stacks = app.synth().nestedAssemblies[0]!.nestedAssembly.stacks
      expect(stacks.filter(({ displayName }) => /\/link-/.test(displayName)).length).toBe(databases.length)
      expect(stacks.filter(({ displayName }) => /\/visiting-/.test(displayName)).length).toBe(cells)
      for (const {
        template: { Resources },
      } of stacks)
        assert.ok(Object.keys(Resources).length <= 450)
    }),
    { numRuns: runs(6, 300), ...(seed === undefined ? {} : { seed }) },
  )
})
