import { chmodSync, cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { POSTGRESQL_BIN } from './packages.ts'
import { until, type Outcome, type World } from './world.ts'

/** PostgreSQL refuses to run as root: it runs as an ordinary user of a nested user namespace. */
const asUser = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--']

/** An empty cluster that every server of the lab starts from: one initdb instead of one each. */
export async function initialise(world: World): Promise<string> {
  const template = join(world.folder, 'pg')
  await world.must([
    ...asUser,
    `${POSTGRESQL_BIN}/initdb`,
    '-D',
    template,
    '-U',
    'app',
    '--auth=trust',
    '--no-sync',
    '--locale=C',
  ])
  await world.must(['sh', '-c', `echo 'host all all 0.0.0.0/0 trust' >> ${template}/pg_hba.conf`])
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
  world: World,
  { template, namespace, address, port }: PostgresInput,
): Promise<void> {
  const data = join(world.folder, `pg-${namespace}`)
  cpSync(template, data, { recursive: true })
  chmodSync(data, 0o700)
  world.start(
    [
      ...asUser,
      `${POSTGRESQL_BIN}/postgres`,
      '-D',
      data,
      '-p',
      String(port),
      '-c',
      `listen_addresses=${address}`,
      '-c',
      `unix_socket_directories=${data}`,
      '-c',
      'fsync=off',
      '-c',
      'shared_buffers=8MB',
      '-c',
      'jit=off',
    ],
    { namespace },
  )
  await until(`PostgreSQL of ${namespace}`, 20, () => existsSync(join(data, 'postmaster.pid')))
  await until(
    `PostgreSQL of ${namespace}`,
    20,
    async () => (await psql(world, namespace, address, port, 'select 1')).code === 0,
  )
}

/** One query over a new connection. */
export const psql = (
  world: World,
  namespace: string,
  address: string,
  port: number,
  query: string,
  timeout = 5000,
): Promise<Outcome> =>
  world.run(
    [`${POSTGRESQL_BIN}/psql`, '-h', address, '-p', String(port), '-U', 'app', '-d', 'postgres', '-AtX', '-c', query],
    { namespace, timeout, environment: { PGCONNECT_TIMEOUT: '3' } },
  )
