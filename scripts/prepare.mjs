// Brings a fresh clone to where TypeScript can run: npm packages from the lock file, Node 24 among them.
// Plain JavaScript without imports from npm, because it runs before anything is installed, on whatever Node there is.
// All it says goes to standard error: standard output belongs to the command that follows.
import { spawn } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = join(root, 'node_modules', '.bin')
const lock = join(root, '.renkei', 'npm.lock')
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/** Stops with what, why and what to do; exit code 2: the machine or the caller, not a failed check. */
function stop(what, why, next) {
  console.error(`\n✗ ${what}\n  why:  ${why}\n  next: ${next}\n`)
  process.exit(2)
}

const readJson = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Whether node_modules holds what package-lock.json names. npm writes its own record of what it installed last of all,
 * so an interrupted installation has none, or one that does not match. Packages of other platforms are not installed.
 */
function packagesPresent() {
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  const wanted = readJson(join(root, 'package-lock.json'))?.packages
  if (!wanted) stop('package-lock.json cannot be read', 'it is missing or is no JSON', 'git checkout package-lock.json')
  return (
    installed !== undefined &&
    existsSync(join(bin, 'node')) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || (optional && !installed[path]) || installed[path]?.version === version,
    )
  )
}

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Two installations at once would undo each other: the second stops with a message. */
function claimInstallation() {
  mkdirSync(dirname(lock), { recursive: true })
  const own = `${lock}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        linkSync(own, lock)
        break
      } catch (error) {
        const holder = Number(existsSync(lock) && readFileSync(lock, 'utf8'))
        if (error.code !== 'EEXIST')
          stop('.renkei cannot be written', error.message, 'check the permissions and the free space of this folder')
        if (attempt === 2 || (holder && alive(holder)))
          stop(
            'the npm packages of this checkout are being installed already',
            `process ${holder} does it`,
            `wait until it is done and run the command again; if process ${holder} is something else, delete ${lock}`,
          )
        rmSync(lock, { force: true })
      }
    }
  } finally {
    rmSync(own, { force: true })
  }
  process.on('exit', () => rmSync(lock, { force: true }))
}

async function installPackages() {
  if (packagesPresent()) return
  claimInstallation()
  if (packagesPresent()) return
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  console.error('▸ npm packages: installing from package-lock.json (about half a minute) …')
  // a group of its own: npm's children end with it, whichever process a signal was sent to
  const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  const end = () => {
    try {
      process.kill(-npm.pid, 'SIGKILL')
    } catch {
      /* it has ended */
    }
  }
  const clock = process.stderr.isTTY ? setInterval(() => process.stderr.write(`\r  ${seconds()} s`), 1000) : undefined
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => [
    signal,
    () => {
      end()
      process.exit(code)
    },
  ])
  for (const [signal, handler] of handlers) process.on(signal, handler)
  let complaint = ''
  npm.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const failure = await new Promise((resolve) => {
    npm.on('error', resolve)
    npm.on('close', (code) => resolve(code === 0 ? undefined : code))
  })
  for (const [signal, handler] of handlers) process.off(signal, handler)
  clearInterval(clock)
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
  if (failure instanceof Error)
    stop(
      'npm could not be started',
      failure.message,
      'install npm (it comes with Node.js 20 or later) and run the command again',
    )
  if (failure !== undefined) {
    // npm names the cause first, then explains at length
    const why = complaint
      .trim()
      .split('\n')
      .filter((line) => line.trim() && !/complete log of this run|debug-0\.log/.test(line))
      .slice(0, 5)
      .map((line) => line.slice(0, 200))
      .join('\n        ')
    stop(
      'npm packages could not be installed',
      why || `npm ci ended with code ${failure}`,
      'check that the npm registry can be reached (`npm ping`), then run the command again',
    )
  }
  if (!packagesPresent())
    stop(
      'npm packages could not be installed',
      'npm ci ended well, but Node 24 is not in node_modules (its install script did not run)',
      'allow install scripts (npm config set ignore-scripts false), remove node_modules and run the command again',
    )
  rmSync(lock, { force: true })
  console.error(`✓ npm packages (${seconds()} s)`)
}

/**
 * Installs what is missing, then runs a TypeScript file on the project's own Node 24 and ends with its exit code.
 * @param {string} file below the root of the checkout
 * @param {readonly string[]} args
 * @param {string} cwd the folder that relative paths among `args` start from
 */
export async function runWithProjectNode(file, args, cwd = root) {
  if (Number(process.versions.node.split('.')[0]) < 20)
    stop(
      `Node.js ${process.versions.node} is too old`,
      'Renkei needs Node.js 20 or later to install itself',
      'install Node.js 20, 22 or 24',
    )
  await installPackages()
  const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }
  const child = spawn(join(bin, 'node'), ['--disable-warning=ExperimentalWarning', join(root, file), ...args], {
    cwd,
    stdio: 'inherit',
    env: environment,
  })
  for (const signal of Object.keys(SIGNALS)) process.on(signal, () => child.kill(signal))
  child.on('error', (error) =>
    stop(
      'Node 24 of node_modules could not be started',
      error.message,
      'remove node_modules and run the command again',
    ),
  )
  child.on('exit', (code, signal) => process.exit(code ?? SIGNALS[signal] ?? 1))
}
