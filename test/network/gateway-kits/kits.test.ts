import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { loadConfig, parseConfig, type Config } from '#lib/kernel/config/load.ts'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { kitData, type KitFile } from '#lib/network/gateway-kits/kit.ts'
import { gatewayKit, KIT_DEVICES, withoutKeys } from '#lib/network/gateway-kits/kits.ts'
import {
  CISCO_SOURCES,
  STRONGSWAN_SOURCES,
  YAMAHA_SOURCES,
  type CommandSource,
} from '#lib/network/gateway-kits/sources.ts'
import { strongswanKit } from '#lib/network/gateway-kits/strongswan.ts'
import { insideCidr } from '#lib/network/link/inside-cidr.ts'
import { demoAssembly } from '#test/support/assembly.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { inLanguage } from '#domain/kernel/refusal.ts'
import { expectThat } from '#test/support/expect.ts'

const file = join(import.meta.dirname, '..', '..', '..', 'config', 'demo.yaml')
const today = new Date('2026-11-22T00:00:00Z')
const config = loadConfig(file, today)
const source = readFileSync(file, 'utf8')
const kits = (from: Config = config) =>
  from.databases.flatMap((database) =>
    KIT_DEVICES.map((device) => ({ database, device, files: gatewayKit(from, database, { device }) })),
  )
const text = (files: readonly KitFile[], pattern: RegExp) =>
  files
    .filter(({ path }) => pattern.test(path))
    .map((each) => each.text)
    .join('\n')
const commands = (all: string, comment: string) =>
  all
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(comment))

/** What a weaker proposal would look like in any of the three languages. */
const WEAK = new RegExp(
  [
    String.raw`\bsha1?\b(?!2|3|5)|sha-1|hmac-md5|\bmd5\b`,
    String.raw`3des|\bdes\b|cbc`,
    String.raw`modp1024|modp1536|modp2048|\bgroup ?(1|2|5|14)\b`,
    'version = [^2]|ikev1',
  ].join('|'),
  'i',
)

test('[NET-2] no kit offers anything weaker than its list, on either tunnel', () => {
  for (const { device, database, files } of kits()) {
    for (const { path, text: all } of files.filter((each) => !each.path.endsWith('.md'))) {
      const offered = all
        .split('\n')
        .filter((line) => !/^\s*[#!]/.test(line))
        .join('\n')
      expectThat(offered, `${device} ${database.id} ${path}`).not.toMatch(WEAK)
    }
  }
})

test('[NET-2] the strongSwan kit proposes exactly what the template of the connection offers', () => {
  const template = demoAssembly().template('link-NDB')
  const connection = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::EC2::VPNConnection')!
  const words: Record<string, string> = {
    'AES256-GCM-16': 'aes256gcm16',
    'AES128-GCM-16': 'aes128gcm16',
    'SHA2-256': 'prfsha256',
    'SHA2-384': 'prfsha384',
    'SHA2-512': 'prfsha512',
    15: 'modp3072',
    19: 'ecp256',
    20: 'ecp384',
    21: 'ecp521',
  }
  const list = (values: { Value: string | number }[]) => values.map(({ Value }) => words[Value]).join('-')
  const database = config.databases[0]!
  connection.Properties.VpnTunnelOptionsSpecifications.forEach((option: Record<string, any>, index: number) => {
    const kit = text(strongswanKit(kitData(config, database)), new RegExp(`-${index + 1}\\.conf$`))
    const phase1 = ['EncryptionAlgorithms', 'IntegrityAlgorithms', 'DHGroupNumbers'].map((each) =>
      list(option[`Phase1${each}`]),
    )
    expect(kit).toMatch(new RegExp(` proposals = ${phase1.join('-')}\n`))
    expect(kit).toMatch(
      new RegExp(` esp_proposals = ${list(option.Phase2EncryptionAlgorithms)}-${list(option.Phase2DHGroupNumbers)}\n`),
    )
    const [rekey, over] = [/rekey_time = (\d+)s\n\s+over_time/, /over_time = (\d+)s/].map((pattern) =>
      Number(pattern.exec(kit)![1]),
    )
    expect(rekey! + over!).toBe(option.Phase1LifetimeSeconds)
    expect(kit).toMatch(new RegExp(`life_time = ${option.Phase2LifetimeSeconds}s`))
    expect(option.TunnelInsideCidr).toBe(insideCidr(database.slot, index as 0 | 1))
  })
})

test('[NET-2] [PDB-3] no key is ever in a kit: only its placeholder, and where to fetch it', () => {
  for (const { files, device } of kits()) {
    const all = files.map((each) => each.text).join('\n')
    expect(all).toMatch(/@@PRE_SHARED_KEY_1@@/)
    expect(all).toMatch(/@@PRE_SHARED_KEY_2@@/)
    expect(all).toMatch(/Secrets Manager/)
    for (const line of all.split('\n').filter((each) => /^\s*(secret =|pre-shared-key)/.test(each)))
      expectThat(line, `${device}: ${line}`).toMatch(/@@PRE_SHARED_KEY_[12]@@"?$/)
  }
})

test("[NET-2] keys are taken out of AWS's own sample, in whichever form it writes them", () => {
  const sample = [
    '  - Pre-Shared Key           : Zx9_secretKeyOfTunnel1.aa',
    'pre-shared-key address 192.0.2.1 key Zx9_secretKeyOfTunnel1.aa',
    ' ipsec ike pre-shared-key 1 text Zx9_secretKeyOfTunnel1.aa',
    '<ike_pre_shared_key>Zx9_secretKeyOfTunnel1.aa</ike_pre_shared_key>',
    'set vpn ipsec site-to-site peer 192.0.2.1 authentication pre-shared-secret "Zx9_secretKeyOfTunnel1.aa";',
    'something else Zx9_secretKeyOfTunnel1.aa',
  ].join('\n')
  expect(withoutKeys(sample, ['Zx9_secretKeyOfTunnel1.aa'])).not.toMatch(/Zx9_/)
  const unknown = withoutKeys(sample.split('\n').slice(0, 3).join('\n'))
  expect(unknown).not.toMatch(/Zx9_/)
})

test('[C-1] the database side opens nothing: filters let desktops in to one port, and only answers out', () => {
  for (const database of config.databases) {
    const presented = presentedCidr(config, database)
    const nft = text(gatewayKit(config, database, { device: 'strongswan' }), /\.nft$/)
    const { realCidr, port } = database.service
    expect(nft).toMatch(new RegExp(`ct original ip daddr ${presented} ip daddr ${realCidr} tcp dport ${port} accept`))
    expect(nft.match(/chain to_renkei \{([^}]*)\}/)![1]!.match(/accept/g)!.length).toBe(1)
    expect(nft).toMatch(/ct state established ct direction reply/)
    const ios = text(gatewayKit(config, database, { device: 'cisco-ios-xe' }), /ios-xe/)
    for (const line of ios.match(/-OUT\n([^]*?)\n deny/)![1]!.split('\n')) expect(line).toMatch(/established$/)
  }
})

test('[C-3] every kit has a blackhole behind its tunnels for every network of the platform', () => {
  const networks = [...config.cells.map(({ cidr }) => cidr), config.network.presentedBlock, config.network.hubCidr]
  for (const { device, files } of kits()) {
    const all = files.map((each) => each.text).join('\n')
    for (const network of networks) {
      const [address] = network.split('/')
      const pattern =
        device === 'cisco-ios-xe'
          ? new RegExp(`ip route ${address} \\S+ Null0 254`)
          : device === 'strongswan'
            ? new RegExp(`for network in .*${network}`)
            : new RegExp(`ip route ${network} gateway null`)
      expectThat(all, `${device} ${network}`).toMatch(pattern)
    }
  }
})

test('[NET-1] BGP announces the presented network alone and accepts the desktops alone', () => {
  for (const database of config.databases) {
    const presented = presentedCidr(config, database)
    const bird = text(gatewayKit(config, database, { device: 'strongswan' }), /bird\.conf$/)
    expect(bird.match(/export filter \{[^}]*\}/g)!.length).toBe(2)
    for (const filter of bird.match(/export filter \{[^}]*\}/g)!)
      expect(filter).toMatch(new RegExp(`if net = ${presented} then accept; reject;`))
    for (const filter of bird.match(/import filter \{[^}]*\}/g)!)
      expect(filter).toMatch(/if net ~ \[ 172\.24\.0\.0\/17 \] then accept; reject;/)
    const ios = text(gatewayKit(config, database, { device: 'cisco-ios-xe' }), /ios-xe/)
    expect(ios.match(/ip prefix-list \S+ANNOUNCED.*/g)!.map((line) => line.split('permit ')[1])).toEqual([presented])
    expect(ios.match(/ip prefix-list \S+ACCEPTED.*/g)!.map((line) => line.split('permit ')[1])).toEqual([
      '172.24.0.0/17',
    ])
  }
})

test('[NET-6] the sheet names every segment with its party and both contacts, in Japanese and English', () => {
  for (const { database, files } of kits()) {
    for (const language of ['ja', 'en']) {
      const sheet = text(files, new RegExp(`sheet\\.${language}\\.md$`))
      for (const { segment, party, contact, incidentContact } of database.responsibilityBoundary)
        assert.ok(sheet.includes(`| ${segment} | ${party} | ${contact} | ${incidentContact} |`))
      expect(sheet).toMatch(language === 'ja' ? /読み取り専用/ : /read-only database account for each project/)
      expect(sheet).toMatch(language === 'ja' ? /全ての問合せを.*記録/ : /Every query is logged/)
    }
  }
})

test('every emitted command is in the table of sources', () => {
  const known = (line: string, table: readonly CommandSource[]) =>
    table.some(
      ({ command }) =>
        line === command ||
        line.startsWith(
          command.endsWith('-') || command.endsWith('sha') || command.endsWith('group') ? command : `${command} `,
        ),
    )
  for (const database of config.databases) {
    for (const line of commands(text(gatewayKit(config, database, { device: 'cisco-ios-xe' }), /ios-xe/), '!'))
      assert.ok(known(line, CISCO_SOURCES), line)
    for (const line of commands(text(gatewayKit(config, database, { device: 'yamaha-rtx' }), /yamaha/), '#'))
      assert.ok(known(line, YAMAHA_SOURCES), line)
    for (const line of commands(text(strongswanKit(kitData(config, database)), /^(swanctl|strongswan\.d)\//), '#')) {
      if (/^[\w-]+ \{$|^\}$/.test(line)) continue
      assert.ok(
        STRONGSWAN_SOURCES.some(({ command }) => line.startsWith(`${command} = `)),
        line,
      )
    }
  }
})

test('[NET-2] a Yamaha RTX never ends the tunnel: it stands behind a gateway that can', () => {
  const files = gatewayKit(config, config.databases[1]!, { device: 'yamaha-rtx' })
  expect(
    text(files, /yamaha/)
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n'),
  ).not.toMatch(/ipsec|tunnel/)
  assert.ok(files.some(({ path }) => path.startsWith('strongswan/swanctl/')))
  expect(text(files, /sheet\.en/)).toMatch(/cannot meet NET-2/)
})

test('a device of another make needs the account, and says so', () => {
  assert.throws(
    () => gatewayKit(config, config.databases[0]!, { device: 'other' }),
    (error: unknown) => error instanceof Obstacle && /--device other --live/.test(inLanguage(error.refusal.next, 'en')),
  )
  const [sample] = gatewayKit(config, config.databases[0]!, {
    device: 'other',
    sample: withoutKeys('pre-shared-key abcdefghijkl'),
  })
  expect(sample!.text).toBe('pre-shared-key @@PRE_SHARED_KEY@@')
})

test("a holder's network that is no /28 is refused; one that is not told becomes a placeholder", () => {
  const wide = parseConfig('demo.yaml', source.replace('realCidr: 10.20.1.0/28', 'realCidr: 10.20.1.0/24'), today)
  expect(() => gatewayKit(wide, wide.databases[0]!, { device: 'strongswan' })).toThrow(Obstacle)
  const silent = parseConfig('demo.yaml', source.replace(', realCidr: 10.20.1.0/28', ''), today)
  expect(text(gatewayKit(silent, silent.databases[0]!, { device: 'strongswan' }), /\.nft$/)).toMatch(/@@REAL_NETWORK@@/)
})

test('names that look hostile but are allowed stay words: no kit gets a line, a command or a bracket from them', () => {
  const names = [
    'DB; rm -rf (x)',
    '名前・ー（）&.,-',
    '-- (no shutdown)',
    '&& secret',
    'a'.repeat(60),
    '.. .. ..',
  ].filter((name) => /^[\p{L}\p{N} ・ー（）()&.,-]{1,60}$/u.test(name))
  for (const name of names) {
    const hostile = parseConfig(
      'demo.yaml',
      source.replace('en: National Database of Health Insurance Claims', `en: ${JSON.stringify(name)}`),
      today,
    )
    for (const { device, files } of kits(hostile).filter(({ database }) => database.id === 'NDB')) {
      const plain = gatewayKit(config, config.databases[0]!, { device })
      for (const { path, text: all } of files.filter((each) => !each.path.endsWith('.md')))
        expect(all).toBe(plain.find((each) => each.path === path)!.text)
    }
  }
})

test('[NET-2] whatever id and slot: a kit stays whole, its tunnels stay apart', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Z][A-Z0-9]{1,11}$/),
      fc.integer({ min: 0, max: 94 }),
      fc.constantFrom(...KIT_DEVICES),
      (id, slot, device) => {
        const database = { ...config.databases[0]!, id, slot }
        const files = gatewayKit(config, database, { device })
        const all = files
          .filter(({ path }) => !path.endsWith('.md'))
          .map((each) => each.text)
          .join('\n')
        expect(all).not.toMatch(/undefined|NaN|\[object/)
        const { tunnels } = kitData(config, database)
        expect(new Set(tunnels.flatMap(({ insideAws, insidePeer }) => [insideAws, insidePeer])).size).toBe(4)
        for (const { insideAws } of tunnels) assert.ok(all.includes(insideAws))
      },
    ),
    { numRuns: 60 },
  )
})
