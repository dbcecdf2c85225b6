import { capture, type Seen } from '../world/capture.ts'
import { POSTGRESQL_BIN } from '../world/packages.ts'
import { psql } from '../world/postgres.ts'
import { until } from '../world/world.ts'
import type { Twin } from '../twin/twin.ts'
import { MARKER, type Trial } from './trial.ts'

/** What passes between the outer ends, without the lab's own host on the Internet. */
export const WIRE = 'not host 198.18.0.80'

interface Answer {
  readonly desktop: string
  readonly database: string
  readonly answer: string
}

/** An SQL query from every granted desktop to every database of its grant, while the wire is watched. */
export async function traffic(twin: Twin): Promise<{ readonly trials: readonly Trial[]; readonly terminal: string }> {
  for (const [id, { address, port }] of twin.databases) {
    const desktop = twin.machines.find(({ granted }) => granted.includes(id))
    if (desktop)
      await until(
        `first query to ${id}`,
        60,
        async () => (await psql(twin.world, desktop.name, address, port, 'select 1', 1500)).code === 0,
      )
  }
  const wire = await capture(twin.world, 'inet', WIRE)
  const pairs = twin.machines.flatMap((desktop) => desktop.granted.map((database) => ({ desktop, database })))
  const answers = await Promise.all(
    pairs.map(async ({ desktop, database }): Promise<Answer> => {
      const { address, port } = twin.databases.get(database)!
      const { code, stdout, stderr } = await psql(
        twin.world,
        desktop.name,
        address,
        port,
        `select inet_client_addr(), inet_server_addr(), '${MARKER}'`,
      )
      return { desktop: desktop.name, database, answer: code === 0 ? stdout.trim() : stderr.trim() }
    }),
  )
  const seen = await wire.stop(MARKER)
  const right = answers.filter(
    ({ desktop, database, answer }) =>
      answer ===
      `${twin.machines.find(({ name }) => name === desktop)!.address}|${twin.machines.find(({ name }) => name === `db-${database}`)!.address}|${MARKER}`,
  )
  return {
    trials: [
      {
        id: 'sql',
        title: 'SQL query through the tunnel from every granted desktop',
        shows: ['NET-1', 'C-2'],
        ok: right.length === pairs.length,
        found: `${right.length} of ${pairs.length} answered, with the desktop's own address`,
        details: answers,
      },
      wireTrial('wire', 'The wire between the gateways', seen),
    ],
    terminal: await terminal(twin),
  }
}

/** A capture that saw nothing shows nothing. */
export function wireTrial(id: string, title: string, seen: Seen): Trial {
  return {
    id,
    title,
    shows: ['NET-2', 'PDB-3', 'C-3'],
    ok: seen.esp > 0 && seen.clear === 0 && seen.marker === 0,
    found: `${seen.esp} ESP in UDP, ${seen.ike} IKE, ${seen.clear} anything else; the marker in clear ${seen.marker} times`,
    details: seen,
  }
}

/** A person's view of one query, for the README. */
async function terminal(twin: Twin): Promise<string> {
  const desktop = twin.machines.find(({ granted }) => granted.length > 0)!
  const database = twin.databases.get(desktop.granted[0]!)!
  const query =
    "select inet_client_addr() as desktop, inet_server_addr() as database, current_setting('server_version') as postgresql"
  const table = await twin.world.must(
    [
      `${POSTGRESQL_BIN}/psql`,
      '-h',
      database.address,
      '-p',
      String(database.port),
      '-U',
      'app',
      '-d',
      'postgres',
      '-X',
      '-c',
      query,
    ],
    { namespace: desktop.name },
  )
  const [child] = await database.link.gateways[0].installed()
  const sa =
    child &&
    `${String(child['encr-alg'])}-${String(child['encr-keysize'])}, ESP in ${child.encap === 'yes' ? 'UDP' : 'IP'}, ${String(child['bytes-in'])} bytes in, ${String(child['bytes-out'])} bytes out`
  return `${desktop.name}$ psql -h ${database.address} -p ${database.port} -U app\n${table.trimEnd()}\n\ngw-${database.link.name}$ swanctl --list-sas   # tunnel 1\n${sa}\n`
}
