import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { refusalLines } from '#domain/kernel/refusal.ts'
import { configData, configText, parseData, problemsOf, TODAY } from '#test/support/config.ts'
import { loadConfig, parseConfig } from '#lib/kernel/config/load.ts'
import { ConfigRefused, type Problem } from '#lib/kernel/config/problem.ts'

/** The path and the requirement are those that the refusal must name. */
interface RefusalRow {
  readonly name: string
  readonly environment: 'demo' | 'example-production'
  readonly change: (data: any) => void
  readonly path: string
  readonly requirement?: string
}

const refusals: readonly RefusalRow[] = [
  {
    name: '[ARC-5] a region outside Japan',
    environment: 'demo',
    change: (c) => {
      c.region = 'us-east-1'
    },
    path: 'region',
    requirement: 'ARC-5',
  },
  {
    name: '[ARC-5] a copy outside Japan',
    environment: 'demo',
    change: (c) => {
      c.replicaRegion = 'ap-southeast-1'
    },
    path: 'replicaRegion',
    requirement: 'ARC-5',
  },
  {
    name: '[SEC-5] a copy in the same region',
    environment: 'demo',
    change: (c) => {
      c.replicaRegion = 'ap-northeast-1'
    },
    path: 'replicaRegion',
    requirement: 'SEC-5',
  },
  {
    name: 'two equal zones',
    environment: 'demo',
    change: (c) => {
      c.azIds = ['apne1-az1', 'apne1-az1']
    },
    path: 'azIds[1]',
  },
  {
    name: '[NET-5] overlapping cells',
    environment: 'demo',
    change: (c) => {
      c.cells.push({ id: 2, cidr: '172.24.0.0/17', projects: 1 })
    },
    path: 'cells[1].cidr',
    requirement: 'NET-5',
  },
  {
    name: '[NET-1] a public range',
    environment: 'demo',
    change: (c) => {
      c.cells[0].cidr = '8.8.0.0/16'
    },
    path: 'cells[0].cidr',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a carrier range',
    environment: 'demo',
    change: (c) => {
      c.network.presentedBlock = '100.64.0.0/20'
    },
    path: 'network.presentedBlock',
    requirement: 'NET-1',
  },
  {
    name: '[NET-4] 198.18.0.0/15',
    environment: 'demo',
    change: (c) => {
      c.network.presentedBlock = '198.18.0.0/20'
    },
    path: 'network.presentedBlock',
    requirement: 'NET-4',
  },
  {
    name: '[NET-4] the management network of WorkSpaces',
    environment: 'demo',
    change: (c) => {
      c.cells[0].cidr = '198.19.0.0/16'
    },
    path: 'cells[0].cidr',
    requirement: 'NET-4',
  },
  {
    name: '[NET-4] a route as wide as 10.0.0.0/8',
    environment: 'demo',
    change: (c) => {
      c.network.presentedBlock = '10.0.0.0/8'
    },
    path: 'network.presentedBlock',
    requirement: 'NET-4',
  },
  {
    name: 'host bits behind a prefix',
    environment: 'demo',
    change: (c) => {
      c.cells[0].cidr = '172.24.1.0/16'
    },
    path: 'cells[0].cidr',
  },
  {
    name: 'a prefix over 32',
    environment: 'demo',
    change: (c) => {
      c.cells[0].cidr = '172.24.0.0/33'
    },
    path: 'cells[0].cidr',
  },
  {
    name: '[ARC-2] two databases of one id',
    environment: 'demo',
    change: (c) => {
      c.databases[1].id = 'NDB'
    },
    path: 'databases[1].id',
    requirement: 'ARC-2',
  },
  {
    name: '[NET-1] two databases in one slot',
    environment: 'demo',
    change: (c) => {
      c.databases[1].slot = 0
    },
    path: 'databases[1].slot',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a slot outside the block',
    environment: 'demo',
    change: (c) => {
      c.network.presentedBlock = '172.20.0.0/24'
      c.databases[1].slot = 16
    },
    path: 'databases[1].slot',
    requirement: 'NET-1',
  },
  {
    name: 'two cells of one id',
    environment: 'demo',
    change: (c) => {
      c.cells.push({ id: 1, cidr: '172.26.0.0/16', projects: 1 })
    },
    path: 'cells[1].id',
  },
  {
    name: 'an id with a quote',
    environment: 'demo',
    change: (c) => {
      c.databases[0].id = 'N"DB'
    },
    path: 'databases[0].id',
  },
  {
    name: 'an id that is a firewall option',
    environment: 'demo',
    change: (c) => {
      c.databases[0].id = 'NDB; SID'
    },
    path: 'databases[0].id',
  },
  {
    name: 'a name with markup',
    environment: 'demo',
    change: (c) => {
      c.databases[0].name.en = '<script>alert(1)</script>'
    },
    path: 'databases[0].name.en',
  },
  {
    name: 'a name with a line break',
    environment: 'demo',
    change: (c) => {
      c.databases[0].name.en = 'NDB\npermit ip any any'
    },
    path: 'databases[0].name.en',
  },
  {
    name: '[ARC-2] no legal basis',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].legalBasis
    },
    path: 'databases[0].legalBasis',
    requirement: 'ARC-2',
  },
  {
    name: '[ARC-2] no holder',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].holder
    },
    path: 'databases[0].holder',
    requirement: 'ARC-2',
  },
  {
    name: '[ARC-2] no kind',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].kind
    },
    path: 'databases[0].kind',
    requirement: 'ARC-2',
  },
  {
    name: '[PUB-2] neither anonymised nor pseudonymised',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].dataKind
    },
    path: 'databases[0].dataKind',
    requirement: 'PUB-2',
  },
  {
    name: '[LNK-3] no link route',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].linkRoute
    },
    path: 'databases[0].linkRoute',
    requirement: 'LNK-3',
  },
  {
    name: '[LNK-3] a private database on ID5',
    environment: 'demo',
    change: (c) => {
      c.databases[2].linkRoute = 'id5'
    },
    path: 'databases[2].linkRoute',
    requirement: 'LNK-3',
  },
  {
    name: '[NET-6] no responsibility boundary',
    environment: 'demo',
    change: (c) => {
      delete c.databases[0].responsibilityBoundary
    },
    path: 'databases[0].responsibilityBoundary',
    requirement: 'NET-6',
  },
  {
    name: '[NET-6] an empty responsibility boundary',
    environment: 'demo',
    change: (c) => {
      c.databases[0].responsibilityBoundary = []
    },
    path: 'databases[0].responsibilityBoundary',
    requirement: 'NET-6',
  },
  {
    name: '[NET-1] a private peer',
    environment: 'demo',
    change: (c) => {
      c.databases[0].peer.address = '10.1.2.3'
    },
    path: 'databases[0].peer.address',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a link-local peer',
    environment: 'demo',
    change: (c) => {
      c.databases[0].peer.address = '169.254.1.1'
    },
    path: 'databases[0].peer.address',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a carrier-grade peer',
    environment: 'demo',
    change: (c) => {
      c.databases[0].peer.address = '100.64.0.9'
    },
    path: 'databases[0].peer.address',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a multicast peer',
    environment: 'demo',
    change: (c) => {
      c.databases[0].peer.address = '224.0.0.5'
    },
    path: 'databases[0].peer.address',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] a documentation peer with real accounts',
    environment: 'example-production',
    change: (c) => {
      c.accounts.workload = '210987654321'
    },
    path: 'databases[0].peer.address',
    requirement: 'NET-1',
  },
  {
    name: '[NET-6] one gateway for two databases',
    environment: 'demo',
    change: (c) => {
      c.databases[1].peer.address = c.databases[0].peer.address
    },
    path: 'databases[1].peer.address',
    requirement: 'NET-6',
  },
  {
    name: '[NET-1] a peer with our own BGP number',
    environment: 'demo',
    change: (c) => {
      c.databases[0].peer.asn = 64512
    },
    path: 'databases[0].peer.asn',
    requirement: 'NET-1',
  },
  ...[
    { name: 'IKEv1', key: 'ikeVersions', value: ['ikev1', 'ikev2'], place: '[0]' },
    { name: 'AES-CBC', key: 'encryption', value: ['AES256'], place: '[0]' },
    { name: 'SHA-1', key: 'integrity', value: ['SHA2-256', 'SHA1'], place: '[1]' },
    { name: 'DH group 2', key: 'dhGroups', value: [2], place: '[0]' },
    { name: 'DH group 14', key: 'dhGroups', value: [20, 14], place: '[1]' },
    { name: 'DH group 22', key: 'dhGroups', value: [22], place: '[0]' },
    { name: 'a phase 1 lifetime above 8 hours', key: 'phase1LifetimeSeconds', value: 28_801, place: '' },
    { name: 'a phase 2 lifetime above 1 hour', key: 'phase2LifetimeSeconds', value: 3_601, place: '' },
  ].map(({ name, key, value, place }): RefusalRow => ({
    name: `[NET-2] ${name}`,
    environment: 'demo',
    change: (c) => {
      c.databases[0].ipsec = {
        ikeVersions: ['ikev2'],
        encryption: ['AES256-GCM-16'],
        integrity: ['SHA2-384'],
        dhGroups: [20],
        phase1LifetimeSeconds: 28_800,
        phase2LifetimeSeconds: 3_600,
        [key]: value,
      }
    },
    path: `databases[0].ipsec.${key}${place}`,
    requirement: 'NET-2',
  })),
  {
    name: '[LOG-3] logs searchable for less than a year',
    environment: 'demo',
    change: (c) => {
      c.retention.searchableDays = 364
    },
    path: 'retention.searchableDays',
    requirement: 'LOG-3',
  },
  {
    name: '[LOG-3] logs archived for less than five years',
    environment: 'demo',
    change: (c) => {
      c.retention.archiveDays = 1824
    },
    path: 'retention.archiveDays',
    requirement: 'LOG-3',
  },
  {
    name: '[LOG-3] a lock that outlives its object',
    environment: 'demo',
    change: (c) => {
      c.archive.lock.days = 9999
    },
    path: 'archive.lock.days',
    requirement: 'LOG-3',
  },
  {
    name: '[LOG-3] a lock that somebody may shorten, in production',
    environment: 'example-production',
    change: (c) => {
      c.archive.lock.mode = 'GOVERNANCE'
    },
    path: 'archive.lock.mode',
    requirement: 'LOG-3',
  },
  {
    name: '[LOG-3] a short lock in production',
    environment: 'example-production',
    change: (c) => {
      c.archive.lock.days = 365
    },
    path: 'archive.lock.days',
    requirement: 'LOG-3',
  },
  {
    name: '[LOG-2] the log account is the workload account, in production',
    environment: 'example-production',
    change: (c) => {
      c.accounts.log = c.accounts.workload
    },
    path: 'accounts.log',
    requirement: 'LOG-2',
  },
  {
    name: '[VIS-3] sixteen idle minutes',
    environment: 'demo',
    change: (c) => {
      c.desktop.idleMinutes = 16
    },
    path: 'desktop.idleMinutes',
    requirement: 'VIS-3',
  },
  {
    name: '[VIS-3] a session of thirteen hours',
    environment: 'demo',
    change: (c) => {
      c.desktop.maxSessionHours = 13
    },
    path: 'desktop.maxSessionHours',
    requirement: 'VIS-3',
  },
  {
    name: '[AUTH-1] no identity provider',
    environment: 'demo',
    change: (c) => {
      delete c.identityProvider
    },
    path: 'identityProvider',
    requirement: 'AUTH-1',
  },
  {
    name: '[AUTH-1] one factor',
    environment: 'demo',
    change: (c) => {
      c.identityProvider.factors = ['password']
    },
    path: 'identityProvider.factors',
    requirement: 'AUTH-1',
  },
  {
    name: '[AUTH-1] two factors of one kind',
    environment: 'demo',
    change: (c) => {
      c.identityProvider.factors = ['totp', 'certificate']
    },
    path: 'identityProvider.factors',
    requirement: 'AUTH-1',
  },
  {
    name: '[AUTH-1] an identity provider without TLS',
    environment: 'demo',
    change: (c) => {
      c.identityProvider.metadataUrl = 'http://idp.example/m.xml'
    },
    path: 'identityProvider.metadataUrl',
  },
  {
    name: '[PDB-1] a private database without accreditation',
    environment: 'demo',
    change: (c) => {
      delete c.databases[2].accreditation
    },
    path: 'databases[2].accreditation',
    requirement: 'PDB-1',
  },
  {
    name: '[PDB-1] a lapsed accreditation',
    environment: 'demo',
    change: (c) => {
      c.databases[2].accreditation.validTo = '2026-11-21'
    },
    path: 'databases[2].accreditation.validTo',
    requirement: 'PDB-1',
  },
  {
    name: '[PDB-1] a suspended accreditation',
    environment: 'demo',
    change: (c) => {
      c.databases[2].accreditation.status = 'suspended'
    },
    path: 'databases[2].accreditation.status',
    requirement: 'PDB-1',
  },
  {
    name: '[PUB-3] pseudonymised data on media',
    environment: 'demo',
    change: (c) => {
      c.databases[2].provisionRoute = 'media'
    },
    path: 'databases[2].provisionRoute',
    requirement: 'PUB-3',
  },
  {
    name: '[PUB-3] an exception that has expired',
    environment: 'demo',
    change: (c) => {
      Object.assign(c.databases[2], {
        provisionRoute: 'on-site',
        exception: { id: 'EX1', approvedBy: 'Committee', expires: '2026-11-21' },
      })
    },
    path: 'databases[2].provisionRoute',
    requirement: 'PUB-3',
  },
  {
    name: '[NET-5] more projects than the cells hold',
    environment: 'demo',
    change: (c) => {
      c.capacity.projects = 21
    },
    path: 'capacity.projects',
    requirement: 'NET-5',
  },
  {
    name: '[NET-5] a cell above what EFS allows',
    environment: 'demo',
    change: (c) => {
      c.cells[0].projects = 181
    },
    path: 'cells[0].projects',
  },
  {
    name: 'an unknown key',
    environment: 'demo',
    change: (c) => {
      c.databases[0].internetGateway = true
    },
    path: 'databases[0]',
  },
  {
    name: "host bits in a holder's own network",
    environment: 'demo',
    change: (c) => {
      c.databases[0].service.realCidr = '10.20.1.5/28'
    },
    path: 'databases[0].service.realCidr',
  },
  {
    name: "[NET-1] a public range as a holder's own network",
    environment: 'demo',
    change: (c) => {
      c.databases[0].service.realCidr = '8.8.8.0/28'
    },
    path: 'databases[0].service.realCidr',
    requirement: 'NET-1',
  },
  {
    name: "[NET-1] a public range that is expressly not the holder's own",
    environment: 'demo',
    change: (c) => {
      Object.assign(c.databases[0].service, { realCidr: '8.8.8.0/28', realCidrIsOwnPublicRange: false })
    },
    path: 'databases[0].service.realCidr',
    requirement: 'NET-1',
  },
  {
    name: '[NET-1] one network for two databases of a holder',
    environment: 'demo',
    change: (c) => {
      c.databases[1].service.realCidr = c.databases[0].service.realCidr
    },
    path: 'databases[1].service.realCidr',
    requirement: 'NET-1',
  },
  {
    name: '[LOG-3] an environment that is production by its name only',
    environment: 'example-production',
    change: (c) => {
      c.production = false
    },
    path: 'production',
    requirement: 'LOG-3',
  },
]

/** Words of the libraries that read the file: they name neither unit nor example, and are nobody's language. */
const LIBRARY_WORDS = /Invalid input|Too big|Too small|must match pattern|expected (string|number|array|object)\b/
/** A text without a Japanese letter, with half-width brackets or with a sentence in the plain style. */
const NOT_JAPANESE = /^[^\p{sc=Hiragana}]*$|[ぁ-ん一-龠]\(|\)[ぁ-ん一-龠]|(である|だ|する|した|ない)$/u

/** What every refusal of a configuration keeps to. */
function expectWhole({ code, what, why, next }: Problem): void {
  expect(code).toMatch(/^config\.[a-z0-9-]+$/)
  for (const { en, ja } of [what, why, next]) {
    expect(en).toMatch(/./)
    expect(en).not.toMatch(LIBRARY_WORDS)
    expect(ja).not.toMatch(NOT_JAPANESE)
  }
}

for (const { name, environment, change, path, requirement } of refusals) {
  test(`refused: ${name}`, () => {
    const data = configData(environment)
    change(data)
    const problems = problemsOf(() => parseData(data))
    const problem = problems.find((candidate) => candidate.path === path)
    assert.ok(problem, `expected a problem at ${path}, got ${JSON.stringify(problems)}`)
    if (requirement) expect(problem.requirement).toBe(requirement)
    for (const each of problems) expectWhole(each)
  })
}

/** A value of the wrong shape, and what is to be written instead. */
interface ShapeRow {
  readonly name: string
  readonly change: (data: any) => void
  readonly path: string
  readonly why?: RegExp
  readonly next: RegExp
}

const shapes: readonly ShapeRow[] = [
  {
    name: 'a unit behind a number',
    change: (c) => {
      c.desktop.idleMinutes = '15m'
    },
    path: 'desktop.idleMinutes',
    why: /a whole number without quotes is expected/,
    next: /minutes, a number without unit, e\.g\. 15/,
  },
  {
    name: 'a number in quotes',
    change: (c) => {
      c.network.asn = '64512'
    },
    path: 'network.asn',
    next: /without quotes, e\.g\. 65010/,
  },
  {
    name: 'an account id without quotes',
    change: (c) => {
      c.accounts.workload = 0
    },
    path: 'accounts.workload',
    next: /put the 12 digits of the account in quotes/,
  },
  {
    name: 'a zone name for a zone id',
    change: (c) => {
      c.azIds = ['ap-northeast-1a', 'apne1-az4']
    },
    path: 'azIds[0]',
    next: /availability zone id.+ apne1-az1/,
  },
  {
    name: 'an IPv6 range',
    change: (c) => {
      c.network.hubCidr = 'fd00::/48'
    },
    path: 'network.hubCidr',
    next: /IPv4 range, e\.g\. 172\.24\.0\.0\/16/,
  },
  {
    name: 'an IPv6 gateway',
    change: (c) => {
      c.databases[0].peer.address = '2001:db8::1'
    },
    path: 'databases[0].peer.address',
    next: /IPv4 address, e\.g\. /,
  },
  {
    name: 'more databases than there may be',
    change: (c) => {
      c.databases = Array.from({ length: 200 }, () => c.databases[0])
    },
    path: 'databases',
    why: /at most 100 entries/,
    next: /at most 100 entries/,
  },
  {
    name: 'no database',
    change: (c) => {
      c.databases = []
    },
    path: 'databases',
    next: /at least 1 entry/,
  },
  {
    name: 'a day that the calendar does not have',
    change: (c) => {
      c.databases[2].accreditation.validTo = '2028-02-30'
    },
    path: 'databases[2].accreditation.validTo',
    next: /2028-03-31/,
  },
  {
    name: 'a word for a switch',
    change: (c) => {
      c.production = 'no'
    },
    path: 'production',
    next: /write true or false/,
  },
  {
    name: 'a value that a list of words does not have',
    change: (c) => {
      c.securityServices = 'new'
    },
    path: 'securityServices',
    next: /write "create" or "existing"/,
  },
  {
    name: 'a section that is missing',
    change: (c) => {
      delete c.retention
    },
    path: 'retention',
    why: /required/,
    next: /"searchableDays" and "archiveDays"/,
  },
  {
    name: 'a mistyped key',
    change: (c) => {
      c.alarmMail = c.alarmEmail
      delete c.alarmEmail
    },
    path: '',
    next: /did you mean "alarmEmail"\?/,
  },
]
for (const { name, change, path, why, next } of shapes) {
  test(`refused with unit and example: ${name}`, () => {
    const data = configData('demo')
    change(data)
    const problems = problemsOf(() => parseData(data))
    const problem = problems.find((candidate) => candidate.path === path)
    assert.ok(problem, `expected a problem at ${path}, got ${JSON.stringify(problems)}`)
    if (why) expect(problem.why.en).toMatch(why)
    expect(problem.next.en).toMatch(next)
    for (const each of problems) expectWhole(each)
  })
}

const texts = [
  { name: 'an anchor', text: 'a: &x 1', what: /&x/ },
  { name: 'an alias', text: 'a: &x 1\nb: *x', what: /\*x/ },
  { name: 'a duplicate key', text: 'region: a\nregion: b', what: /DUPLICATE_KEY/ },
  { name: 'two documents', text: 'a: 1\n---\nb: 2', what: /2 YAML documents/ },
  { name: 'a custom tag', text: 'a: !!js/function "x"', what: /TAG_RESOLVE_FAILED/ },
  { name: 'no document', text: '', what: /./ },
  { name: 'a list', text: '- 1', what: /./ },
  { name: 'more than a mebibyte', text: 'a'.repeat(1_048_577), what: /1048577 bytes/ },
]
for (const { name, text, what } of texts) {
  test(`refused: a file with ${name}`, () => {
    const problems = problemsOf(() => parseConfig('test.yaml', text, TODAY))
    assert.ok(problems.length > 0)
    expect(problems.map((problem) => problem.what.en).join('\n')).toMatch(what)
    for (const each of problems) expectWhole(each)
  })
}

test('a file full of faults of YAML shows the first three and counts the others', () => {
  const text = configText('demo').replaceAll('  ', '\t')
  const problems = problemsOf(() => parseConfig('test.yaml', text, TODAY))
  expect(problems.length).toBe(4)
  expect(problems.at(-1)!.what.en).toMatch(/^found \d+ further faults of YAML$/)
})

describe('a file that cannot be read as text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-config-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'folder.yaml'))
  writeFileSync(join(folder, 'shift-jis.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0x93, 0xfa, 0x96, 0x7b]))
  writeFileSync(join(folder, 'utf-16.yaml'), Buffer.from('\ufeffa: 1', 'utf16le'))
  writeFileSync(join(folder, 'large.yaml'), 'a'.repeat(1_048_577))
  for (const { file, code, text } of [
    { file: 'folder.yaml', code: 'config.unreadable', text: /it is a folder/ },
    { file: 'absent.yaml', code: 'config.unreadable', text: /there is no such file/ },
    { file: 'shift-jis.yaml', code: 'config.not-utf8', text: /save the file as UTF-8/ },
    { file: 'utf-16.yaml', code: 'config.not-utf8', text: /UTF-16/ },
    { file: 'large.yaml', code: 'config.too-large', text: /1048577 bytes/ },
  ])
    test(`is refused for that and nothing else: ${file}`, () => {
      const problems = problemsOf(() => loadConfig(join(folder, file), TODAY))
      expect(problems.map((problem) => problem.code)).toEqual([code])
      expect(refusalLines(problems[0]!).join('\n')).toMatch(text)
      expectWhole(problems[0]!)
    })
})

test('an environment that is missing is refused with those that there are', () => {
  const [problem] = problemsOf(() => loadConfig(join(import.meta.dirname, '../../../config/absent.yaml'), TODAY))
  expect(problem!.next.en).toMatch(/: demo, example-production$/)
})

test('faults of shape and of rules are told together, each rule on the parts that can be read', () => {
  const data = configData('demo')
  data.desktop.idleMinutes = '15m'
  data.databases[0].service.port = 'postgres'
  data.databases[2].peer = 'gateway'
  data.retention.searchableDays = 10
  data.desktop.maxSessionHours = 13
  data.databases[1].slot = 0
  data.cells.push({ id: 2, cidr: '172.24.0.0/17', projects: 'many' })
  expect(problemsOf(() => parseData(data)).map(({ path }) => path)).toEqual([
    'desktop.idleMinutes',
    'cells[1].projects',
    'databases[0].service.port',
    'databases[2].peer',
    'retention.searchableDays',
    'desktop.maxSessionHours',
    'cells[1].cidr',
    'databases[1].slot',
  ])
})

test("[NET-1] a holder's own public range is accepted where that is said, and one range for two holders", () => {
  const data = configData('demo')
  Object.assign(data.databases[0].service, { realCidr: '8.8.8.0/28', realCidrIsOwnPublicRange: true })
  data.databases[2].service.realCidr = data.databases[1].service.realCidr
  expect(problemsOf(() => parseData(data))).toEqual([])
})

test('[PDB-1] an accreditation holds on its last day', () => {
  const data = configData('demo')
  data.databases[2].accreditation.validTo = '2026-11-22'
  expect(problemsOf(() => parseData(data))).toEqual([])
})

test('[PUB-3] an approved exception that has not expired opens another route', () => {
  const data = configData('demo')
  Object.assign(data.databases[2], {
    provisionRoute: 'on-site',
    exception: { id: 'EX1', approvedBy: 'Committee', expires: '2026-11-22' },
  })
  expect(problemsOf(() => parseData(data))).toEqual([])
})

test('every problem of a file is told at once, in one format and both languages', () => {
  const text = configText('demo').replace('idleMinutes: 15', 'idleMinutes: 99').replace('asn: 65010', 'asn: 64512')
  const refuse = () => parseConfig('demo.yaml', text, TODAY)
  expect(refuse).toThrow(
    new RegExp(
      '^✗ demo\\.yaml: refused, 2 problems\n {2}desktop\\.idleMinutes: found 99\n {4}why: {2}.+ \\(VIS-3\\)\n' +
        ' {4}next: write 15 minutes or less, .+\n {2}databases\\[0\\]\\.peer\\.asn: found 64512\n',
    ),
  )
  assert.throws(refuse, (error: unknown) => {
    assert.ok(error instanceof ConfigRefused)
    expect(error.inWords('ja')).toMatch(
      /^✗ demo\.yaml：受け付けられません（問題 2 件）\n {2}desktop\.idleMinutes：99と記載されています。\n {4}理由：.+（VIS-3）\n/,
    )
    return true
  })
})
