import { refusesEach, type RefusalRow } from './support.ts'

/** Refusals of what belongs to the environment as a whole. */
const rows: readonly RefusalRow[] = [
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
    name: '[NET-5] more projects than the cells hold',
    environment: 'demo',
    change: (c) => {
      c.capacity.projects = 21
    },
    path: 'capacity.projects',
    requirement: 'NET-5',
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

refusesEach(rows)
