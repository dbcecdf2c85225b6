import { expect, test } from '@jest/globals'
import { configData, parseData, problemsOf } from '#test/support/config.ts'
import { refusesEach, type RefusalRow } from './support.ts'

/** Refusals of what a database is, how it may be used, and what its connection offers. */
const rows: readonly RefusalRow[] = [
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
    name: 'an unknown key',
    environment: 'demo',
    change: (c) => {
      c.databases[0].internetGateway = true
    },
    path: 'databases[0]',
  },
]

refusesEach(rows)

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
