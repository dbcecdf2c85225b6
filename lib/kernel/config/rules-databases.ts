import type { Bilingual } from '#domain/kernel/refusal.ts'
import { fromEach, fromParts } from './parts.ts'
import { problem, type Problem } from './problem.ts'
import { duplicateProblems } from './rules-addresses.ts'
import type { ConfigInput, Database, IpsecProposals } from './schema.ts'

/** What NET-2 allows to be offered, on either tunnel, in either phase. */
const NET2 = {
  ikeVersions: ['ikev2'],
  encryption: ['AES256-GCM-16', 'AES128-GCM-16'],
  integrity: ['SHA2-256', 'SHA2-384', 'SHA2-512'],
  dhGroups: [15, 16, 17, 18, 19, 20, 21],
  phase1LifetimeSeconds: 28_800,
  phase2LifetimeSeconds: 3_600,
} as const
/** AWS refuses shorter lifetimes than this (VpnTunnelOptionsSpecification). */
const SHORTEST_LIFETIME_SECONDS = 900
/**
 * A firewall policy takes 20 groups of 5 sets; one group is kept for what is blocked
 * (docs/aws-behaviour.md, Network Firewall).
 */
const MOST_FIREWALL_SLOTS = 95

/** A rule on one database: `path` is its place, `day` the day on which it is judged. */
type DatabaseRule = (database: Database, path: string, day: string) => readonly Problem[]

const ofEachDatabase: readonly DatabaseRule[] = [
  publicKindProblems,
  publicLinkProblems,
  accreditationProblems,
  privateLinkProblems,
  routeProblems,
  firewallSlotProblems,
  ({ ipsec }, path) => (ipsec ? ipsecProblems(ipsec, `${path}.ipsec`) : []),
]

/** Rules on each database: who holds it, how it may be used, over what it is reached. */
export const databaseRules: readonly ((config: ConfigInput, today: Date) => readonly Problem[])[] = [
  idDuplicates,
  ({ databases }, today) =>
    fromEach(databases, (database, index) =>
      ofEachDatabase.flatMap((rule) =>
        fromParts(() => rule(database, `databases[${index}]`, today.toISOString().slice(0, 10))),
      ),
    ),
]

function idDuplicates({ databases }: ConfigInput): Problem[] {
  return duplicateProblems(
    fromEach(databases, ({ id }, index) => [{ path: `databases[${index}].id`, value: id }]),
    {
      reason: 'database-id-shared',
      why: { en: 'two databases cannot share an id', ja: '二つのDBが同じ ID を持つことはできません。' },
      next: { en: 'write an id of its own', ja: 'ほかと異なる ID を記載してください。' },
      requirement: 'ARC-2',
    },
  )
}

function firewallSlotProblems({ slot }: Database, path: string): Problem[] {
  if (slot < MOST_FIREWALL_SLOTS) return []
  return [
    problem({
      reason: 'slot-outside-firewall',
      path: `${path}.slot`,
      value: slot,
      why: {
        en: 'a firewall policy takes 19 groups of 5 databases beside the blocked set',
        ja: 'ファイアウォールポリシーに置けるのは、遮断用の集合のほかに、5 つのDBを収める規則グループ 19 個までです。',
      },
      requirement: 'NET-1',
      next: { en: `write 0 to ${MOST_FIREWALL_SLOTS - 1}`, ja: `0〜${MOST_FIREWALL_SLOTS - 1} を記載してください。` },
    }),
  ]
}

function publicKindProblems({ kind, accreditation }: Database, path: string): Problem[] {
  if (kind !== 'public' || !accreditation) return []
  return [
    problem({
      reason: 'accreditation-of-public',
      path: `${path}.accreditation`,
      value: accreditation.status,
      why: { en: 'only private databases are accredited', ja: '資格認定を受けるのは民間DBだけです。' },
      requirement: 'PDB-1',
      next: { en: 'take it out, or write kind: private', ja: '削除するか、kind: private と記載してください。' },
    }),
  ]
}

function publicLinkProblems({ kind, linkRoute }: Database, path: string): Problem[] {
  if (kind !== 'public' || linkRoute !== 'accredited-producer') return []
  return [
    problem({
      reason: 'link-route-of-public',
      path: `${path}.linkRoute`,
      value: linkRoute,
      why: { en: 'that is the route of private databases', ja: '民間DBの連結経路です。' },
      requirement: 'LNK-3',
      next: { en: 'write id5, id4 or none', ja: 'id5、id4 又は none を記載してください。' },
    }),
  ]
}

const WHILE_ACCREDITED: Bilingual = {
  en: 'a private database is connected only while accredited',
  ja: '民間DBを接続できるのは、資格認定を受けている間だけです。',
}

function accreditationProblems({ kind, accreditation }: Database, path: string, day: string): Problem[] {
  if (kind === 'public') return []
  if (!accreditation)
    return [
      problem({
        reason: 'accreditation-missing',
        path: `${path}.accreditation`,
        value: undefined,
        why: WHILE_ACCREDITED,
        requirement: 'PDB-1',
        next: {
          en: 'write status, body, legalStatus and validTo',
          ja: 'status、body、legalStatus 及び validTo を記載してください。',
        },
      }),
    ]
  if (accreditation.status !== 'accredited')
    return [
      problem({
        reason: 'not-accredited',
        path: `${path}.accreditation.status`,
        value: accreditation.status,
        why: WHILE_ACCREDITED,
        requirement: 'PDB-1',
        next: {
          en: 'write accredited, once it is; until then leave the database out',
          ja: '資格認定を受けてから accredited と記載してください。それまではこのDBを設定から外してください。',
        },
      }),
    ]
  if (accreditation.validTo >= day) return []
  return [
    problem({
      reason: 'accreditation-lapsed',
      path: `${path}.accreditation.validTo`,
      value: accreditation.validTo,
      why: { en: `the accreditation lapsed before ${day}`, ja: `資格認定の有効期間は ${day} より前に満了しています。` },
      requirement: 'PDB-1',
      next: {
        en: 'write the renewed date, or leave the database out',
        ja: '更新後の期限を記載するか、このDBを設定から外してください。',
      },
    }),
  ]
}

function privateLinkProblems({ kind, linkRoute }: Database, path: string): Problem[] {
  if (kind === 'public' || linkRoute === 'accredited-producer' || linkRoute === 'none') return []
  return [
    problem({
      reason: 'link-route-of-private',
      path: `${path}.linkRoute`,
      value: linkRoute,
      why: {
        en: 'the persons of a private database are linked only by an approved route',
        ja: '民間DBのレコード連結は、認められた経路でだけ行います。',
      },
      requirement: 'LNK-3',
      next: { en: 'write accredited-producer or none', ja: 'accredited-producer 又は none を記載してください。' },
    }),
  ]
}

function routeProblems({ dataKind, provisionRoute, exception }: Database, path: string, day: string): Problem[] {
  if (dataKind !== 'pseudonymised' || provisionRoute === 'visiting') return []
  if (exception && exception.expires >= day) return []
  return [
    problem({
      reason: 'provision-route',
      path: `${path}.provisionRoute`,
      value: provisionRoute,
      why: exception
        ? {
            en: `its exception ${exception.id} expired on ${exception.expires}`,
            ja: `例外 ${exception.id} は ${exception.expires} に失効しています。`,
          }
        : {
            en: 'pseudonymised data are used in the Visiting environment',
            ja: '仮名化したデータは Visiting 環境で利用します。',
          },
      requirement: 'PUB-3',
      next: {
        en: 'write visiting, or an approved exception that has not expired',
        ja: 'visiting と記載するか、承認され失効していない例外を記載してください。',
      },
    }),
  ]
}

/**
 * Rules on a proposal list (NET-2); the platform's own default in `policies/network/ipsec.yaml` is held to the same.
 */
export const ipsecProblems = (ipsec: IpsecProposals, path: string): Problem[] => [
  ...(['ikeVersions', 'encryption', 'integrity', 'dhGroups'] as const).flatMap((key) =>
    fromParts(() => proposalProblems(ipsec[key], NET2[key], `${path}.${key}`)),
  ),
  ...(['phase1LifetimeSeconds', 'phase2LifetimeSeconds'] as const).flatMap((key) =>
    fromParts(() => lifetimeProblems(ipsec[key], NET2[key], `${path}.${key}`)),
  ),
]

function proposalProblems(
  offers: readonly (string | number)[],
  allowed: readonly (string | number)[],
  path: string,
): Problem[] {
  return fromEach(offers, (value, index) =>
    allowed.includes(value)
      ? []
      : [
          problem({
            reason: 'weak-proposal',
            path: `${path}[${index}]`,
            value,
            why: { en: 'it is weaker than what may be offered', ja: '提案してよい強度に達していません。' },
            requirement: 'NET-2',
            next: {
              en: `write only ${allowed.join(', ')}`,
              ja: `次のものだけを記載してください：${allowed.join('、')}`,
            },
          }),
        ],
  )
}

function lifetimeProblems(seconds: number, most: number, path: string): Problem[] {
  if (seconds <= most && seconds >= SHORTEST_LIFETIME_SECONDS) return []
  return [
    problem({
      reason: 'key-lifetime',
      path,
      value: seconds,
      why: { en: 'keys are renewed in time', ja: '鍵は期限内に更新します。' },
      requirement: 'NET-2',
      next: {
        en: `write ${SHORTEST_LIFETIME_SECONDS} to ${most} seconds, a number without unit`,
        ja: `${SHORTEST_LIFETIME_SECONDS}〜${most} 秒を、単位を付けない数で記載してください。`,
      },
    }),
  ]
}
