import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const run = promisify(execFile)

/** What the lab runs. strongSwan's own start-up packages are not wanted: the lab starts the daemon itself. */
const WANTED = [
  'libstrongswan',
  'libstrongswan-standard-plugins',
  'libstrongswan-extra-plugins',
  'strongswan-libcharon',
  'strongswan-charon',
  'libcharon-extra-plugins',
  'strongswan-swanctl',
  'nftables',
  'conntrack',
  'tcpdump',
  'iputils-ping',
  'bird2',
] as const
const POSTGRESQL = ['postgresql-15', 'postgresql-client-15'] as const
export const POSTGRESQL_BIN = '/usr/lib/postgresql/15/bin'

/**
 * The folder `usr` of a private tree with every Debian package the lab needs, downloaded with apt and unpacked; nothing
 * is installed. What the machine already has is not fetched again. Throws `Obstacle` where apt cannot help.
 */
export async function unpackedPackages(folder: string): Promise<string> {
  const wanted = existsSync(join(POSTGRESQL_BIN, 'postgres')) ? [...WANTED] : [...WANTED, ...POSTGRESQL]
  const root = join(folder, 'root')
  const stamp = join(root, '.packages')
  const hash = createHash('sha256')
    .update(`${wanted.join('\n')}\n${statSync('/var/lib/dpkg/status').mtimeMs}`)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return join(root, 'usr')
  const names = await missing(wanted)
  const archives = join(folder, 'packages')
  for (const old of [root, archives]) rmSync(old, { recursive: true, force: true })
  mkdirSync(join(root, 'usr'), { recursive: true })
  mkdirSync(archives, { recursive: true })
  const download = () => apt('apt-get', ['download', '-qq', ...names], archives)
  // Lists that are older than a package's last fix name files that the mirror no longer has.
  if (names.length > 0)
    await download().catch(async () => {
      await apt('apt-get', ['update', '-qq'])
      await download()
    })
  for (const archive of readdirSync(archives)) await run('dpkg', ['-x', join(archives, archive), root])
  // Debian's /bin and /lib are links into /usr: folded, so that one overlay on /usr shows everything.
  for (const top of ['bin', 'sbin', 'lib']) {
    if (!existsSync(join(root, top))) continue
    cpSync(join(root, top), join(root, 'usr', top), { recursive: true, verbatimSymlinks: true })
    rmSync(join(root, top), { recursive: true })
  }
  rmSync(archives, { recursive: true })
  writeFileSync(stamp, hash)
  return join(root, 'usr')
}

/**
 * The wanted packages and those they need that the machine lacks, as apt would install them; upgrades of what it has
 * are left out.
 */
async function missing(wanted: readonly string[]): Promise<string[]> {
  const simulate = () =>
    run('apt-get', ['-s', 'install', '--no-install-recommends', ...wanted], {
      env: { ...process.env, LC_ALL: 'C' },
      maxBuffer: 1 << 24,
    })
  const { stdout } = await simulate().catch(async () => {
    await apt('apt-get', ['update', '-qq'])
    return simulate().catch((error: Error) => {
      throw unavailable(error)
    })
  })
  const entries = [...stdout.matchAll(/^Inst (\S+) (\[)?/gm)]
    .filter(([, , upgrade]) => upgrade === undefined)
    .map(([, name]) => name!)
  return entries.filter((name) => !/^(udev|tpm-udev|strongswan-starter)$/.test(name)).sort()
}

async function apt(command: string, args: readonly string[], cwd?: string): Promise<void> {
  await run(command, args, { cwd, env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1 << 24 }).catch((error: Error) => {
    throw unavailable(error)
  })
}

const unavailable = (error: Error) =>
  new Obstacle({
    code: 'lab.packages',
    what: 'the lab cannot fetch its Debian packages',
    why: error.message.split('\n').find((line) => line.startsWith('E:')) ?? error.message.split('\n')[0]!,
    next: 'run it on Debian or Ubuntu with apt; if the package lists are empty or old: apt-get update as root',
  })
