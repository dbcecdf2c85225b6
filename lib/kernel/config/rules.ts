import { fromParts } from './parts.ts'
import { problem, type Problem } from './problem.ts'
import { addressRules } from './rules-addresses.ts'
import { databaseRules } from './rules-databases.ts'
import type { ConfigInput } from './schema.ts'

/** Tokyo: the region of the platform. WorkSpaces is not offered in Osaka, so Osaka can only hold copies. */
const REGION = 'ap-northeast-1'
const REPLICA_REGION = 'ap-northeast-3'
const JAPAN = [REGION, REPLICA_REGION]
/** Searchable and archived log retention in days (LOG-3). */
const SEARCHABLE_DAYS = 365
const ARCHIVE_DAYS = 1825
/** VIS-3: idle minutes and session hours. */
const IDLE_MINUTES = 15
const SESSION_HOURS = 12
/** How the environment is called to which real data come. */
const PRODUCTION_NAME = /^prod/

/** Kinds of factor by AUTH-1: two of different kinds are asked for. */
const factorKind = {
  password: 'knowledge',
  totp: 'possession',
  passkey: 'possession',
  certificate: 'possession',
  biometric: 'inherence',
} as const

/**
 * Rules between values, and bounds that have a reason of their own. Each is run by itself on the parts that it reads.
 */
const rules: readonly ((config: ConfigInput, today: Date) => readonly Problem[])[] = [
  regionProblems,
  replicaProblems,
  zoneProblems,
  productionNameProblems,
  logAccountProblems,
  lockModeProblems,
  lockDaysProblems,
  searchableProblems,
  archiveProblems,
  archiveOrderProblems,
  lockOrderProblems,
  factorProblems,
  idleProblems,
  sessionProblems,
  capacityProblems,
  ...addressRules,
  ...databaseRules,
]

/** What the rules find. Empty where the configuration may stand. */
export const ruleProblems = (config: ConfigInput, today: Date): Problem[] =>
  rules.flatMap((rule) => fromParts(() => rule(config, today)))

function regionProblems({ region }: ConfigInput): Problem[] {
  if (region === REGION) return []
  return [
    problem({
      reason: 'region',
      path: 'region',
      value: region,
      why: JAPAN.includes(region)
        ? {
            en: 'Amazon WorkSpaces is not offered in Osaka',
            ja: '大阪リージョンでは Amazon WorkSpaces が提供されていません。',
          }
        : { en: 'storage and processing stay in Japan', ja: 'データの保存と処理は国内で行います。' },
      requirement: 'ARC-5',
      next: { en: `write ${REGION}`, ja: `${REGION} と記載してください。` },
    }),
  ]
}

function replicaProblems({ region, replicaRegion }: ConfigInput): Problem[] {
  const fault = {
    path: 'replicaRegion',
    value: replicaRegion,
    next: { en: `write ${REPLICA_REGION}`, ja: `${REPLICA_REGION} と記載してください。` },
  }
  if (!JAPAN.includes(replicaRegion))
    return [
      problem({
        ...fault,
        reason: 'replica-abroad',
        why: { en: 'copies stay in Japan too', ja: '写しも国内に置きます。' },
        requirement: 'ARC-5',
      }),
    ]
  return replicaRegion === region
    ? [
        problem({
          ...fault,
          reason: 'replica-in-same-region',
          why: {
            en: 'a copy in the same region is lost with it',
            ja: '同じリージョンに置いた写しは、リージョンとともに失われます。',
          },
          requirement: 'SEC-5',
        }),
      ]
    : []
}

function zoneProblems({ azIds }: ConfigInput): Problem[] {
  if (azIds[0] !== azIds[1]) return []
  return [
    problem({
      reason: 'equal-zones',
      path: 'azIds[1]',
      value: azIds[1],
      why: { en: 'a directory needs two different zones', ja: 'ディレクトリには異なる二つのゾーンが要ります。' },
      next: {
        en: 'write two different zone ids, e.g. [apne1-az1, apne1-az4]',
        ja: '異なる二つのゾーン ID を記載してください（例：[apne1-az1, apne1-az4]）。',
      },
    }),
  ]
}

function productionNameProblems({ environment, production }: ConfigInput): Problem[] {
  if (production || !PRODUCTION_NAME.test(environment)) return []
  return [
    problem({
      reason: 'production-by-name-only',
      path: 'production',
      value: production,
      why: {
        en: `the environment is called ${environment}, but the rules of production would not hold for it`,
        ja: `環境の名称は ${environment} ですが、このままでは本番環境の規則が適用されません。`,
      },
      requirement: 'LOG-3',
      next: {
        en: 'write true, or give the environment another name',
        ja: 'true と記載するか、環境に別の名称を付けてください。',
      },
    }),
  ]
}

function logAccountProblems({ production, accounts }: ConfigInput): Problem[] {
  if (!production || accounts.log !== accounts.workload) return []
  return [
    problem({
      reason: 'log-account-shared',
      path: 'accounts.log',
      value: accounts.log,
      why: {
        en: 'in production whoever administers the workload must not be able to touch its logs',
        ja: '本番環境では、業務用アカウントの管理者がそのログに触れられないようにします。',
      },
      requirement: 'LOG-2',
      next: { en: 'write the id of a separate log account', ja: '別のログアカウントの ID を記載してください。' },
    }),
  ]
}

function lockModeProblems({ production, archive }: ConfigInput): Problem[] {
  if (!production || archive.lock.mode === 'COMPLIANCE') return []
  return [
    problem({
      reason: 'lock-mode',
      path: 'archive.lock.mode',
      value: archive.lock.mode,
      why: {
        en: 'in production nobody may shorten the lock',
        ja: '本番環境では、誰もロックの期間を縮められないようにします。',
      },
      requirement: 'LOG-3',
      next: { en: 'write COMPLIANCE', ja: 'COMPLIANCE と記載してください。' },
    }),
  ]
}

function lockDaysProblems({ production, archive }: ConfigInput): Problem[] {
  if (!production || archive.lock.days >= ARCHIVE_DAYS) return []
  return [
    problem({
      reason: 'lock-days',
      path: 'archive.lock.days',
      value: archive.lock.days,
      why: { en: 'archived logs are kept five years', ja: '保管するログは五年間残します。' },
      requirement: 'LOG-3',
      next: daysOrMore(ARCHIVE_DAYS),
    }),
  ]
}

function searchableProblems({ retention: { searchableDays } }: ConfigInput): Problem[] {
  if (searchableDays >= SEARCHABLE_DAYS) return []
  return [
    problem({
      reason: 'searchable-days',
      path: 'retention.searchableDays',
      value: searchableDays,
      why: { en: 'logs stay searchable for a year', ja: 'ログは一年間検索できるようにします。' },
      requirement: 'LOG-3',
      next: daysOrMore(SEARCHABLE_DAYS),
    }),
  ]
}

function archiveProblems({ retention: { archiveDays } }: ConfigInput): Problem[] {
  if (archiveDays >= ARCHIVE_DAYS) return []
  return [
    problem({
      reason: 'archive-days',
      path: 'retention.archiveDays',
      value: archiveDays,
      why: { en: 'archived logs are kept five years', ja: '保管するログは五年間残します。' },
      requirement: 'LOG-3',
      next: daysOrMore(ARCHIVE_DAYS),
    }),
  ]
}

function archiveOrderProblems({ retention: { searchableDays, archiveDays } }: ConfigInput): Problem[] {
  if (archiveDays >= searchableDays) return []
  return [
    problem({
      reason: 'archive-before-search',
      path: 'retention.archiveDays',
      value: archiveDays,
      why: {
        en: 'the archive would end before the searchable period',
        ja: '検索できる期間より先に保管が終わってしまいます。',
      },
      requirement: 'LOG-3',
      next: {
        en: `write ${searchableDays} days (retention.searchableDays) or more`,
        ja: `${searchableDays} 日（retention.searchableDays）以上を記載してください。`,
      },
    }),
  ]
}

function lockOrderProblems({ retention: { archiveDays }, archive: { lock } }: ConfigInput): Problem[] {
  if (lock.days <= archiveDays) return []
  return [
    problem({
      reason: 'lock-after-archive',
      path: 'archive.lock.days',
      value: lock.days,
      why: {
        en: 'an object would be locked longer than it is kept, and its expiry would fail',
        ja: '保管期間より長くロックすると、期限が来ても削除できません。',
      },
      requirement: 'LOG-3',
      next: {
        en: `write ${archiveDays} days (retention.archiveDays) or less`,
        ja: `${archiveDays} 日（retention.archiveDays）以下を記載してください。`,
      },
    }),
  ]
}

function factorProblems({ identityProvider }: ConfigInput): Problem[] {
  const kinds = new Set(identityProvider?.factors.map((factor) => factorKind[factor]))
  if (kinds.size >= 2) return []
  return [
    problem({
      reason: 'factors',
      path: identityProvider ? 'identityProvider.factors' : 'identityProvider',
      value: identityProvider?.factors,
      why: {
        en: 'every person proves two factors of different kinds (knowledge, possession, inherence)',
        ja: '利用者は、種類の異なる二つの要素（知識、所持、生体）で本人であることを示します。',
      },
      requirement: 'AUTH-1',
      next: {
        en: 'write an identity provider with factors such as [password, totp]',
        ja: '[password, totp] のような要素を備えた identityProvider を記載してください。',
      },
    }),
  ]
}

function idleProblems({ desktop: { idleMinutes } }: ConfigInput): Problem[] {
  if (idleMinutes <= IDLE_MINUTES) return []
  return [
    problem({
      reason: 'idle-minutes',
      path: 'desktop.idleMinutes',
      value: idleMinutes,
      why: { en: 'an idle desktop logs off', ja: '操作のない仮想デスクトップは自動でログオフします。' },
      requirement: 'VIS-3',
      next: {
        en: `write ${IDLE_MINUTES} minutes or less, a number without unit`,
        ja: `${IDLE_MINUTES} 分以下を、単位を付けない数で記載してください。`,
      },
    }),
  ]
}

function sessionProblems({ desktop: { maxSessionHours } }: ConfigInput): Problem[] {
  if (maxSessionHours <= SESSION_HOURS) return []
  return [
    problem({
      reason: 'session-hours',
      path: 'desktop.maxSessionHours',
      value: maxSessionHours,
      why: { en: 'a session ends within twelve hours', ja: 'セッションは 12 時間以内に終わります。' },
      requirement: 'VIS-3',
      next: {
        en: `write ${SESSION_HOURS} hours or less, a number without unit`,
        ja: `${SESSION_HOURS} 時間以下を、単位を付けない数で記載してください。`,
      },
    }),
  ]
}

function capacityProblems({ capacity, cells }: ConfigInput): Problem[] {
  const room = cells.reduce((sum, cell) => sum + cell.projects, 0)
  if (capacity.projects <= room) return []
  return [
    problem({
      reason: 'capacity',
      path: 'capacity.projects',
      value: capacity.projects,
      why: {
        en: `the cells hold ${room} projects; a file system needs a mount target in each zone, and a VPC takes 400`,
        ja:
          `セルに収まる研究プロジェクトは ${room} 件です。` +
          'ファイルシステムはゾーンごとにマウントターゲットを一つ使い、一つの VPC は 400 個まで受け付けます。',
      },
      requirement: 'NET-5',
      next: {
        en: `write ${room} or less, or one more cell of at most 180 projects`,
        ja: `${room} 以下にするか、180 件以下のセルを一つ加えてください。`,
      },
    }),
  ]
}

const daysOrMore = (days: number) => ({
  en: `write ${days} days or more, a number without unit`,
  ja: `${days} 日以上を、単位を付けない数で記載してください。`,
})
