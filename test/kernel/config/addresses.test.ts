import { expect, test } from '@jest/globals'
import { configData, parseData, problemsOf } from '#test/support/config.ts'
import { refusesEach, type RefusalRow } from './support.ts'

/** Refusals of ranges, slots, gateways and the holders' own networks. */
const rows: readonly RefusalRow[] = [
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
  {
    name: '[NET-5] a cell above what EFS allows',
    environment: 'demo',
    change: (c) => {
      c.cells[0].projects = 181
    },
    path: 'cells[0].projects',
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
]

refusesEach(rows)

test("[NET-1] a holder's own public range is accepted where that is said, and one range for two holders", () => {
  const data = configData('demo')
  Object.assign(data.databases[0].service, { realCidr: '8.8.8.0/28', realCidrIsOwnPublicRange: true })
  data.databases[2].service.realCidr = data.databases[1].service.realCidr
  expect(problemsOf(() => parseData(data))).toEqual([])
})
