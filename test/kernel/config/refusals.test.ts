import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { configData, configText, parseData, problemsOf, TODAY } from '#test/support/config.ts'
import { parseConfig } from '#lib/kernel/config/load.ts'

/** The path and the requirement are those that the refusal must name. */
type Refusal = readonly [
  name: string,
  environment: 'demo' | 'example-production',
  change: (data: any) => void,
  path: string,
  requirement?: string,
]

const refusals: readonly Refusal[] = [
  [
    '[ARC-5] a region outside Japan',
    'demo',
    (c) => {
      c.region = 'us-east-1'
    },
    'region',
    'ARC-5',
  ],
  [
    '[ARC-5] a copy outside Japan',
    'demo',
    (c) => {
      c.replicaRegion = 'ap-southeast-1'
    },
    'replicaRegion',
    'ARC-5',
  ],
  [
    '[SEC-5] a copy in the same region',
    'demo',
    (c) => {
      c.replicaRegion = 'ap-northeast-1'
    },
    'replicaRegion',
    'SEC-5',
  ],
  [
    'two equal zones',
    'demo',
    (c) => {
      c.azIds = ['apne1-az1', 'apne1-az1']
    },
    'azIds[1]',
  ],
  [
    '[NET-5] overlapping cells',
    'demo',
    (c) => {
      c.cells.push({ id: 2, cidr: '172.24.0.0/17', projects: 1 })
    },
    'cells[1].cidr',
    'NET-5',
  ],
  [
    '[NET-1] a public range',
    'demo',
    (c) => {
      c.cells[0].cidr = '8.8.0.0/16'
    },
    'cells[0].cidr',
    'NET-1',
  ],
  [
    '[NET-1] a carrier range',
    'demo',
    (c) => {
      c.network.presentedBlock = '100.64.0.0/20'
    },
    'network.presentedBlock',
    'NET-1',
  ],
  [
    '[NET-4] 198.18.0.0/15',
    'demo',
    (c) => {
      c.network.presentedBlock = '198.18.0.0/20'
    },
    'network.presentedBlock',
    'NET-4',
  ],
  [
    '[NET-4] the management network of WorkSpaces',
    'demo',
    (c) => {
      c.cells[0].cidr = '198.19.0.0/16'
    },
    'cells[0].cidr',
    'NET-4',
  ],
  [
    '[NET-4] a route as wide as 10.0.0.0/8',
    'demo',
    (c) => {
      c.network.presentedBlock = '10.0.0.0/8'
    },
    'network.presentedBlock',
    'NET-4',
  ],
  [
    'host bits behind a prefix',
    'demo',
    (c) => {
      c.cells[0].cidr = '172.24.1.0/16'
    },
    'cells[0].cidr',
  ],
  [
    'a prefix over 32',
    'demo',
    (c) => {
      c.cells[0].cidr = '172.24.0.0/33'
    },
    'cells[0].cidr',
  ],
  [
    '[ARC-2] two databases of one id',
    'demo',
    (c) => {
      c.databases[1].id = 'NDB'
    },
    'databases[1].id',
    'ARC-2',
  ],
  [
    '[NET-1] two databases in one slot',
    'demo',
    (c) => {
      c.databases[1].slot = 0
    },
    'databases[1].slot',
    'NET-1',
  ],
  [
    '[NET-1] a slot outside the block',
    'demo',
    (c) => {
      c.network.presentedBlock = '172.20.0.0/24'
      c.databases[1].slot = 16
    },
    'databases[1].slot',
    'NET-1',
  ],
  [
    'two cells of one id',
    'demo',
    (c) => {
      c.cells.push({ id: 1, cidr: '172.26.0.0/16', projects: 1 })
    },
    'cells[1].id',
  ],
  [
    'an id with a quote',
    'demo',
    (c) => {
      c.databases[0].id = 'N"DB'
    },
    'databases[0].id',
    undefined,
  ],
  [
    'an id that is a firewall option',
    'demo',
    (c) => {
      c.databases[0].id = 'NDB; SID'
    },
    'databases[0].id',
    undefined,
  ],
  [
    'a name with markup',
    'demo',
    (c) => {
      c.databases[0].name.en = '<script>alert(1)</script>'
    },
    'databases[0].name.en',
    undefined,
  ],
  [
    'a name with a line break',
    'demo',
    (c) => {
      c.databases[0].name.en = 'NDB\npermit ip any any'
    },
    'databases[0].name.en',
    undefined,
  ],
  [
    '[ARC-2] no legal basis',
    'demo',
    (c) => {
      delete c.databases[0].legalBasis
    },
    'databases[0].legalBasis',
    'ARC-2',
  ],
  [
    '[ARC-2] no holder',
    'demo',
    (c) => {
      delete c.databases[0].holder
    },
    'databases[0].holder',
    'ARC-2',
  ],
  [
    '[ARC-2] no kind',
    'demo',
    (c) => {
      delete c.databases[0].kind
    },
    'databases[0].kind',
    'ARC-2',
  ],
  [
    '[PUB-2] neither anonymised nor pseudonymised',
    'demo',
    (c) => {
      delete c.databases[0].dataKind
    },
    'databases[0].dataKind',
    'PUB-2',
  ],
  [
    '[LNK-3] no link route',
    'demo',
    (c) => {
      delete c.databases[0].linkRoute
    },
    'databases[0].linkRoute',
    'LNK-3',
  ],
  [
    '[LNK-3] a private database on ID5',
    'demo',
    (c) => {
      c.databases[2].linkRoute = 'id5'
    },
    'databases[2].linkRoute',
    'LNK-3',
  ],
  [
    '[NET-6] no responsibility boundary',
    'demo',
    (c) => {
      delete c.databases[0].responsibilityBoundary
    },
    'databases[0].responsibilityBoundary',
    'NET-6',
  ],
  [
    '[NET-6] an empty responsibility boundary',
    'demo',
    (c) => {
      c.databases[0].responsibilityBoundary = []
    },
    'databases[0].responsibilityBoundary',
    'NET-6',
  ],
  [
    '[NET-1] a private peer',
    'demo',
    (c) => {
      c.databases[0].peer.address = '10.1.2.3'
    },
    'databases[0].peer.address',
    'NET-1',
  ],
  [
    '[NET-1] a link-local peer',
    'demo',
    (c) => {
      c.databases[0].peer.address = '169.254.1.1'
    },
    'databases[0].peer.address',
    'NET-1',
  ],
  [
    '[NET-1] a carrier-grade peer',
    'demo',
    (c) => {
      c.databases[0].peer.address = '100.64.0.9'
    },
    'databases[0].peer.address',
    'NET-1',
  ],
  [
    '[NET-1] a multicast peer',
    'demo',
    (c) => {
      c.databases[0].peer.address = '224.0.0.5'
    },
    'databases[0].peer.address',
    'NET-1',
  ],
  [
    '[NET-1] a documentation peer with real accounts',
    'example-production',
    (c) => {
      c.accounts.workload = '210987654321'
    },
    'databases[0].peer.address',
    'NET-1',
  ],
  [
    '[NET-6] one gateway for two databases',
    'demo',
    (c) => {
      c.databases[1].peer.address = c.databases[0].peer.address
    },
    'databases[1].peer.address',
    'NET-6',
  ],
  [
    '[NET-1] a peer with our own BGP number',
    'demo',
    (c) => {
      c.databases[0].peer.asn = 64512
    },
    'databases[0].peer.asn',
    'NET-1',
  ],
  ...(
    [
      ['IKEv1', 'ikeVersions', ['ikev1', 'ikev2'], 'ikeVersions[0]'],
      ['AES-CBC', 'encryption', ['AES256'], 'encryption[0]'],
      ['SHA-1', 'integrity', ['SHA2-256', 'SHA1'], 'integrity[1]'],
      ['DH group 2', 'dhGroups', [2], 'dhGroups[0]'],
      ['DH group 14', 'dhGroups', [20, 14], 'dhGroups[1]'],
      ['DH group 22', 'dhGroups', [22], 'dhGroups[0]'],
      ['a phase 1 lifetime above 8 hours', 'phase1LifetimeSeconds', 28_801, 'phase1LifetimeSeconds'],
      ['a phase 2 lifetime above 1 hour', 'phase2LifetimeSeconds', 3_601, 'phase2LifetimeSeconds'],
    ] as const
  ).map(([name, key, value, path]): Refusal => [
    `[NET-2] ${name}`,
    'demo',
    (c: any) => {
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
    `databases[0].ipsec.${path}`,
    'NET-2',
  ]),
  [
    '[LOG-3] logs searchable for less than a year',
    'demo',
    (c) => {
      c.retention.searchableDays = 364
    },
    'retention.searchableDays',
    'LOG-3',
  ],
  [
    '[LOG-3] logs archived for less than five years',
    'demo',
    (c) => {
      c.retention.archiveDays = 1824
    },
    'retention.archiveDays',
    'LOG-3',
  ],
  [
    '[LOG-3] a lock that outlives its object',
    'demo',
    (c) => {
      c.archive.lock.days = 9999
    },
    'archive.lock.days',
    'LOG-3',
  ],
  [
    '[LOG-3] a lock that somebody may shorten, in production',
    'example-production',
    (c) => {
      c.archive.lock.mode = 'GOVERNANCE'
    },
    'archive.lock.mode',
    'LOG-3',
  ],
  [
    '[LOG-3] a short lock in production',
    'example-production',
    (c) => {
      c.archive.lock.days = 365
    },
    'archive.lock.days',
    'LOG-3',
  ],
  [
    '[LOG-2] the log account is the workload account, in production',
    'example-production',
    (c) => {
      c.accounts.log = c.accounts.workload
    },
    'accounts.log',
    'LOG-2',
  ],
  [
    '[VIS-3] sixteen idle minutes',
    'demo',
    (c) => {
      c.desktop.idleMinutes = 16
    },
    'desktop.idleMinutes',
    'VIS-3',
  ],
  [
    '[VIS-3] a session of thirteen hours',
    'demo',
    (c) => {
      c.desktop.maxSessionHours = 13
    },
    'desktop.maxSessionHours',
    'VIS-3',
  ],
  [
    '[AUTH-1] no identity provider',
    'demo',
    (c) => {
      delete c.identityProvider
    },
    'identityProvider',
    'AUTH-1',
  ],
  [
    '[AUTH-1] one factor',
    'demo',
    (c) => {
      c.identityProvider.factors = ['password']
    },
    'identityProvider.factors',
    'AUTH-1',
  ],
  [
    '[AUTH-1] two factors of one kind',
    'demo',
    (c) => {
      c.identityProvider.factors = ['totp', 'certificate']
    },
    'identityProvider.factors',
    'AUTH-1',
  ],
  [
    '[AUTH-1] an identity provider without TLS',
    'demo',
    (c) => {
      c.identityProvider.metadataUrl = 'http://idp.example/m.xml'
    },
    'identityProvider.metadataUrl',
  ],
  [
    '[PDB-1] a private database without accreditation',
    'demo',
    (c) => {
      delete c.databases[2].accreditation
    },
    'databases[2].accreditation',
    'PDB-1',
  ],
  [
    '[PDB-1] a lapsed accreditation',
    'demo',
    (c) => {
      c.databases[2].accreditation.validTo = '2026-11-21'
    },
    'databases[2].accreditation.validTo',
    'PDB-1',
  ],
  [
    '[PDB-1] a suspended accreditation',
    'demo',
    (c) => {
      c.databases[2].accreditation.status = 'suspended'
    },
    'databases[2].accreditation.status',
    'PDB-1',
  ],
  [
    '[PUB-3] pseudonymised data on media',
    'demo',
    (c) => {
      c.databases[2].provisionRoute = 'media'
    },
    'databases[2].provisionRoute',
    'PUB-3',
  ],
  [
    '[PUB-3] an exception that has expired',
    'demo',
    (c) => {
      Object.assign(c.databases[2], {
        provisionRoute: 'on-site',
        exception: { id: 'EX1', approvedBy: 'Committee', expires: '2026-11-21' },
      })
    },
    'databases[2].provisionRoute',
    'PUB-3',
  ],
  [
    '[NET-5] more projects than the cells hold',
    'demo',
    (c) => {
      c.capacity.projects = 21
    },
    'capacity.projects',
    'NET-5',
  ],
  [
    '[NET-5] a cell above what EFS allows',
    'demo',
    (c) => {
      c.cells[0].projects = 181
    },
    'cells[0].projects',
  ],
  [
    'an unknown key',
    'demo',
    (c) => {
      c.databases[0].internetGateway = true
    },
    'databases[0]',
  ],
]

for (const [name, environment, change, path, requirement] of refusals) {
  test(`refused: ${name}`, () => {
    const data = configData(environment)
    change(data)
    const problems = problemsOf(() => parseData(data))
    const problem = problems.find((candidate) => candidate.path === path)
    assert.ok(problem, `expected a problem at ${path}, got ${JSON.stringify(problems)}`)
    if (requirement) expect(problem.requirement).toBe(requirement)
    for (const part of [problem.found, problem.why, problem.write]) assert.ok(part.length > 0)
  })
}

const texts: readonly [string, string, RegExp][] = [
  ['an anchor', 'a: &x 1', /&x/],
  ['an alias', 'a: &x 1\nb: *x', /\*x/],
  ['a duplicate key', 'region: a\nregion: b', /DUPLICATE_KEY/],
  ['two documents', 'a: 1\n---\nb: 2', /2 YAML documents/],
  ['a custom tag', 'a: !!js/function "x"', /TAG_RESOLVE_FAILED/],
  ['no document', '', /./],
  ['a list', '- 1', /./],
  ['more than a mebibyte', 'a'.repeat(1_048_577), /1048577 bytes/],
]
for (const [name, text, expected] of texts) {
  test(`refused: a file with ${name}`, () => {
    const problems = problemsOf(() => parseConfig('test.yaml', text, TODAY))
    assert.ok(problems.length > 0)
    expect(problems.map((problem) => problem.found).join('\n')).toMatch(expected)
  })
}

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

test('every problem of a file is told at once, in one format', () => {
  const text = configText('demo').replace('idleMinutes: 15', 'idleMinutes: 99').replace('asn: 65010', 'asn: 64512')
  expect(() => parseConfig('demo.yaml', text, TODAY)).toThrow(
    /^demo\.yaml: refused, 2 problems\n {2}desktop\.idleMinutes\n {4}found: 99\n {4}why: {3}.+ \(VIS-3\)\n {4}write: 15 or less\n/,
  )
})
