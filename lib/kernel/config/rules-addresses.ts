import ipaddr from 'ipaddr.js'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import { contains, formatAddress, overlaps, prefixLength, PRESENTED_PREFIX, rangeOf } from './addresses.ts'
import { fromEach, fromParts } from './parts.ts'
import { problem, type Problem } from './problem.ts'
import type { ConfigInput, Database } from './schema.ts'

/** RFC 1918. 100.64.0.0/10 is left out on purpose: carriers use it between a holder and the Internet. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(rangeOf)
/**
 * WorkSpaces manages its desktops over 198.19.0.0/16; the whole benchmarking block is kept free
 * (Amazon WorkSpaces, "IP address and port requirements").
 */
const WORKSPACES_MANAGEMENT = rangeOf('198.18.0.0/15')
/** A route as wide as 10.0.0.0/8 cuts a DCV desktop off its management interface (same source). */
const WIDEST_PREFIX = 9
/** RFC 5737: addresses for documentation; never a real gateway. */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(rangeOf)
/** Accounts that AWS's own documentation uses, and the local one: nothing real can be deployed to them. */
const DOCUMENTATION_ACCOUNTS = ['000000000000', '111122223333', '123456789012', '444455556666']
/** Prefix lengths each block may have: a VPC takes /16 to /28; a cell smaller than /20 holds no 180 projects. */
const SIZES = { presentedBlock: [16, 24], hubCidr: [16, 27], cell: [16, 20] } as const

/** What the kinds of address that are no gateway's are called, by the names of ipaddr.js. */
const RANGE_NAMES: Readonly<Record<string, Bilingual>> = {
  unspecified: { en: 'unspecified', ja: '未指定' },
  broadcast: { en: 'for broadcast', ja: 'ブロードキャスト用' },
  multicast: { en: 'for multicast', ja: 'マルチキャスト用' },
  linkLocal: { en: 'link-local', ja: 'リンクローカル' },
  loopback: { en: 'for loopback', ja: 'ループバック用' },
  carrierGradeNat: { en: "inside a carrier's network (RFC 6598)", ja: '通信事業者の内部用（RFC 6598）' },
  private: { en: 'private (RFC 1918)', ja: 'プライベート（RFC 1918）' },
}
const RESERVED: Bilingual = { en: 'reserved', ja: '予約済み' }

interface Block {
  readonly path: string
  readonly cidr: string
  readonly sizes: readonly [number, number]
}

/** Rules on the platform's own ranges, the presented networks, the peers' addresses and the holders' own networks. */
export const addressRules: readonly ((config: ConfigInput) => readonly Problem[])[] = [
  (config) => blocksOf(config).flatMap(blockProblems),
  (config) => overlapProblems(blocksOf(config)),
  cellIdProblems,
  slotProblems,
  slotDuplicates,
  peerAddressProblems,
  peerDuplicates,
  peerNumberProblems,
  ({ databases }) => fromEach(databases, realNetworkProblems),
  realNetworkOverlaps,
]

const blocksOf = (config: ConfigInput): Block[] => [
  ...fromParts(() => [
    { path: 'network.presentedBlock', cidr: config.network.presentedBlock, sizes: SIZES.presentedBlock },
  ]),
  ...fromParts(() => [{ path: 'network.hubCidr', cidr: config.network.hubCidr, sizes: SIZES.hubCidr }]),
  ...fromParts(() =>
    fromEach(config.cells, ({ cidr }, index) => [{ path: `cells[${index}].cidr`, cidr, sizes: SIZES.cell }]),
  ),
]

function blockProblems({ path, cidr, sizes: [widest, narrowest] }: Block): Problem[] {
  const range = rangeOf(cidr)
  const bits = prefixLength(cidr)
  const size = {
    en: `write a range of /${widest} to /${narrowest}`,
    ja: `/${widest} から /${narrowest} までの範囲を記載してください。`,
  }
  if (overlaps(range, WORKSPACES_MANAGEMENT))
    return [
      problem({
        reason: 'workspaces-management',
        path,
        value: cidr,
        why: {
          en: 'it touches 198.18.0.0/15, where WorkSpaces manages its desktops',
          ja: 'WorkSpaces が仮想デスクトップの管理に使う 198.18.0.0/15 に掛かっています。',
        },
        requirement: 'NET-4',
        next: {
          en: 'write a private range such as 172.24.0.0/16',
          ja: '172.24.0.0/16 のようなプライベートアドレスの範囲を記載してください。',
        },
      }),
    ]
  if (!PRIVATE.some((block) => contains(block, range)))
    return [
      problem({
        reason: 'public-range',
        path,
        value: cidr,
        why: {
          en: 'it is not a private range (RFC 1918)',
          ja: 'プライベートアドレス（RFC 1918）の範囲ではありません。',
        },
        requirement: 'NET-1',
        next: {
          en: 'write a range inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
          ja: '10.0.0.0/8、172.16.0.0/12 又は 192.168.0.0/16 の中の範囲を記載してください。',
        },
      }),
    ]
  if (bits < WIDEST_PREFIX)
    return [
      problem({
        reason: 'range-too-wide',
        path,
        value: cidr,
        why: {
          en: 'a route this wide cuts desktops off their management network',
          ja: 'これほど広い経路は、仮想デスクトップを管理用の網から切り離します。',
        },
        requirement: 'NET-4',
        next: size,
      }),
    ]
  if (bits < widest || bits > narrowest)
    return [
      problem({
        reason: 'range-size',
        path,
        value: cidr,
        why: {
          en: `its prefix must be from /${widest} to /${narrowest}`,
          ja: `プレフィックス長は /${widest} から /${narrowest} までとします。`,
        },
        requirement: 'ARC-3',
        next: size,
      }),
    ]
  return hostBitProblems(path, cidr)
}

/** An address with bits set behind its prefix names a machine, where a network is asked for. */
function hostBitProblems(path: string, cidr: string): Problem[] {
  const network = `${formatAddress(rangeOf(cidr).first)}/${prefixLength(cidr)}`
  if (network === cidr) return []
  return [
    problem({
      reason: 'host-bits',
      path,
      value: cidr,
      why: {
        en: 'its address has bits set behind the prefix',
        ja: 'プレフィックスより後ろのビットが 0 ではありません。',
      },
      next: { en: `write the network: ${network}`, ja: `網のアドレス ${network} を記載してください。` },
    }),
  ]
}

function overlapProblems(blocks: readonly Block[]): Problem[] {
  return blocks.flatMap((block, index) =>
    blocks
      .slice(0, index)
      .filter((earlier) => overlaps(rangeOf(earlier.cidr), rangeOf(block.cidr)))
      .map((earlier) =>
        problem({
          reason: 'overlapping-ranges',
          path: block.path,
          value: block.cidr,
          why: {
            en: `it overlaps ${earlier.path} ${earlier.cidr}`,
            ja: `${earlier.path} の ${earlier.cidr} と重なっています。`,
          },
          requirement: 'NET-5',
          next: { en: 'write a range of its own', ja: 'ほかと重ならない範囲を記載してください。' },
        }),
      ),
  )
}

/** A value that stands at a place. */
interface Located {
  readonly path: string
  readonly value: string | number
}

/** Problems for values that stand more than once; `why` says what sharing them would mean. */
export function duplicateProblems(
  located: readonly Located[],
  fault: { readonly reason: string; readonly why: Bilingual; readonly next: Bilingual; readonly requirement?: string },
): Problem[] {
  return located.flatMap(({ path, value }, index) => {
    const first = located.findIndex((other) => other.value === value)
    if (first === index) return []
    const { en, ja } = fault.why
    const see = located[first]!.path
    return [
      problem({ ...fault, path, value, why: { en: `${en} (see ${see})`, ja: `${ja}${see} を参照してください。` } }),
    ]
  })
}

function cellIdProblems({ cells }: ConfigInput): Problem[] {
  return duplicateProblems(
    fromEach(cells, ({ id }, index) => [{ path: `cells[${index}].id`, value: id }]),
    {
      reason: 'cell-id-shared',
      why: { en: 'two cells cannot share an id', ja: '二つのセルが同じ ID を持つことはできません。' },
      next: { en: 'write an id of its own', ja: 'ほかと異なる ID を記載してください。' },
    },
  )
}

function slotProblems({ databases, network }: ConfigInput): Problem[] {
  const located = 2 ** Math.max(0, PRESENTED_PREFIX - prefixLength(network.presentedBlock))
  return fromEach(databases, ({ slot }, index) =>
    slot < located
      ? []
      : [
          problem({
            reason: 'slot-outside-block',
            path: `databases[${index}].slot`,
            value: slot,
            why: {
              en: `network.presentedBlock holds ${located} networks of /${PRESENTED_PREFIX}`,
              ja: `network.presentedBlock に収まる /${PRESENTED_PREFIX} は ${located} 個です。`,
            },
            requirement: 'NET-1',
            next: {
              en: `write 0 to ${located - 1}, or a wider presentedBlock`,
              ja: `0〜${located - 1} を記載するか、presentedBlock を広げてください。`,
            },
          }),
        ],
  )
}

function slotDuplicates({ databases }: ConfigInput): Problem[] {
  return duplicateProblems(
    fromEach(databases, ({ slot }, index) => [{ path: `databases[${index}].slot`, value: slot }]),
    {
      reason: 'slot-shared',
      why: {
        en: 'two databases cannot present the same network',
        ja: '二つのDBが同じ提示ネットワークを持つことはできません。',
      },
      next: { en: 'write a slot that no database has had', ja: 'どのDBも使ったことのないスロットを記載してください。' },
      requirement: 'NET-1',
    },
  )
}

const GATEWAY_ADDRESS: Bilingual = {
  en: "write the public address of the holder's gateway",
  ja: '保有者側ゲートウェイのグローバルアドレスを記載してください。',
}

function peerAddressProblems({ databases, accounts }: ConfigInput): Problem[] {
  const nothingReal = Object.values(accounts).every((account) => DOCUMENTATION_ACCOUNTS.includes(account))
  return fromEach(databases, ({ peer: { address } }, index) => {
    const path = `databases[${index}].peer.address`
    const range = ipaddr.IPv4.parse(address).range()
    const documentation = DOCUMENTATION.some((block) => contains(block, rangeOf(`${address}/32`)))
    if (documentation && nothingReal) return []
    if (documentation)
      return [
        problem({
          reason: 'documentation-address',
          path,
          value: address,
          why: {
            en: 'this address is for documentation (RFC 5737), and the accounts are real',
            ja: '文書用のアドレス（RFC 5737）ですが、アカウントは実在のものです。',
          },
          requirement: 'NET-1',
          next: GATEWAY_ADDRESS,
        }),
      ]
    if (range === 'unicast') return []
    const name = RANGE_NAMES[range] ?? RESERVED
    return [
      problem({
        reason: 'gateway-address',
        path,
        value: address,
        why: {
          en: `this address is ${name.en}; a gateway is reached at a public address`,
          ja: `これは${name.ja}アドレスです。ゲートウェイにはグローバルアドレスで接続します。`,
        },
        requirement: 'NET-1',
        next: GATEWAY_ADDRESS,
      }),
    ]
  })
}

function peerDuplicates({ databases }: ConfigInput): Problem[] {
  return duplicateProblems(
    fromEach(databases, ({ peer }, index) => [{ path: `databases[${index}].peer.address`, value: peer.address }]),
    {
      reason: 'gateway-shared',
      why: {
        en: 'two databases cannot share a gateway: one holder could answer for the other',
        ja: '二つのDBでゲートウェイを共用すると、一方の保有者が他方に代わって応答できてしまいます。',
      },
      next: { en: 'write a gateway of its own', ja: 'DBごとに別のゲートウェイを記載してください。' },
      requirement: 'NET-6',
    },
  )
}

function peerNumberProblems({ databases, network: { asn } }: ConfigInput): Problem[] {
  return fromEach(databases, ({ peer }, index) =>
    peer.asn === asn
      ? [
          problem({
            reason: 'own-bgp-number',
            path: `databases[${index}].peer.asn`,
            value: peer.asn,
            why: {
              en: "it is the Transit Gateway's own number, and BGP would be internal",
              ja: 'Transit Gateway 自身の AS 番号であり、BGP が内部接続になってしまいます。',
            },
            requirement: 'NET-1',
            next: {
              en: 'write another private number, e.g. 65010',
              ja: '別のプライベート AS 番号を記載してください（例：65010）。',
            },
          }),
        ]
      : [],
  )
}

/** The holder's own network, into which its gateway translates: a network, and its own. */
function realNetworkProblems({ service }: Database, index: number): Problem[] {
  const { realCidr } = service
  if (realCidr === undefined) return []
  const path = `databases[${index}].service.realCidr`
  const isPrivate = PRIVATE.some((block) => contains(block, rangeOf(realCidr)))
  return [
    ...hostBitProblems(path, realCidr),
    ...(isPrivate || service.realCidrIsOwnPublicRange === true
      ? []
      : [
          problem({
            reason: 'public-real-network',
            path,
            value: realCidr,
            why: {
              en: "it is not a private range (RFC 1918), so it may be somebody else's on the Internet",
              ja: 'プライベートアドレス（RFC 1918）の範囲ではなく、インターネット上の第三者のものかもしれません。',
            },
            requirement: 'NET-1',
            next: {
              en:
                'write the private /28 of the servers, e.g. 10.20.1.0/28; ' +
                'where the holder has this range itself, add realCidrIsOwnPublicRange: true beside it',
              ja:
                'サーバーがあるプライベートアドレスの /28 を記載してください（例：10.20.1.0/28）。' +
                '保有者自身の範囲であれば、隣に realCidrIsOwnPublicRange: true と記載してください。',
            },
          }),
        ]),
  ]
}

/** Within one holder an address is one machine; two holders may well use the same private range. */
function realNetworkOverlaps({ databases }: ConfigInput): Problem[] {
  const networks = fromEach(databases, ({ id, holder, service: { realCidr } }, index) =>
    realCidr === undefined
      ? []
      : [{ id, realCidr, holder: `${holder.ja}\n${holder.en}`, path: `databases[${index}].service.realCidr` }],
  )
  return networks.flatMap((network, index) =>
    networks
      .slice(0, index)
      .filter(
        ({ holder, realCidr }) => holder === network.holder && overlaps(rangeOf(realCidr), rangeOf(network.realCidr)),
      )
      .map((earlier) =>
        problem({
          reason: 'real-network-shared',
          path: network.path,
          value: network.realCidr,
          why: {
            en: `it overlaps ${earlier.realCidr} of ${earlier.id}: who may reach one database would reach the other`,
            ja: `${earlier.id} の ${earlier.realCidr} と重なり、一方のDBの利用許可で他方のDBにも届いてしまいます。`,
          },
          requirement: 'NET-1',
          next: {
            en: "write the /28 in which this database's servers are, and no other's",
            ja: 'このDBのサーバーだけがある /28 を記載してください。',
          },
        }),
      ),
  )
}
