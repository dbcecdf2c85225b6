import { capture, type Seen } from '../sandbox/capture.ts'
import { psql, query } from '../sandbox/postgres.ts'
import { until } from '../sandbox/sandbox.ts'
import type { Machine } from '../twin/scenario.ts'
import type { Twin } from '../twin/twin.ts'
import { MARKER, type Experiment } from './experiment.ts'

/** What passes between the outer ends, without the lab's own host on the Internet. */
export const WIRE = 'not host 198.18.0.80'

interface Answer {
  readonly desktop: string
  readonly database: string
  readonly answer: string
}

export interface Traffic {
  readonly experiments: readonly Experiment[]
  /** one query as a person sees it */
  readonly terminal: string
}

/** An SQL query from every granted desktop to every database of its grant, while the wire is watched. */
export async function traffic(twin: Twin): Promise<Traffic> {
  const { sandbox, machines, databases } = twin
  for (const [id, { address, port }] of databases) {
    const desktop = machines.find(({ granted }) => granted.includes(id))
    if (!desktop) continue
    const first = { machine: desktop.name, address, port, text: 'select 1', timeout: 1500 }
    await until(`first query to ${id}`, 60, async () => (await query(sandbox, first)).code === 0)
  }
  const wire = await capture(sandbox, 'inet', WIRE)
  const pairs = machines.flatMap((desktop) => desktop.granted.map((database) => ({ desktop, database })))
  const answers = await Promise.all(pairs.map(({ desktop, database }) => ask(twin, desktop, database)))
  const seen = await wire.stop(MARKER)
  const right = answers.filter((answer) => answer.answer === expected(twin, answer))
  return {
    experiments: [
      {
        id: 'sql',
        title: 'SQL query through the tunnel from every granted desktop',
        shows: ['NET-1', 'C-2'],
        ok: right.length === pairs.length,
        found: `${right.length} of ${pairs.length} answered, with the desktop's own address`,
        details: answers,
      },
      wireExperiment('wire', 'The wire between the gateways', seen),
    ],
    terminal: await terminal(twin),
  }
}

async function ask({ sandbox, databases }: Twin, desktop: Machine, database: string): Promise<Answer> {
  const { address, port } = databases.get(database)!
  const text = `select inet_client_addr(), inet_server_addr(), '${MARKER}'`
  const { code, stdout, stderr } = await query(sandbox, { machine: desktop.name, address, port, text })
  return { desktop: desktop.name, database, answer: code === 0 ? stdout.trim() : stderr.trim() }
}

/** Both ends see each other under their real addresses. */
function expected({ machines }: Twin, { desktop, database }: Answer): string {
  const addressOf = (wanted: string) => machines.find(({ name }) => name === wanted)!.address
  return `${addressOf(desktop)}|${addressOf(`db-${database}`)}|${MARKER}`
}

/** A capture that saw nothing shows nothing. */
export function wireExperiment(id: string, title: string, seen: Seen): Experiment {
  return {
    id,
    title,
    shows: ['NET-2', 'PDB-3', 'C-3'],
    ok: seen.esp > 0 && seen.clear === 0 && seen.marker === 0,
    found:
      `${seen.esp} ESP in UDP, ${seen.ike} IKE, ${seen.clear} anything else; ` +
      `the marker in clear ${seen.marker} times`,
    details: seen,
  }
}

/** A person's view of one query, for the README. */
async function terminal({ sandbox, machines, databases }: Twin): Promise<string> {
  const desktop = machines.find(({ granted }) => granted.length > 0)!
  const { address, port, link } = databases.get(desktop.granted[0]!)!
  const columns = [
    'inet_client_addr() as desktop',
    'inet_server_addr() as database',
    "current_setting('server_version') as postgresql",
  ]
  const table = await sandbox.must(psql({ address, port }, '-c', `select ${columns.join(', ')}`), {
    namespace: desktop.name,
  })
  const [child] = await link.gateways[0].installed()
  const association = child && [
    `${String(child['encr-alg'])}-${String(child['encr-keysize'])}`,
    `ESP in ${child.encap === 'yes' ? 'UDP' : 'IP'}`,
    `${String(child['bytes-in'])} bytes in`,
    `${String(child['bytes-out'])} bytes out`,
  ]
  return [
    `${desktop.name}$ psql -h ${address} -p ${port} -U app`,
    table.trimEnd(),
    '',
    `gw-${link.name}$ swanctl --list-sas   # tunnel 1`,
    association?.join(', '),
    '',
  ].join('\n')
}
