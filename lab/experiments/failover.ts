import { kitFilters, type Link } from '../twin/link.ts'
import type { Machine } from '../twin/scenario.ts'
import type { Twin } from '../twin/twin.ts'
import { capture, type Seen } from '../sandbox/capture.ts'
import { query, type DatabaseSession } from '../sandbox/postgres.ts'
import { pause, until, type Outcome } from '../sandbox/sandbox.ts'
import { CountingSession } from '../sandbox/session.ts'
import { WIRE } from './traffic.ts'
import { MARKER, seconds, type Experiment } from './experiment.ts'

/** Cuts outside addresses off, silently and in both directions, as a broken path does. */
async function cut(twin: Twin, outside: readonly string[]): Promise<void> {
  await twin.sandbox.nft(
    'inet',
    `table ip path {
  chain forward {
    type filter hook forward priority 0
${outside.map((address) => `    ip saddr ${address} drop\n    ip daddr ${address} drop\n`).join('')}  }
}
`,
  )
}
const repair = (twin: Twin) => twin.sandbox.must(['nft', 'delete', 'table', 'ip', 'path'], { namespace: 'inet' })

/** One desktop and a database of its grant; everything is measured at the desktop. */
interface Observed {
  readonly desktop: Machine
  readonly database: string
  readonly link: Link
  readonly session: DatabaseSession
  /** seconds that a change of routes may take */
  readonly patience: number
  /** one query over a new connection */
  query(text?: string, timeout?: number): Promise<Outcome>
}

function observed({ sandbox, machines, databases }: Twin, holdSeconds: number): Observed {
  const desktop = machines.find(({ granted }) => granted.length > 0)!
  const database = desktop.granted[0]!
  const { address, port, link } = databases.get(database)!
  const session = { machine: desktop.name, address, port }
  return {
    desktop,
    database,
    link,
    session,
    patience: holdSeconds * 4 + 30,
    query: (text = 'select 1', timeout = 800) => query(sandbox, { ...session, text, timeout }),
  }
}

/** The routes that BGP gave to a namespace. */
const routesOf = async ({ sandbox }: Twin, namespace: string) =>
  (await sandbox.run(['ip', 'route', 'show', 'proto', 'bird'], { namespace })).stdout.trim()

/** One tunnel is cut under a query load; then both. */
export async function failover(twin: Twin, holdSeconds: number): Promise<Experiment[]> {
  const seen = observed(twin, holdSeconds)
  await until('both tunnels of the link', seen.patience, async () =>
    (await Promise.all(seen.link.endpoints.map((endpoint) => endpoint.installed()))).every(
      (children) => children.length > 0,
    ),
  )
  await firstTunnelPreferred(twin, seen, seen.patience)
  return [await oneCut(twin, seen, holdSeconds), ...(await bothCut(twin, seen))]
}

const firstTunnelPreferred = (twin: Twin, { link }: Observed, patience: number) =>
  until('the first tunnel preferred', patience, async () =>
    /dev t0/.test(await routesOf(twin, link.namespaces.connection)),
  )

/** Milliseconds until a new query is answered, where one is. */
async function untilAnswered({ query: ask, patience }: Observed, since: number): Promise<number | undefined> {
  while (performance.now() - since <= patience * 1000) if ((await ask()).code === 0) return performance.now() - since
  return undefined
}

async function oneCut(twin: Twin, observation: Observed, holdSeconds: number): Promise<Experiment> {
  const { sandbox } = twin
  const { link, session, patience } = observation
  await observation.query('create table counter (n int)')
  const load = new CountingSession(sandbox, session, 'counter')
  await until('a running load', 10, () => load.confirmedAt.length > 50)
  const wire = await capture(sandbox, 'inet', WIRE)
  const cutAt = performance.now()
  await cut(twin, [link.outside[0]])
  const answered = await untilAnswered(observation, cutAt)
  const newQuerySeconds = seconds(answered ?? 0)
  await until('the load after the cut', patience, () => load.silence() < 100 && load.longestGap(cutAt) > 0)
  const openSessionSeconds = seconds(load.longestGap(cutAt))
  await repair(twin)
  const repairedAt = performance.now()
  await firstTunnelPreferred(twin, observation, patience * 2)
  const backSeconds = seconds(performance.now() - repairedAt)
  await pause(500)
  const backGapMs = Math.round(load.longestGap(repairedAt))
  const confirmed = await load.stop()
  const { stdout } = await observation.query('select count(*), count(distinct n), max(n) from counter', 5000)
  const [rows, distinct, last] = stdout.trim().split('|').map(Number)
  const seen = await wire.stop(MARKER)
  const whole = rows === confirmed && distinct === confirmed && last === confirmed
  return {
    id: 'one-tunnel',
    title: 'One tunnel cut under a query load',
    shows: ['NET-1', 'C-3'],
    ok: answered !== undefined && whole && seen.clear === 0,
    found: [
      `new queries after ${newQuerySeconds} s, the open session after ${openSessionSeconds} s`,
      `${confirmed} rows confirmed, ${rows} in the table, ${distinct} different`,
      `back on the first tunnel ${backSeconds} s after the path (longest gap ${backGapMs} ms)`,
      `${seen.clear} clear packets`,
    ].join('; '),
    details: {
      holdSeconds,
      newQuerySeconds,
      openSessionSeconds,
      confirmed,
      rows,
      distinct,
      backSeconds,
      backGapMs,
      wire: seen,
    },
  }
}

async function bothCut(twin: Twin, observation: Observed): Promise<Experiment[]> {
  const { link, patience } = observation
  const { gateway, connection } = link.namespaces
  await cut(twin, link.outside)
  const cutAt = performance.now()
  await until('routes gone on both sides', patience, async () => {
    const routes = await Promise.all([gateway, connection].map((namespace) => routesOf(twin, namespace)))
    return routes.every((text) => text === '')
  })
  const noticedSeconds = seconds(performance.now() - cutAt)
  const failure = await observation.query(`select '${MARKER}'`, 8000)
  const closed = await leaks(twin, observation)
  const failClosed = await failClosedLayers(twin, observation)
  await repair(twin)
  const repairedAt = performance.now()
  await until('recovery by itself', patience * 3, async () => (await observation.query()).code === 0)
  const recoveredSeconds = seconds(performance.now() - repairedAt)
  const error = failure.stderr.trim()
  const words = (error.split('\n').at(-1) || 'no answer in time').slice(0, 90)
  return [
    {
      id: 'both-tunnels',
      title: 'Both tunnels cut',
      shows: ['C-3', 'PDB-3'],
      ok: failure.code !== 0 && closed.clear === 0,
      found: [
        `noticed after ${noticedSeconds} s`,
        `the query fails clearly (${words})`,
        `${closed.clear} clear packets`,
        `recovered by itself ${recoveredSeconds} s after the path`,
      ].join('; '),
      details: { noticedSeconds, error, clear: closed, recoveredSeconds },
    },
    failClosed,
  ]
}

/** What is seen on the wire while both sides try to reach each other without a tunnel. */
async function leaks({ sandbox, agents }: Twin, { desktop, database, query: ask }: Observed): Promise<Seen> {
  const { address } = desktop
  const server = agents.get(`db-${database}`)!
  const wire = await capture(sandbox, 'inet', WIRE)
  await Promise.all([
    server.try(
      [
        { protocol: 'tcp', address, port: 5432 },
        { protocol: 'udp', address, port: 53 },
      ],
      1000,
    ),
    ask(`select '${MARKER}'`, 1500),
  ])
  return wire.stop(MARKER)
}

/** The kit's two layers, each alone, then neither: what the blackhole routes are for. */
async function failClosedLayers(twin: Twin, observation: Observed): Promise<Experiment> {
  const { sandbox } = twin
  const { database, link } = observation
  const namespace = link.namespaces.gateway
  const routes = await sandbox.must(['ip', 'route', 'show', 'type', 'blackhole'], { namespace })
  const blackholes = routes.split('\n').flatMap((line) => line.split(' ')[1] ?? [])
  const change = (verb: 'add' | 'del', metric = '') =>
    sandbox.ip(
      namespace,
      blackholes.map((cidr) => `route ${verb} blackhole ${cidr}${metric}`),
    )

  await sandbox.must(['nft', 'delete', 'table', 'ip', `renkei_${database.toLowerCase()}`], { namespace })
  const routesAlone = await leaks(twin, observation)
  await change('del')
  const neither = await leaks(twin, observation)
  await sandbox.must(['nft', '-f', kitFilters(sandbox, database)], { namespace })
  const filtersAlone = await leaks(twin, observation)
  await change('add', ' metric 4294967295')
  return {
    id: 'fail-closed',
    title: 'Blackhole routes and filters of the kit, each alone',
    shows: ['C-3', 'C-9'],
    ok: routesAlone.clear === 0 && filtersAlone.clear === 0 && neither.clear > 0,
    found:
      `routes alone ${routesAlone.clear}, filters alone ${filtersAlone.clear} clear packets; ` +
      `with neither it leaks, as it must: ${neither.clear} (${neither.examples[0] ?? 'none'})`,
    details: { routesAlone, filtersAlone, neither },
  }
}
