import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeEach, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '#scripts/tools/free-port.ts'
import { REFUSAL, start } from '../support/checkout.ts'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'renkei-prepare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let clone = ''

/** A clone with one package to install, and a file to run. */
beforeEach(() => {
  clone = mkdtempSync(join(folder, 'clone-'))
  mkdirSync(join(clone, 'scripts'))
  for (const name of ['prepare.mjs', 'run.mjs']) copyFileSync(join(root, 'scripts', name), join(clone, 'scripts', name))
  writeFileSync(
    join(clone, 'package.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', dependencies: { tool: '1.0.0' } }),
  )
  writeFileSync(
    join(clone, 'package-lock.json'),
    JSON.stringify({
      name: 'clone',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': { name: 'clone', version: '1.0.0', dependencies: { tool: '1.0.0' } },
        'node_modules/tool': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` },
        'node_modules/tool-other-platform': { version: '1.0.0', optional: true },
      },
    }),
  )
  writeFileSync(join(clone, 'hello.ts'), 'const word: string = process.argv[2]!\nconsole.log(word)\nprocess.exit(7)\n')
})

/** What `npm ci` leaves: Node, and npm's own record, which it writes last. */
const INSTALL = [
  'mkdir -p node_modules/.bin',
  `ln -sf ${process.execPath} node_modules/.bin/node`,
  'cp package-lock.json node_modules/.package-lock.json',
].join(' && ')

/** PATH on which npm is this script, and nothing but the machine's own programs besides. */
function withNpm(script: string): NodeJS.ProcessEnv {
  const bin = mkdtempSync(join(folder, 'bin-'))
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(bin, 'npm'), 0o755)
  return { PATH: `${bin}:/usr/bin:/bin` }
}

const run = (env: NodeJS.ProcessEnv) =>
  start(process.execPath, [join(clone, 'scripts', 'run.mjs'), 'hello.ts', 'word'], folder, env)
const locked = () => existsSync(join(clone, '.renkei', 'npm.lock'))

test('a fresh clone is installed once, then the file runs with its arguments and its exit code', async () => {
  const first = run(withNpm(`echo called >> calls; ${INSTALL}`))
  expect(await first.ended).toBe(7)
  expect(first.output()).toMatch(/▸ npm packages: installing[\s\S]+✓ npm packages[\s\S]+word\n$/)
  const second = run(withNpm('echo called >> calls; exit 1'))
  expect(await second.ended).toBe(7)
  expect(second.output()).toBe('word\n')
  expect(readFileSync(join(clone, 'calls'), 'utf8')).toBe('called\n')
})

test('packages are installed again where the lock file asks for another version, or npm has not finished', async () => {
  expect(await run(withNpm(INSTALL)).ended).toBe(7)
  const lock = join(clone, 'package-lock.json')
  writeFileSync(
    lock,
    readFileSync(lock, 'utf8').replace(
      '"node_modules/tool":{"version":"1.0.0"',
      '"node_modules/tool":{"version":"1.0.1"',
    ),
  )
  const changed = run(withNpm(INSTALL))
  expect(await changed.ended).toBe(7)
  expect(changed.output()).toMatch(/installing from package-lock\.json/)
  rmSync(join(clone, 'node_modules', '.package-lock.json'))
  const unfinished = run(withNpm(INSTALL))
  expect(await unfinished.ended).toBe(7)
  expect(unfinished.output()).toMatch(/installing from package-lock\.json/)
})

test('npm missing, failing, or without install scripts: what, why and next, exit code 2, no lock left', async () => {
  for (const [env, expected] of [
    [
      { PATH: mkdtempSync(join(folder, 'nothing-')) },
      /✗ npm could not be started\n {2}why: {2}.*ENOENT\n {2}next: install npm/,
    ],
    [
      withNpm(
        'echo "npm error code E404" >&2; ' +
          'echo "npm error A complete log of this run can be found in: x-debug-0.log" >&2; exit 1',
      ),
      /why: {2}npm error code E404\n {2}next: check that the npm registry can be reached/,
    ],
    [withNpm('exit 3'), /why: {2}npm ci ended with code 3\n/],
    [
      withNpm('mkdir -p node_modules/.bin; cp package-lock.json node_modules/.package-lock.json'),
      /its install script did not run/,
    ],
  ] as const) {
    const { ended, output } = run(env)
    expectThat(await ended, output()).toBe(2)
    expect(output()).toMatch(REFUSAL)
    expect(output()).toMatch(expected)
    expect(locked()).toBe(false)
  }
})

test('the registry cannot be reached: the real npm says why, exit code 2', async () => {
  const npm = join(dirname(process.env['npm_node_execpath'] ?? process.execPath))
  const { ended, output } = run({
    PATH: `${npm}:${process.env['PATH']}`,
    npm_config_registry: `http://127.0.0.1:${await freePort()}/`,
    npm_config_fetch_retry_mintimeout: '10',
    npm_config_cache: join(folder, 'cache'),
    npm_config_prefer_offline: 'false',
  })
  expectThat(await ended, output()).toBe(2)
  expect(output()).toMatch(/✗ npm packages could not be installed\n {2}why: {2}[\s\S]*(ECONNREFUSED|registry)/)
  expect(output()).toMatch(/\n {2}why: {2}[\s\S]*\n {2}next: check that the npm registry can be reached/)
})

test('an interrupted installation ends npm and its children and is made anew; a second is refused', async () => {
  const first = run(withNpm('sleep 300 & echo $! > child; echo $$ > npm; wait'))
  for (let waited = 0; waited < 10_000 && !existsSync(join(clone, 'npm')); waited += 20) await sleep(20)
  const second = run(withNpm(INSTALL))
  expect(await second.ended).toBe(2)
  expect(second.output()).toMatch(
    /✗ the npm packages of this checkout are being installed already\n {2}why: {2}process \d+ does it\n {2}next: wait/,
  )

  const pids = ['npm', 'child'].map((name) => Number(readFileSync(join(clone, name), 'utf8')))
  first.child.kill('SIGINT')
  expect(await first.ended).toBe(130)
  const running = (pid: number) => {
    const { stdout } = spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' })
    return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
  }
  for (let waited = 0; waited < 2_000 && pids.some(running); waited += 20) await sleep(20)
  expect(pids.filter(running)).toEqual([])
  expect(locked()).toBe(false)
  expect(await run(withNpm(INSTALL)).ended).toBe(7)
})

test('an installation that was killed outright does not hold up the next', async () => {
  const first = run(withNpm('sleep 300 & echo $$ > npm; wait'))
  for (let waited = 0; waited < 10_000 && !existsSync(join(clone, 'npm')); waited += 20) await sleep(20)
  first.child.kill('SIGKILL')
  await first.ended.catch(() => {})
  process.kill(-Number(readFileSync(join(clone, 'npm'), 'utf8')), 'SIGKILL')
  expect(locked()).toBe(true)
  expect(await run(withNpm(INSTALL)).ended).toBe(7)
})
