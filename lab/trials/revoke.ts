import { grantedTag, BLOCKED_TAG } from '#domain/project/provisioning/resource-names.ts'
import { setName } from '../twin/hub.ts'
import type { Twin } from '../twin/twin.ts'
import { psql } from '../world/postgres.ts'
import { CountingSession } from '../world/session.ts'
import { pause, until } from '../world/world.ts'
import { seconds, type Trial } from './trial.ts'

/** How long nothing must come for a flow to count as gone. */
const GONE = 1500

/**
 * A grant is revoked, and then a desktop is blocked, while their queries run: taken out of the set, then the flows
 * flushed.
 */
export async function revoke(twin: Twin): Promise<Trial[]> {
  const { world, network } = twin
  const database = [...twin.databases.keys()].find(
    (id) => twin.machines.filter(({ granted }) => granted.includes(id)).length >= 2,
  )!
  const [revoked, other] = twin.machines.filter(({ granted }) => granted.includes(database)) as [
    (typeof twin.machines)[number],
    (typeof twin.machines)[number],
  ]
  const { address, port } = twin.databases.get(database)!
  const query = (machine: string) => psql(world, machine, address, port, 'select 1', 1500)
  await world.must(['true'])
  for (const table of ['revoked', 'kept', 'blocked'])
    await psql(world, revoked.name, address, port, `create table ${table} (n int)`)
  const set = (tag: string) => `ip firewall ${setName([...network.firewall.tags].find(([, key]) => key === tag)![0])}`
  const change = (verb: 'add' | 'delete', tag: string, who: string) =>
    world.must(['nft', `${verb} element ${set(tag)} { ${who} }`], { namespace: 'firewall' })
  const flush = () => world.must(['conntrack', '-F'], { namespace: 'firewall' })

  const running = new CountingSession(world, revoked.name, address, port, 'revoked')
  const kept = new CountingSession(world, other.name, address, port, 'kept')
  await until('queries of both desktops', 10, () => running.confirmedAt.length > 20 && kept.confirmedAt.length > 20)
  await change('delete', grantedTag(database), revoked.address)
  await pause(500)
  const survives = running.silence() < 450
  const flushedAt = performance.now()
  await flush()
  await pause(GONE)
  const lasted = Math.max(0, (running.confirmedAt.at(-1) ?? 0) - flushedAt)
  const gone = running.silence() >= GONE - 200
  const again = (await query(revoked.name)).code === 0
  // The other desktop's flow is flushed too; it is granted, so a new connection is judged anew and passes.
  const otherAgain = (await query(other.name)).code === 0
  await Promise.all([running.stop(), kept.stop()])
  await change('add', grantedTag(database), revoked.address)
  await until('the grant again in force', 10, async () => (await query(revoked.name)).code === 0)

  const suspended = new CountingSession(world, other.name, address, port, 'blocked')
  await until('queries of the second desktop', 10, () => suspended.confirmedAt.length > 20)
  await change('add', BLOCKED_TAG, other.address)
  const blockedAt = performance.now()
  await flush()
  await pause(GONE)
  const blockedLasted = Math.max(0, (suspended.confirmedAt.at(-1) ?? 0) - blockedAt)
  const blocked = suspended.silence() >= GONE - 200 && (await query(other.name)).code !== 0
  await suspended.stop()
  await change('delete', BLOCKED_TAG, other.address)
  await until('the block lifted', 10, async () => (await query(other.name)).code === 0)
  return [
    {
      id: 'revoke',
      title: 'A grant is revoked while its queries run',
      shows: ['C-2'],
      ok: survives && gone && !again && otherAgain,
      found: `out of the set ${survives ? 'the open flow goes on, as AWS documents' : 'the open flow already ended'}; after the flush it ended within ${Math.round(lasted)} ms, a new one is ${again ? 'OPENED' : 'refused'}; the other desktop ${otherAgain ? 'connects' : 'is CUT OFF'}`,
      details: {
        survivesWithoutFlush: survives,
        lastConfirmationAfterFlushMs: Math.round(lasted),
        newConnection: again,
        otherDesktop: otherAgain,
      },
    },
    {
      id: 'block',
      title: 'A desktop is blocked while its queries run',
      shows: ['C-2'],
      ok: blocked,
      found: `${blocked ? 'cut off' : 'NOT cut off'} within ${Math.round(blockedLasted)} ms of set and flush (${seconds(GONE)} s watched)`,
      details: { lastConfirmationMs: Math.round(blockedLasted) },
    },
  ]
}
