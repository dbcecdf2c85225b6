import { addressProblems } from './rules-addresses.ts'
import { databaseProblems } from './rules-databases.ts'
import { show, type Problem } from './problem.ts'
import type { ConfigInput } from './schema.ts'

/** Tokyo: the region of the platform. WorkSpaces is not offered in Osaka, so Osaka can only hold copies. */
const REGION = 'ap-northeast-1'
const JAPAN = ['ap-northeast-1', 'ap-northeast-3']
/** Searchable and archived log retention in days (LOG-3). */
const SEARCHABLE_DAYS = 365
const ARCHIVE_DAYS = 1825
/** VIS-3: idle minutes and session hours. */
const IDLE_MINUTES = 15
const SESSION_HOURS = 12

/** Kinds of factor by AUTH-1: two of different kinds are asked for. */
const factorKind = {
  password: 'knowledge',
  totp: 'possession',
  passkey: 'possession',
  certificate: 'possession',
  biometric: 'inherence',
} as const

/** Every rule between values, and every bound that has a reason of its own. Empty where the configuration may stand. */
export function ruleProblems(config: ConfigInput, today: Date): Problem[] {
  return [
    ...placeProblems(config),
    ...accountProblems(config),
    ...retentionProblems(config),
    ...personProblems(config),
    ...capacityProblems(config),
    ...addressProblems(config),
    ...databaseProblems(config, today),
  ]
}

function placeProblems({ region, replicaRegion, azIds }: ConfigInput): Problem[] {
  const problems: Problem[] = []
  if (region !== REGION) {
    problems.push({
      path: 'region',
      found: show(region),
      requirement: 'ARC-5',
      write: REGION,
      why: JAPAN.includes(region)
        ? 'Amazon WorkSpaces is not offered in Osaka'
        : 'storage and processing stay in Japan',
    })
  }
  if (!JAPAN.includes(replicaRegion))
    problems.push({
      path: 'replicaRegion',
      found: show(replicaRegion),
      why: 'copies stay in Japan too',
      requirement: 'ARC-5',
      write: 'ap-northeast-3',
    })
  else if (replicaRegion === region)
    problems.push({
      path: 'replicaRegion',
      found: show(replicaRegion),
      why: 'a copy in the same region is lost with it',
      requirement: 'SEC-5',
      write: 'ap-northeast-3',
    })
  if (azIds[0] === azIds[1])
    problems.push({
      path: 'azIds[1]',
      found: show(azIds[1]),
      why: 'a directory needs two different zones',
      write: 'two zone ids, e.g. [apne1-az1, apne1-az4]',
    })
  return problems
}

function accountProblems({ production, accounts, archive }: ConfigInput): Problem[] {
  const problems: Problem[] = []
  if (production && accounts.log === accounts.workload) {
    problems.push({
      path: 'accounts.log',
      found: show(accounts.log),
      why: 'in production whoever administers the workload must not be able to touch its logs',
      requirement: 'LOG-2',
      write: 'the id of a separate log account',
    })
  }
  if (production && archive.lock.mode !== 'COMPLIANCE') {
    problems.push({
      path: 'archive.lock.mode',
      found: show(archive.lock.mode),
      why: 'in production nobody may shorten the lock',
      requirement: 'LOG-3',
      write: 'COMPLIANCE',
    })
  }
  if (production && archive.lock.days < ARCHIVE_DAYS) {
    problems.push({
      path: 'archive.lock.days',
      found: show(archive.lock.days),
      why: 'archived logs are kept five years',
      requirement: 'LOG-3',
      write: `${ARCHIVE_DAYS} or more`,
    })
  }
  return problems
}

function retentionProblems({ retention, archive }: ConfigInput): Problem[] {
  const problems: Problem[] = []
  if (retention.searchableDays < SEARCHABLE_DAYS) {
    problems.push({
      path: 'retention.searchableDays',
      found: show(retention.searchableDays),
      why: 'logs stay searchable for a year',
      requirement: 'LOG-3',
      write: `${SEARCHABLE_DAYS} or more`,
    })
  }
  if (retention.archiveDays < ARCHIVE_DAYS) {
    problems.push({
      path: 'retention.archiveDays',
      found: show(retention.archiveDays),
      why: 'archived logs are kept five years',
      requirement: 'LOG-3',
      write: `${ARCHIVE_DAYS} or more`,
    })
  }
  if (retention.archiveDays < retention.searchableDays) {
    problems.push({
      path: 'retention.archiveDays',
      found: show(retention.archiveDays),
      why: 'the archive would end before the searchable period',
      requirement: 'LOG-3',
      write: 'at least retention.searchableDays',
    })
  }
  if (archive.lock.days > retention.archiveDays) {
    problems.push({
      path: 'archive.lock.days',
      found: show(archive.lock.days),
      why: 'an object would be locked longer than it is kept, and its expiry would fail',
      requirement: 'LOG-3',
      write: 'at most retention.archiveDays',
    })
  }
  return problems
}

function personProblems({ identityProvider, desktop }: ConfigInput): Problem[] {
  const problems: Problem[] = []
  const kinds = new Set(identityProvider?.factors.map((factor) => factorKind[factor]))
  if (kinds.size < 2) {
    problems.push({
      path: identityProvider ? 'identityProvider.factors' : 'identityProvider',
      found: show(identityProvider?.factors),
      why: 'every person proves two factors of different kinds (knowledge, possession, inherence)',
      requirement: 'AUTH-1',
      write: 'an identity provider with factors such as [password, totp]',
    })
  }
  if (desktop.idleMinutes > IDLE_MINUTES) {
    problems.push({
      path: 'desktop.idleMinutes',
      found: show(desktop.idleMinutes),
      why: 'an idle desktop logs off',
      requirement: 'VIS-3',
      write: `${IDLE_MINUTES} or less`,
    })
  }
  if (desktop.maxSessionHours > SESSION_HOURS) {
    problems.push({
      path: 'desktop.maxSessionHours',
      found: show(desktop.maxSessionHours),
      why: 'a session ends within twelve hours',
      requirement: 'VIS-3',
      write: `${SESSION_HOURS} or less`,
    })
  }
  return problems
}

function capacityProblems({ capacity, cells }: ConfigInput): Problem[] {
  const room = cells.reduce((sum, cell) => sum + cell.projects, 0)
  if (capacity.projects <= room) return []
  return [
    {
      path: 'capacity.projects',
      found: show(capacity.projects),
      why: `the cells hold ${room} projects; a file system needs a mount target in each zone, and a VPC takes 400`,
      requirement: 'NET-5',
      write: `${room} or less, or one more cell of at most 180 projects`,
    },
  ]
}
