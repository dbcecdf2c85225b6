// Brings a fresh clone to where TypeScript can run: npm packages from the lock file, Node 24 among them.
// Plain JavaScript without imports from npm, because it runs before anything is installed, on Node >= 20.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const bin = join(root, 'node_modules', '.bin')
const stamp = join(root, '.renkei', 'npm.stamp')

/** Stops with what, why and what to do; exit code 2: the machine or the caller, not a failed check. */
export function stop(what, why, next) {
  console.error(`\n✗ ${what}\n  why:  ${why}\n  next: ${next}\n`)
  process.exit(2)
}

function installPackages() {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  const present = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(join(bin, 'node'))
  if (present) return
  const started = Date.now()
  console.log('▸ npm packages: installing from package-lock.json (about half a minute) …')
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if (result.error) stop('npm could not be started', result.error.message, 'install npm (it comes with Node.js 20 or later) and run the command again')
  if (result.status !== 0) {
    stop('npm packages could not be installed', result.stderr.trim().split('\n').slice(-4).join('\n        '), 'check that the npm registry can be reached (`npm ping`), then run the command again')
  }
  mkdirSync(join(root, '.renkei'), { recursive: true })
  writeFileSync(stamp, wanted)
  console.log(`✓ npm packages (${Math.round((Date.now() - started) / 1000)} s)`)
}

/** Installs what is missing, then runs a TypeScript file on the project's own Node 24 and ends with its exit code. */
export function runWithProjectNode(file, args) {
  if (Number(process.versions.node.split('.')[0]) < 20) stop(`Node.js ${process.versions.node} is too old`, 'Renkei needs Node.js 20 or later to install itself', 'install Node.js 20, 22 or 24')
  installPackages()
  const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const child = spawn(join(bin, 'node'), ['--disable-warning=ExperimentalWarning', join(root, file), ...args], { cwd: root, stdio: 'inherit', env: environment })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => stop('Node 24 of node_modules could not be started', error.message, 'remove node_modules and run the command again'))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
}
