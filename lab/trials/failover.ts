import type { Twin } from '../twin/twin.ts'
import { capture } from '../world/capture.ts'
import { psql } from '../world/postgres.ts'
import { CountingSession } from '../world/session.ts'
import { pause, until } from '../world/world.ts'
import { WIRE } from './traffic.ts'
import { MARKER, seconds, type Trial } from './trial.ts'

/** Cuts outside addresses off, silently and in both directions, as a broken path does. */
async function cut(twin: Twin, outside: readonly string[]): Promise<void> {
  await twin.world.nft(
    'inet',
    `table ip path {
  chain forward {
    type filter hook forward priority 0
${outside.map((address) => `    ip saddr ${address} drop\n    ip daddr ${address} drop\n`).join('')}  }
}
`,
  )
}
const mend = (twin: Twin) => twin.world.must(['nft', 'delete', 'table', 'ip', 'path'], { namespace: 'inet' })

/** One tunnel is cut under a query load; then both. Everything is measured at the desktop. */
export async function failover(twin: Twin, holdSeconds: number): Promise<Trial[]> {
  const { world } = twin
  const desktop = twin.machines.find(({ granted }) => granted.length > 0)!
  const { address, port, link } = twin.databases.get(desktop.granted[0]!)!
  const patience = holdSeconds * 4 + 30
  const query = (text = 'select 1', timeout = 800) => psql(world, desktop.name, address, port, text, timeout)
  const routes = async () =>
    (await world.run(['ip', 'route', 'show', 'proto', 'bird'], { namespace: link.namespaces.connection })).stdout
  await until('both tunnels of the link', patience, async () =>
    (await Promise.all(link.endpoints.map((endpoint) => endpoint.installed()))).every(
      (children) => children.length > 0,
    ),
  )
  await until('the first tunnel preferred', patience, async () => /dev t0/.test(await routes()))
  await query('create table counter (n int)')

  const load = new CountingSession(world, desktop.name, address, port, 'counter')
  await until('a running load', 10, () => load.confirmedAt.length > 50)
  const wire = await capture(world, 'inet', WIRE)
  const cutAt = performance.now()
  await cut(twin, [link.outside[0]])
  let fresh = 0
  for (;;) {
    if ((await query()).code === 0) {
      fresh = performance.now() - cutAt
      break
    }
    if (performance.now() - cutAt > patience * 1000) break
  }
  await until('the load after the cut', patience, () => load.silence() < 100 && load.longestGap(cutAt) > 0)
  const outage = load.longestGap(cutAt)
  await mend(twin)
  const mendedAt = performance.now()
  await until('the first tunnel again preferred', patience * 2, async () => /dev t0/.test(await routes()))
  const back = performance.now() - mendedAt
  await pause(500)
  const backGap = load.longestGap(mendedAt)
  const confirmed = await load.stop()
  const [rows, distinct, last] = (await query('select count(*), count(distinct n), max(n) from counter', 5000)).stdout
    .trim()
    .split('|')
    .map(Number)
  const whole = rows === confirmed && distinct === confirmed && last === confirmed
  const seen = await wire.stop(MARKER)
  const first: Trial = {
    id: 'one-tunnel',
    title: 'One tunnel cut under a query load',
    shows: ['NET-1', 'C-3'],
    ok: fresh > 0 && whole && seen.clear === 0,
    found: `new queries after ${seconds(fresh)} s, the open session after ${seconds(outage)} s; ${confirmed} rows confirmed, ${rows} in the table, ${distinct} different; back on the first tunnel ${seconds(back)} s after the path (longest gap ${Math.round(backGap)} ms); ${seen.clear} clear packets`,
    details: {
      holdSeconds,
      newQuerySeconds: seconds(fresh),
      openSessionSeconds: seconds(outage),
      confirmed,
      rows,
      distinct,
      backSeconds: seconds(back),
      backGapMs: Math.round(backGap),
      wire: seen,
    },
  }
  return [first, ...(await bothCut(twin, patience, query))]
}

async function bothCut(
  twin: Twin,
  patience: number,
  query: (text?: string, timeout?: number) => ReturnType<typeof psql>,
): Promise<Trial[]> {
  const { world } = twin
  const desktop = twin.machines.find(({ granted }) => granted.length > 0)!
  const id = desktop.granted[0]!
  const { link } = twin.databases.get(id)!
  const gateway = link.namespaces.gateway
  const server = twin.agents.get(`db-${id}`)!
  const blackholes = (await world.must(['ip', 'route', 'show', 'type', 'blackhole'], { namespace: gateway }))
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])

  await cut(twin, link.outside)
  const started = performance.now()
  await until('routes gone on both sides', patience, async () =>
    (
      await Promise.all(
        [gateway, link.namespaces.connection].map((namespace) =>
          world.run(['ip', 'route', 'show', 'proto', 'bird'], { namespace }),
        ),
      )
    ).every(({ stdout }) => stdout.trim() === ''),
  )
  const noticed = performance.now() - started
  const failure = await query(`select '${MARKER}'`, 8000)
  const knock = () =>
    Promise.all([
      server.try(
        [
          { protocol: 'tcp', address: desktop.address, port: 5432 },
          { protocol: 'udp', address: desktop.address, port: 53 },
        ],
        1000,
      ),
      query(`select '${MARKER}'`, 1500),
    ])
  const watch = async () => {
    const wire = await capture(world, 'inet', WIRE)
    await knock()
    return wire.stop(MARKER)
  }
  const closed = await watch()
  // The kit's two layers, each alone, then neither: what the blackhole routes are for.
  const table = `renkei_${id.toLowerCase()}`
  const rules = `${world.folder}/kit-${id}/renkei-${id.toLowerCase()}.nft`
  await world.must(['nft', 'delete', 'table', 'ip', table], { namespace: gateway })
  const routesAlone = await watch()
  await world.ip(
    gateway,
    blackholes.map((cidr) => `route del blackhole ${cidr}`),
  )
  const neither = await watch()
  await world.must(['nft', '-f', rules], { namespace: gateway })
  const filtersAlone = await watch()
  await world.ip(
    gateway,
    blackholes.map((cidr) => `route add blackhole ${cidr} metric 4294967295`),
  )

  await mend(twin)
  const mendedAt = performance.now()
  await until('recovery by itself', patience * 3, async () => (await query()).code === 0)
  const recovered = performance.now() - mendedAt
  const failed = failure.code !== 0
  return [
    {
      id: 'both-tunnels',
      title: 'Both tunnels cut',
      shows: ['C-3', 'PDB-3'],
      ok: failed && closed.clear === 0,
      found: `noticed after ${seconds(noticed)} s; the query fails clearly (${(failure.stderr.trim().split('\n').at(-1) || 'no answer in time').slice(0, 90)}); ${closed.clear} clear packets; recovered by itself ${seconds(recovered)} s after the path`,
      details: {
        noticedSeconds: seconds(noticed),
        error: failure.stderr.trim(),
        clear: closed,
        recoveredSeconds: seconds(recovered),
      },
    },
    {
      id: 'fail-closed',
      title: 'Blackhole routes and filters of the kit, each alone',
      shows: ['C-3', 'C-9'],
      ok: routesAlone.clear === 0 && filtersAlone.clear === 0 && neither.clear > 0,
      found: `routes alone ${routesAlone.clear}, filters alone ${filtersAlone.clear} clear packets; with neither it leaks, as it must: ${neither.clear} (${neither.examples[0] ?? 'none'})`,
      details: { routesAlone, filtersAlone, neither },
    },
  ]
}
