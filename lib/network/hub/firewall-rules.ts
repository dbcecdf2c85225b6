import type { Database } from '#lib/kernel/config/schema.ts'

/** A rule group takes five IP-set references, fixed (docs/aws-behaviour.md, Network Firewall). */
export const SETS_PER_GROUP = 5
/** A policy takes 20 stateful groups, fixed (same source); one holds what is blocked, the others the databases. */
export const DATABASE_GROUPS = 19
/** Rules a group may ever hold. Capacity cannot change after creation: twice two rules for each of five databases, and room for what comes. */
export const GROUP_CAPACITY = 100

/** One database as the firewall sees it. */
export interface FirewallTarget {
  readonly id: string
  readonly slot: number
  /** the network in which desktops see it */
  readonly presentedCidr: string
  readonly port: number
}

export const groupOfSlot = (slot: number) => Math.floor(slot / SETS_PER_GROUP)

/** The name by which the rules of a group refer to the interfaces that are granted a database. */
export const grantedSet = (database: Pick<Database, 'id'>) => `GRANTED_${database.id}`

/** The top group's rules: nothing from or to a blocked interface passes, whatever it is granted (VIS-7). */
export const blockedRules = [
  'drop ip @BLOCKED any -> any any (msg:"renkei blocked interface"; sid:1; rev:1;)',
  'drop ip any any -> @BLOCKED any (msg:"renkei blocked interface"; sid:2; rev:1;)',
].join('\n')

/**
 * The rules of one shared group: for each of its databases one that records and one that lets pass, both of exactly the same packets:
 * TCP from an interface that is granted this database, to its presented network, to its one port (C-2).
 * The first line matches nothing. It lets a group exist before it has a database, so that the policy names all groups from the start and
 * adding a database changes this group alone.
 */
export function databaseRules(group: number, targets: readonly FirewallTarget[]): string {
  const first = group * SETS_PER_GROUP
  return [
    `drop ip 127.0.0.1/32 any -> 127.0.0.1/32 any (msg:"renkei group of slots ${first} to ${first + SETS_PER_GROUP - 1}"; sid:${100_000 + group}; rev:1;)`,
    ...targets.toSorted((a, b) => a.slot - b.slot).flatMap((target) => databaseRule(target)),
  ].join('\n')
}

function databaseRule(target: FirewallTarget): string[] {
  if (groupOfSlot(target.slot) >= DATABASE_GROUPS)
    throw new RangeError(
      `${target.id}: slot ${target.slot} is beyond the firewall's ${DATABASE_GROUPS} groups of ${SETS_PER_GROUP}`,
    )
  // Both come from the configuration's strict patterns; a rule string is no place to rely on that.
  if (!/^[A-Z][A-Z0-9]{1,11}$/.test(target.id) || !/^[0-9.]+\/\d{1,2}$/.test(target.presentedCidr))
    throw new Error(`${target.id} ${target.presentedCidr}: not fit for a firewall rule`)
  const match = `tcp @${grantedSet(target)} any -> ${target.presentedCidr} ${target.port}`
  const sid = 1_000_000 + target.slot * 10
  return [
    `alert ${match} (msg:"renkei granted ${target.id}"; sid:${sid}; rev:1;)`,
    `pass ${match} (msg:"renkei granted ${target.id}"; sid:${sid + 1}; rev:1;)`,
  ]
}
