import { grantedTag, BLOCKED_TAG } from '#domain/project/provisioning/resource-names.ts'
import { setName } from '../twin/hub.ts'
import type { Machine } from '../twin/scenario.ts'
import type { Twin } from '../twin/twin.ts'
import { query, type DatabaseSession } from '../sandbox/postgres.ts'
import { CountingSession } from '../sandbox/session.ts'
import { pause, until } from '../sandbox/sandbox.ts'
import { seconds, type Experiment } from './experiment.ts'

/** How long nothing must come for a flow to count as gone. */
const GONE = 1500

/** A change of who may pass, and what came of the flows that were open. */
interface Cut {
  /** milliseconds from the flush to the last confirmed row */
  readonly lasted: number
  /** nothing was confirmed any more */
  readonly gone: boolean
}

/** The nftables set of a tag, and what is done to it. */
const change = ({ sandbox, network }: Twin, verb: 'add' | 'delete', tag: string, address: string) => {
  const [group] = [...network.firewall.tags].find(([, key]) => key === tag)!
  return sandbox.must(['nft', `${verb} element ip firewall ${setName(group)} { ${address} }`], {
    namespace: 'firewall',
  })
}

/** Flushes the firewall's flows and watches a load that ran through it. */
async function flush({ sandbox }: Twin, load: CountingSession): Promise<Cut> {
  const flushedAt = performance.now()
  await sandbox.must(['conntrack', '-F'], { namespace: 'firewall' })
  await pause(GONE)
  return {
    lasted: Math.max(0, (load.confirmedAt.at(-1) ?? 0) - flushedAt),
    gone: load.silence() >= GONE - 200,
  }
}

/** A database, and two desktops that are granted it. */
interface Case {
  readonly database: string
  readonly desktops: readonly [Machine, Machine]
  session(desktop: Machine): DatabaseSession
  /** whether a new connection of a desktop is answered */
  connects(desktop: Machine): Promise<boolean>
}

async function prepare(twin: Twin): Promise<Case> {
  const { sandbox, machines, databases } = twin
  const granted = (id: string) => machines.filter((machine) => machine.granted.includes(id))
  const database = [...databases.keys()].find((id) => granted(id).length >= 2)!
  const [first, second] = granted(database)
  const { address, port } = databases.get(database)!
  const session = ({ name }: Machine) => ({ machine: name, address, port })
  for (const table of ['revoked', 'kept', 'blocked'])
    await query(sandbox, { ...session(first!), text: `create table ${table} (n int)` })
  return {
    database,
    desktops: [first!, second!],
    session,
    connects: async (desktop) =>
      (await query(sandbox, { ...session(desktop), text: 'select 1', timeout: 1500 })).code === 0,
  }
}

/**
 * A grant is revoked, and then a desktop is blocked, while their queries run: taken out of the set, then the flows
 * flushed.
 */
export async function revoke(twin: Twin): Promise<Experiment[]> {
  const prepared = await prepare(twin)
  return [await revokeGrant(twin, prepared), await blockDesktop(twin, prepared)]
}

async function revokeGrant(twin: Twin, { database, desktops, session, connects }: Case): Promise<Experiment> {
  const [revoked, other] = desktops
  const running = new CountingSession(twin.sandbox, session(revoked), 'revoked')
  const kept = new CountingSession(twin.sandbox, session(other), 'kept')
  await until('queries of both desktops', 10, () => running.confirmedAt.length > 20 && kept.confirmedAt.length > 20)
  await change(twin, 'delete', grantedTag(database), revoked.address)
  await pause(500)
  const survives = running.silence() < 450
  const { lasted, gone } = await flush(twin, running)
  const again = await connects(revoked)
  // The other desktop's flow is flushed too; it is granted, so a new connection is judged anew and passes.
  const otherAgain = await connects(other)
  await Promise.all([running.stop(), kept.stop()])
  await change(twin, 'add', grantedTag(database), revoked.address)
  await until('the grant again in force', 10, () => connects(revoked))
  return {
    id: 'revoke',
    title: 'A grant is revoked while its queries run',
    shows: ['C-2'],
    ok: survives && gone && !again && otherAgain,
    found: [
      `out of the set ${survives ? 'the open flow goes on, as AWS documents' : 'the open flow already ended'}`,
      `after the flush it ended within ${Math.round(lasted)} ms, a new one is ${again ? 'OPENED' : 'refused'}`,
      `the other desktop ${otherAgain ? 'connects' : 'is CUT OFF'}`,
    ].join('; '),
    details: {
      survivesWithoutFlush: survives,
      lastConfirmationAfterFlushMs: Math.round(lasted),
      newConnection: again,
      otherDesktop: otherAgain,
    },
  }
}

async function blockDesktop(twin: Twin, { desktops, session, connects }: Case): Promise<Experiment> {
  const [, desktop] = desktops
  const suspended = new CountingSession(twin.sandbox, session(desktop), 'blocked')
  await until('queries of the second desktop', 10, () => suspended.confirmedAt.length > 20)
  await change(twin, 'add', BLOCKED_TAG, desktop.address)
  const { lasted, gone } = await flush(twin, suspended)
  const blocked = gone && !(await connects(desktop))
  await suspended.stop()
  await change(twin, 'delete', BLOCKED_TAG, desktop.address)
  await until('the block lifted', 10, () => connects(desktop))
  return {
    id: 'block',
    title: 'A desktop is blocked while its queries run',
    shows: ['C-2'],
    ok: blocked,
    found:
      `${blocked ? 'cut off' : 'NOT cut off'} within ${Math.round(lasted)} ms of set and flush ` +
      `(${seconds(GONE)} s watched)`,
    details: { lastConfirmationMs: Math.round(lasted) },
  }
}
