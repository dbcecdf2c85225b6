import type { Database } from '#lib/kernel/config/schema.ts'

/** A rule group takes five IP-set references, fixed (docs/aws-behaviour.md, Network Firewall). */
export const SETS_PER_GROUP = 5
/** A policy takes 20 stateful groups, fixed (same source); one holds what is blocked, the others the databases. */
export const DATABASE_GROUPS = 19
/**
 * Rules a group may ever hold. Capacity cannot change after creation: twice two rules for each of five databases, and
 * room for what comes.
 */
export const GROUP_CAPACITY = 100

/** One database as the firewall sees it. */
export interface FirewallTarget {
  /** As the configuration names it, e.g. `NDB`. */
  readonly id: string
  /** Its fixed number on the platform; five slots share a group. */
  readonly slot: number
  /** The network in which desktops see it. */
  readonly presentedCidr: string
  /** Its one TCP port. */
  readonly port: number
}

/** The group that holds the rules of a slot, counted from 0. */
export const groupOfSlot = (slot: number) => Math.floor(slot / SETS_PER_GROUP)

/** The name by which the rules of a group refer to the interfaces that are granted a database. */
export const grantedSet = (database: Pick<Database, 'id'>) => `GRANTED_${database.id}`

/** One rule of the stateful engine, in Suricata's terms; the source port is always any. */
interface FirewallRule {
  readonly action: 'alert' | 'drop' | 'pass'
  readonly protocol: 'ip' | 'tcp'
  readonly from: string
  readonly to: string
  /** The destination port. */
  readonly port: number | 'any'
  /** What the alert log calls it. */
  readonly message: string
  /** The rule's id, unique in the policy. */
  readonly sid: number
}

const ruleText = ({ action, protocol, from, to, port, message, sid }: FirewallRule) =>
  `${action} ${protocol} ${from} any -> ${to} ${port} (msg:"${message}"; sid:${sid}; rev:1;)`

const rulesText = (rules: readonly FirewallRule[]) => rules.map(ruleText).join('\n')

const BLOCKED = { action: 'drop', protocol: 'ip', port: 'any', message: 'renkei blocked interface' } as const

/** The top group's rules: nothing from or to a blocked interface passes, whatever it is granted (VIS-7). */
export const blockedRules = rulesText([
  { ...BLOCKED, from: '@BLOCKED', to: 'any', sid: 1 },
  { ...BLOCKED, from: 'any', to: '@BLOCKED', sid: 2 },
])

/**
 * The rules of one shared group: for each of its databases one that records and one that lets pass, both of exactly the
 * same packets: TCP from an interface that is granted this database, to its presented network, to its one port (C-2).
 * The first line matches nothing. It lets a group exist before it has a database, so that the policy names all groups
 * from the start and adding a database changes this group alone.
 */
export function databaseRules(group: number, targets: readonly FirewallTarget[]): string {
  const first = group * SETS_PER_GROUP
  return rulesText([
    {
      action: 'drop',
      protocol: 'ip',
      from: '127.0.0.1/32',
      to: '127.0.0.1/32',
      port: 'any',
      message: `renkei group of slots ${first} to ${first + SETS_PER_GROUP - 1}`,
      sid: 100_000 + group,
    },
    ...targets.toSorted((a, b) => a.slot - b.slot).flatMap((target) => databaseRule(target)),
  ])
}

function databaseRule(target: FirewallTarget): FirewallRule[] {
  if (groupOfSlot(target.slot) >= DATABASE_GROUPS)
    throw new RangeError(
      `${target.id}: slot ${target.slot} is beyond the firewall's ${DATABASE_GROUPS} groups of ${SETS_PER_GROUP}`,
    )
  // Both come from the configuration's strict patterns; a rule string is no place to rely on that.
  if (!/^[A-Z][A-Z0-9]{1,11}$/.test(target.id) || !/^[0-9.]+\/\d{1,2}$/.test(target.presentedCidr))
    throw new Error(`${target.id} ${target.presentedCidr}: not fit for a firewall rule`)
  const match = {
    protocol: 'tcp',
    from: `@${grantedSet(target)}`,
    to: target.presentedCidr,
    port: target.port,
    message: `renkei granted ${target.id}`,
  } as const
  const sid = 1_000_000 + target.slot * 10
  return [
    { action: 'alert', ...match, sid },
    { action: 'pass', ...match, sid: sid + 1 },
  ]
}
