import ipaddr from 'ipaddr.js'
import { contains, formatAddress, overlaps, prefixLength, PRESENTED_PREFIX, rangeOf } from './addresses.ts'
import { show, type Problem } from './problem.ts'
import type { ConfigInput } from './schema.ts'

/** RFC 1918. 100.64.0.0/10 is left out on purpose: carriers use it between a holder and the Internet. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(rangeOf)
/** WorkSpaces manages its desktops over 198.19.0.0/16; the whole benchmarking block is kept free (Amazon WorkSpaces, "IP address and port requirements"). */
const WORKSPACES_MANAGEMENT = rangeOf('198.18.0.0/15')
/** A route as wide as 10.0.0.0/8 cuts a DCV desktop off its management interface (same source). */
const WIDEST_PREFIX = 9
/** RFC 5737: addresses for documentation; never a real gateway. */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(rangeOf)
/** Accounts that AWS's own documentation uses, and the local one: nothing real can be deployed to them. */
const DOCUMENTATION_ACCOUNTS = ['000000000000', '111122223333', '123456789012', '444455556666']
/** Prefix lengths each block may have: a VPC takes /16 to /28; a cell smaller than /20 holds no 180 projects. */
const SIZES = { presentedBlock: [16, 24], hubCidr: [16, 27], cell: [16, 20] } as const

interface Block {
  readonly path: string
  readonly cidr: string
  readonly sizes: readonly [number, number]
}

/** Rules on the platform's own ranges, the presented networks and the peers' addresses. */
export function addressProblems(config: ConfigInput): Problem[] {
  const blocks: Block[] = [
    { path: 'network.presentedBlock', cidr: config.network.presentedBlock, sizes: SIZES.presentedBlock },
    { path: 'network.hubCidr', cidr: config.network.hubCidr, sizes: SIZES.hubCidr },
    ...config.cells.map((cell, index) => ({ path: `cells[${index}].cidr`, cidr: cell.cidr, sizes: SIZES.cell })),
  ]
  return [
    ...blocks.flatMap(blockProblems),
    ...overlapProblems(blocks),
    ...cellIdProblems(config),
    ...slotProblems(config),
    ...peerProblems(config),
  ]
}

function blockProblems({ path, cidr, sizes: [widest, narrowest] }: Block): Problem[] {
  const range = rangeOf(cidr)
  const bits = prefixLength(cidr)
  const found = show(cidr)
  if (overlaps(range, WORKSPACES_MANAGEMENT))
    return [
      {
        path,
        found,
        why: 'it touches 198.18.0.0/15, where WorkSpaces manages its desktops',
        requirement: 'NET-4',
        write: 'a private range such as 172.24.0.0/16',
      },
    ]
  if (!PRIVATE.some((block) => contains(block, range)))
    return [
      {
        path,
        found,
        why: 'it is not a private range (RFC 1918)',
        requirement: 'NET-1',
        write: 'a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
      },
    ]
  if (bits < WIDEST_PREFIX)
    return [
      {
        path,
        found,
        why: 'a route this wide cuts desktops off their management network',
        requirement: 'NET-4',
        write: `a /${widest} to /${narrowest}`,
      },
    ]
  if (bits < widest || bits > narrowest)
    return [
      {
        path,
        found,
        why: `its prefix must be from /${widest} to /${narrowest}`,
        requirement: 'ARC-3',
        write: `a /${widest} to /${narrowest}`,
      },
    ]
  if (formatAddress(range.first) !== cidr.split('/')[0])
    return [
      {
        path,
        found,
        why: 'its address has bits set behind the prefix',
        write: `${formatAddress(range.first)}/${bits}`,
      },
    ]
  return []
}

function overlapProblems(blocks: readonly Block[]): Problem[] {
  return blocks.flatMap((block, index) =>
    blocks
      .slice(0, index)
      .filter((earlier) => overlaps(rangeOf(earlier.cidr), rangeOf(block.cidr)))
      .map((earlier) => ({
        path: block.path,
        found: show(block.cidr),
        why: `it overlaps ${earlier.path} ${earlier.cidr}`,
        requirement: 'NET-5',
        write: 'a range of its own',
      })),
  )
}

/** Problems for values that stand more than once; `describe` says what sharing them would mean. */
export function duplicateProblems(
  values: readonly { readonly path: string; readonly value: string | number }[],
  why: string,
  write: string,
  requirement?: string,
): Problem[] {
  return values.flatMap(({ path, value }, index) => {
    const first = values.findIndex((other) => other.value === value)
    return first < index
      ? [
          {
            path,
            found: show(value),
            why: `${why} (see ${values[first]!.path})`,
            write,
            ...(requirement ? { requirement } : {}),
          },
        ]
      : []
  })
}

function cellIdProblems({ cells }: ConfigInput): Problem[] {
  return duplicateProblems(
    cells.map((cell, index) => ({ path: `cells[${index}].id`, value: cell.id })),
    'two cells cannot share an id',
    'an id of its own',
  )
}

function slotProblems({ databases, network }: ConfigInput): Problem[] {
  const places = 2 ** Math.max(0, PRESENTED_PREFIX - prefixLength(network.presentedBlock))
  return [
    ...databases.flatMap(({ slot }, index) =>
      slot < places
        ? []
        : [
            {
              path: `databases[${index}].slot`,
              found: show(slot),
              why: `network.presentedBlock holds ${places} networks of /${PRESENTED_PREFIX}`,
              requirement: 'NET-1',
              write: `0 to ${places - 1}, or a wider presentedBlock`,
            },
          ],
    ),
    ...duplicateProblems(
      databases.map(({ slot }, index) => ({ path: `databases[${index}].slot`, value: slot })),
      'two databases cannot present the same network',
      'a slot that no database has had',
      'NET-1',
    ),
  ]
}

function peerProblems({ databases, accounts, network }: ConfigInput): Problem[] {
  const nothingReal = Object.values(accounts).every((account) => DOCUMENTATION_ACCOUNTS.includes(account))
  const problems = databases.flatMap(({ peer }, index): Problem[] => {
    const path = `databases[${index}].peer.address`
    const range = ipaddr.IPv4.parse(peer.address).range()
    const documentation = DOCUMENTATION.some((block) => contains(block, rangeOf(`${peer.address}/32`)))
    if (documentation && nothingReal) return []
    if (documentation)
      return [
        {
          path,
          found: show(peer.address),
          why: 'this address is for documentation (RFC 5737), and the accounts are real',
          requirement: 'NET-1',
          write: "the public address of the holder's gateway",
        },
      ]
    if (range !== 'unicast')
      return [
        {
          path,
          found: show(peer.address),
          why: `this address is ${range}; a gateway is reached at a public address`,
          requirement: 'NET-1',
          write: "the public address of the holder's gateway",
        },
      ]
    return []
  })
  return [
    ...problems,
    ...duplicateProblems(
      databases.map(({ peer }, index) => ({ path: `databases[${index}].peer.address`, value: peer.address })),
      'two databases cannot share a gateway: one holder could answer for the other',
      'a gateway of its own',
      'NET-6',
    ),
    ...databases.flatMap(({ peer }, index) =>
      peer.asn === network.asn
        ? [
            {
              path: `databases[${index}].peer.asn`,
              found: show(peer.asn),
              why: "it is the Transit Gateway's own number, and BGP would be internal",
              requirement: 'NET-1',
              write: 'another private number',
            },
          ]
        : [],
    ),
  ]
}
