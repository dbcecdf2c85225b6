import { chmodSync, cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { POSTGRESQL_BIN } from './packages.ts'
import { until, type Outcome, type Sandbox } from './sandbox.ts'

/** PostgreSQL refuses to run as root: it runs as an ordinary user of a nested user namespace. */
const asUser = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']

/** An empty cluster that every server of the lab starts from: one initdb instead of one each. */
export async function initialise(sandbox: Sandbox): Promise<string> {
  const template = join(sandbox.folder, 'pg')
  const options = ['-D', template, '-U', 'app', '--auth=trust', '--no-sync', '--locale=C']
  await sandbox.must([...asUser, `${POSTGRESQL_BIN}/initdb`, ...options])
  await sandbox.must(['sh', '-c', `echo 'host all all 0.0.0.0/0 trust' >> ${template}/pg_hba.conf`])
  return template
}

export interface PostgresInput {
  readonly template: string
  readonly namespace: string
  readonly address: string
  readonly port: number
}

/** A database server; ready when it answers on its own machine. */
export async function startPostgres(
  sandbox: Sandbox,
  { template, namespace, address, port }: PostgresInput,
): Promise<void> {
  const data = join(sandbox.folder, `pg-${namespace}`)
  cpSync(template, data, { recursive: true })
  chmodSync(data, 0o700)
  const settings = {
    listen_addresses: address,
    unix_socket_directories: data,
    fsync: 'off',
    shared_buffers: '8MB',
    jit: 'off',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  sandbox.start([...asUser, `${POSTGRESQL_BIN}/postgres`, '-D', data, '-p', String(port), ...options], { namespace })
  await until(`PostgreSQL of ${namespace}`, 20, () => existsSync(join(data, 'postmaster.pid')))
  await until(
    `PostgreSQL of ${namespace}`,
    20,
    async () => (await query(sandbox, { machine: namespace, address, port, text: 'select 1' })).code === 0,
  )
}

/** Where a database is asked, and from which machine. */
export interface DatabaseSession {
  readonly machine: string
  readonly address: string
  readonly port: number
}

/** The command that opens a session on the lab's one database. */
export const psql = ({ address, port }: Pick<DatabaseSession, 'address' | 'port'>, ...options: readonly string[]) => {
  const database = ['-h', address, '-p', String(port), '-U', 'app', '-d', 'postgres']
  return [`${POSTGRESQL_BIN}/psql`, ...database, '-X', ...options]
}

export interface Query extends DatabaseSession {
  readonly text: string
  /** milliseconds; 5,000 where nothing is said */
  readonly timeout?: number
}

/** One query over a new connection. */
export const query = (sandbox: Sandbox, { machine, address, port, text, timeout = 5000 }: Query): Promise<Outcome> =>
  sandbox.run(psql({ address, port }, '-At', '-c', text), {
    namespace: machine,
    timeout,
    environment: { PGCONNECT_TIMEOUT: '3' },
  })
