import assert from 'node:assert/strict'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { presentedCidr } from '#lib/kernel/config/addresses.ts'
import { prove, type ProofReport } from '#proof/network/prove.ts'
import { EXCEPTIONS_FILE, readExceptions } from '#proof/network/exceptions.ts'
import { explain, NoSuchParty } from '#proof/network/explain.ts'
import { madeUp, sampleGrants } from '#proof/network/grants.ts'
import { intendedFlows } from '#proof/network/intent.ts'
import { nameOf } from '#proof/network/model/network.ts'
import { readModel } from '#proof/network/model/read.ts'
import { weaknessesOf } from '#proof/network/model/vpn.ts'
import { parseRules } from '#proof/network/model/suricata.ts'
import { demoAssembly, productionAssembly } from '#test/support/assembly.ts'
import { demoConfig, productionConfig } from '#test/support/config.ts'
import { Templates } from './kit.ts'
import { expectThat } from '#test/support/expect.ts'

const worlds = [
  { name: 'demo', config: demoConfig(), templates: new Templates(demoAssembly()) },
  { name: 'the production example', config: productionConfig(), templates: new Templates(productionAssembly()) },
]
const reports = worlds.map((world) => ({
  ...world,
  report: prove(world.templates, world.config, sampleGrants(world.config)),
}))
const holds = (report: ProofReport, id: string) =>
  expect(report.counterexamples.filter(({ verdict }) => verdict === id)).toEqual([])

for (const { name, report, config, templates } of reports) {
  test(`[ARC-3] ${name}: what can flow is exactly what is intended, with every resource understood`, () => {
    for (const id of ['model', 'rest', 'complete']) holds(report, id)
    assert.ok(report.ok)
    assert.ok(report.flows.every(({ proved }) => proved))
  })
  test(`[NET-1] [C-1] ${name}: no database reaches another, or a desktop that did not ask`, () =>
    holds(report, 'databases'))
  test(`[NET-4] [C-1] ${name}: nothing reaches the Internet by packet or by name, nor comes from it`, () => {
    holds(report, 'internet')
    holds(report, 'names')
  })
  test(`[NET-5] [C-1] ${name}: no project reaches another`, () => holds(report, 'projects'))
  test(`[NET-5] [C-2] ${name}: desktops reach their granted databases on their ports, no others, by two layers`, () => {
    holds(report, 'grants')
    holds(report, 'layers')
  })
  test(`[NET-2] [C-3] ${name}: every database flow crosses the firewall and a tunnel with strong proposals only`, () =>
    holds(report, 'encrypted'))
  test(`[NET-4] [C-9] ${name}: every blocked flow is blocked twice, and each exception is needed`, () => {
    holds(report, 'layers')
    expect(report.exceptions).toEqual(readExceptions(EXCEPTIONS_FILE).map(({ id }) => id))
  })
  test(`[NET-5] ${name}: a grant that ends takes its flows, one that begins brings exactly its own`, () => {
    const [first, second] = config.databases
    const ask = (databases: readonly string[], status: 'open' | 'suspended' = 'open') => {
      // A suspended neighbour, so that every exception is needed.
      const grants = madeUp(config, [
        { id: 'P-ONE', cell: 1, databases, people: 1, status },
        { id: 'P-NEXT', cell: 1, databases: [first!.id], people: 2, suspendedPeople: 1 },
        { id: 'P-LATE', cell: 1, databases: [second!.id], people: 1 },
      ])
      const { network } = readModel(templates.stacks, config, grants)
      assert.ok(prove(templates, config, grants).ok)
      return [first!, second!].map(({ id }) => explain(network, config, grants, { from: 'P-ONE', to: id }).answered)
    }
    expect(ask([first!.id])).toEqual([true, false])
    expect(ask([first!.id, second!.id])).toEqual([true, true])
    expect(ask([first!.id, second!.id], 'suspended')).toEqual([false, false])
  })
}

test('[C-2] intent has each granted database once a project, at its network and port, none for the suspended', () => {
  const config = demoConfig()
  const flows = intendedFlows(config, sampleGrants(config))
  const toDatabases = flows
    .filter(({ to }) => to.kind === 'database')
    .map(({ from, to, network, ports }) => `${nameOf(from)} ${nameOf(to)} ${network} ${ports[0]}`)
  const [ndb, dpc, rwd] = config.databases.map((database) => presentedCidr(config, database))
  expect(toDatabases.sort()).toEqual([
    `desktop of P-FIRST (granted) database NDB ${ndb} 5432`,
    `desktop of P-FIRST (granted) database RWD1 ${rwd} 5433`,
    `desktop of P-SECOND (granted) database DPC ${dpc} 5432`,
    `desktop of P-THIRD (granted) database RWD1 ${rwd} 5433`,
  ])
  expect(
    flows.filter(({ from }) => nameOf(from).includes('shut-off') || nameOf(from).includes('P-SUSPENDED')).length,
  ).toBe(0)
})

test('[C-9] an exception unneeded or expired fails the proof; each missing one shows its packet', () => {
  const { config, templates } = worlds[0]!
  const exceptions = readExceptions(EXCEPTIONS_FILE)
  const grants = sampleGrants(config)
  const why = (list: typeof exceptions) =>
    prove(templates, config, grants, list).counterexamples.map(({ from, what }) => `${from}: ${what}`)
  assert.ok(
    why([...exceptions, { ...exceptions[0]!, id: 'NX-99', from: ['store'] }]).some((text) =>
      text.startsWith('NX-99: no blocked flow needs'),
    ),
  )
  assert.ok(
    why(exceptions.map((each) => (each.id === 'NX-5' ? { ...each, expires: '2026-06-14' } : each))).some((text) =>
      text.startsWith('NX-5: the exception expired'),
    ),
  )
  for (const { id } of exceptions) {
    const without = prove(
      templates,
      config,
      grants,
      exceptions.filter((each) => each.id !== id),
    )
    expectThat(
      without.verdicts.filter(({ ok }) => !ok).map((verdict) => verdict.id),
      id,
    ).toEqual(['layers'])
  }
  expect(() => readExceptions(join(import.meta.dirname, 'one-owner.yaml'))).toThrow(/two different owners/)
})

test('[NET-2] [C-3] tunnels that leave anything to AWS, or offer anything weak, are not proved', () => {
  const { templates } = worlds[0]!
  const strong = templates.properties('link-NDB', 'AWS::EC2::VPNConnection')[
    'VpnTunnelOptionsSpecifications'
  ] as Record<string, unknown>[]
  const gaps: string[] = []
  const weak = (specifications: unknown) => weaknessesOf(specifications, 'ipsec.1', (where) => gaps.push(where))
  expect(weak(strong)).toEqual([])
  for (const key of Object.keys(strong[0]!).filter((name) => /^(IKE|Phase\d(Enc|Int|DH))/.test(name))) {
    const { [key]: _, ...rest } = strong[0]!
    expect(weak([rest, strong[1]]).join()).toMatch(new RegExp(`tunnel 1: ${key} is left to AWS`))
  }
  expect(gaps).toEqual([])
  weak([{ ...strong[0], Unheard: true }, strong[1]])
  expect(gaps).toEqual(['VpnTunnelOptionsSpecifications[0].Unheard'])
})

test('[ARC-3] firewall rules are read strictly: what is not understood is told, never skipped', () => {
  const vocabulary = {
    set: (name: string) => (name === 'SET' ? 'the set' : undefined),
    networks: (name: string) => (name === 'HOME' ? ['10.0.0.0/8', '172.16.0.0/12'] : undefined),
    ports: () => undefined,
  }
  const read = (text: string) => parseRules(text, vocabulary, 'group')
  const [rule] = read('pass tcp [$HOME,!10.1.0.0/16] 1024: -> @SET ![22,80:90] (msg:"x"; sid:7; rev:2;)')
  assert.ok(rule && 'problem' in rule, 'a negated list is not read')
  const [plain] = read(
    '# a comment\n\nreject udp [$HOME,!10.1.0.0/16] 1024: <> @SET [!22,80:90] (msg:"x"; sid:7; rev:2;)',
  )
  expect(plain).toEqual({
    rule: {
      action: 'drop',
      protocol: 17,
      bothWays: true,
      rule: 'group sid 7: reject udp [$HOME,!10.1.0.0/16] 1024: <> @SET [!22,80:90]',
      source: [
        { not: false, cidr: '10.0.0.0/8' },
        { not: false, cidr: '172.16.0.0/12' },
        { not: true, cidr: '10.1.0.0/16' },
      ],
      sourcePorts: [{ not: false, ports: [1024, 65_535] }],
      destination: [{ not: false, set: 'the set' }],
      destinationPorts: [
        { not: true, ports: [22, 22] },
        { not: false, ports: [80, 90] },
      ],
    },
  })
  for (const strange of [
    'pass tls any any -> any any (sid:1;)',
    'pass tcp any any -> any any (flow:established; sid:1;)',
    'pass tcp @OTHER any -> any any (sid:1;)',
    'pass tcp any 99999 -> any any (sid:1;)',
    'pass tcp any any <- any any (sid:1;)',
    'pass tcp $OTHER any -> any any (sid:1;)',
    'pass tcp [any,10.0.0.0/8] any -> any any (sid:1;)',
    'config tcp any any -> any any (sid:1;)',
    'nonsense',
  ])
    assert.ok('problem' in read(strange)[0]!, strange)
})

test('[ARC-3] the way of a packet is told hop by hop, and what stops it with what would stop it next', () => {
  const { config, templates } = worlds[0]!
  const grants = sampleGrants(config)
  const { network } = readModel(templates.stacks, config, grants)
  const told = (from: string, to: string, port?: number) => explain(network, config, grants, { from, to, port })
  const query = told('P-FIRST', 'NDB')
  assert.ok(query.arrives && query.answered && query.intended)
  expect(query.trace.map(({ at }) => at).join('\n')).toMatch(
    /security groups of the sender\n.*network ACL.*\n(.*\n)*.*firewall(.*\n)*.*IPsec connection link-NDB\/Connection$/s,
  )
  expect(told('P-FIRST', 'DPC').stops.map(({ layer }) => layer)).toEqual(['source group', 'firewall'])
  expect(told('P-FIRST', 'internet').stops.map(({ layer }) => layer)).toEqual(['source group', 'network ACL'])
  expect(told('P-FIRST', 'store:P-SECOND').stops.map(({ layer }) => layer)).toEqual([
    'source group',
    'destination group',
  ])
  expect(told('NDB', 'DPC').stops.map(({ layer }) => layer)).toEqual(['routes', 'firewall'])
  expect(told('172.24.0.4', '172.20.0.5', 5432).to).toBe('database NDB')
  expect(() => told('nobody', 'NDB')).toThrow(NoSuchParty)
  expect(() => told('172.24.9.9.9', 'NDB')).toThrow(NoSuchParty)
})
