import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { freePort } from '#scripts/tools/free-port.ts'
import { REFUSAL } from '../support/checkout.ts'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'renkei-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The operator's command on a machine without credentials and without a local AWS, unless `env` gives one. */
function renkei(args: readonly string[], env: NodeJS.ProcessEnv = {}, entry = join(root, 'cli', 'main.ts')) {
  const { PATH } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, HOME: folder, RENKEI_STATE: join(folder, 'state'), ...env },
    timeout: 60_000,
  })
  expectThat(stdout + stderr, 'no stack trace').not.toMatch(/\n\s+at .+:\d+:\d+/)
  expectThat(stdout + stderr, 'nothing that steers a terminal').not.toMatch(/[^\P{C}\n]/u)
  return { status, stdout, stderr }
}

test('a mistaken command line: exit code 2, what, why and next; with --json the same on standard output', () => {
  for (const args of [
    ['staus'],
    ['status', '--jsn'],
    ['status', 'too', 'many'],
    ['status', '--env'],
    ['project', 'show'],
    ['desktop', 'image'],
    ['ledger', 'verify', '../x'],
    ['--env', 'demo'],
    ['project', 'list', '--\u001b[2J'],
  ]) {
    const { status, stdout, stderr } = renkei(args)
    expectThat(status, args.join(' ')).toBe(2)
    expectThat(stderr, args.join(' ')).toMatch(REFUSAL)
    expect(stdout).toBe('')
  }
  const { status, stdout } = renkei(['project', 'show', 'A-0001', '--env', '../x', '--json'])
  expect(status).toBe(2)
  const { ok, error } = JSON.parse(stdout)
  expect([ok, Object.keys(error)]).toEqual([false, ['code', 'what', 'why', 'next']])
})

test('help is no mistake; a command that lacks its second word shows it', () => {
  expect([renkei(['--help']).status, renkei(['desktop', '--help']).status]).toEqual([0, 0])
  const { status, stderr } = renkei(['project'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/show \[options\] <id>/)
})

test('hostile environments and ids are shown as text, cut to a line, and lead nowhere', () => {
  for (const env of [
    '../../etc/passwd',
    'demo\u0000',
    '\u001b]0;title\u0007',
    '\u202edemo',
    'a'.repeat(50_000),
    '-x',
    'DEMO',
    '',
  ]) {
    if (env.includes('\u0000')) continue
    const { status, stderr } = renkei(['status', `--env=${env}`])
    expectThat(status, env.slice(0, 40)).toBe(2)
    expect(stderr).toMatch(/✗ --env ".*" names no environment|✗ .+/)
    assert.ok(stderr.length < 1_000)
  }
  expect(renkei(['status', '--env=nowhere']).stderr).toMatch(
    /nowhere\.yaml: refused.+\n {2}found no readable file\n {4}why: {2}there is no such file\n {4}next: .+demo, exa/,
  )
})

test('without AWS: what needs it says so, what does not answers', () => {
  for (const args of [
    ['status'],
    ['project', 'list'],
    ['project', 'show', 'A-0001'],
    ['desktop', 'list'],
    ['ledger', 'verify', 'project/A-0001'],
    ['status', '--env', 'example-production'],
  ]) {
    const { status, stderr } = renkei(args)
    expectThat(status, args.join(' ')).toBe(2)
    expect(stderr).toMatch(/✗ no AWS to ask\n {2}why: {2}.+credentials are set\n {2}next: .*AWS_PROFILE/)
  }
  const preflight = renkei(['preflight', '--json'])
  const { ok, account, quotas } = JSON.parse(preflight.stdout)
  expect(account).toBe(null)
  expect(preflight.status).toBe(ok ? 0 : 1)
  expect(ok).toBe(quotas.every(({ enough }: { enough: boolean }) => enough))
  expect(renkei(['preflight']).stdout).toMatch(/no account at hand/)
})

test('an AWS that does not answer, a profile that is not there, a local AWS that has gone: a message', async () => {
  const dead = {
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'y',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${await freePort()}`,
    AWS_MAX_ATTEMPTS: '1',
  }
  for (const env of [dead, { AWS_PROFILE: 'nowhere' }]) {
    const { status, stderr } = renkei(['status'], env)
    expectThat(status, stderr).toBe(2)
    expect(stderr).toMatch(REFUSAL)
    expect(stderr).toMatch(/AWS did not answer as expected/)
  }
  const state = mkdtempSync(join(folder, 'gone-'))
  for (const content of ['', '{', JSON.stringify({ pid: 4_194_305, environment: dead })]) {
    writeFileSync(join(state, 'running.json'), content)
    expect(renkei(['status'], { RENKEI_STATE: state }).stderr).toMatch(/✗ no AWS to ask/)
  }
})

test('config validate takes an environment or a file, relative to where the command is given', () => {
  copyFileSync(join(root, 'config', 'demo.yaml'), join(folder, 'mine.yaml'))
  for (const name of ['demo', './mine.yaml', 'mine.yaml', join(folder, 'mine.yaml')]) {
    const { status, stdout } = renkei(['config', 'validate', name], {}, join(root, 'renkei'))
    expectThat(status, name).toBe(0)
    expect(stdout).toMatch(/accepted \(demo, 3 databases/)
  }
  writeFileSync(
    join(folder, 'mine.yaml'),
    readFileSync(join(folder, 'mine.yaml'), 'utf8').replace('ap-northeast-1', 'us-east-1'),
  )
  const { status, stdout } = renkei(['config', 'validate', 'mine.yaml', '--json'])
  expect(status).toBe(2)
  assert.ok(
    JSON.parse(stdout).problems.every((problem: object) =>
      ['code', 'path', 'what', 'why', 'next'].every((key) => key in problem),
    ),
  )
  for (const name of ['absent.yaml', '/', 'absent', '/dev/null', '\u001b[2J.yaml', 'a'.repeat(5_000)]) {
    const refused = renkei(['config', 'validate', name])
    expectThat(refused.status, name.slice(0, 40)).toBe(2)
    expect(refused.stderr).toMatch(/refused, \d+ problem[\s\S]+\n {4}why: {2}[\s\S]+\n {4}next: /)
  }
})

test('config validate speaks Japanese where it is asked to, and --json has the same members', () => {
  writeFileSync(
    join(folder, 'late.yaml'),
    readFileSync(join(root, 'config', 'demo.yaml'), 'utf8').replace('idleMinutes: 15', 'idleMinutes: 16'),
  )
  const { status, stderr } = renkei(['config', 'validate', 'late.yaml', '--lang', 'ja'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/desktop\.idleMinutes：16と記載されています。\n {4}理由：.+（VIS-3）\n {4}対応：15 分以下/)
  const { problems } = JSON.parse(renkei(['config', 'validate', 'late.yaml', '--lang=ja', '--json']).stdout)
  expect(problems).toEqual([
    {
      code: 'config.idle-minutes',
      path: 'desktop.idleMinutes',
      what: '16と記載されています。',
      why: expect.stringMatching(/仮想デスクトップ/),
      next: expect.stringMatching(/^15 分以下/),
      requirement: 'VIS-3',
    },
  ])
  expect(renkei(['config', 'validate', 'demo', '--lang', 'ja']).stdout).toMatch(/受け付けました（環境 demo、DB 3 件/)
})

test('a misspelt command is told what was probably meant as the next step, and --version is known', () => {
  expect(renkei(['project', 'lst']).stderr).toMatch(
    /✗ unknown command lst\n {2}why: {2}.+\n {2}next: did you mean list\? \.\/renkei --help/,
  )
  expect(renkei(['--version']).stdout).toMatch(/^renkei \d+\.\d+\.\d+\n$/)
})

test('a place where nothing can be written is refused at once', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  for (const args of [
    ['network', 'map', '--out', folder],
    ['network', 'map', '--out', join(file, 'map.svg')],
    ['database', 'kit', 'NDB', '--out', join(file, 'kit')],
    ['database', 'kit', 'NDB', '--out', '/proc/nowhere/kit'],
    ['desktop', 'image', '--out', '/proc/nowhere/image'],
  ]) {
    const { status, stderr } = renkei(args)
    expectThat(status, args.join(' ')).toBe(2)
    expectThat(stderr, args.join(' ')).toMatch(
      /cannot be written\n {2}why: {2}.+\n {2}next: name another .+ with --out/,
    )
  }
})

test('while the local AWS runs, nothing that the shell says of AWS counts', async () => {
  const port = await freePort()
  const local = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'x' }
  const state = mkdtempSync(join(folder, 'running-'))
  writeFileSync(
    join(state, 'running.json'),
    JSON.stringify({ pid: process.pid, environment: { ...local, AWS_REGION: 'ap-northeast-1' } }),
  )
  const { status, stderr } = renkei(['status'], {
    RENKEI_STATE: state,
    AWS_PROFILE: 'nonsense',
    AWS_SESSION_TOKEN: 'nonsense',
    AWS_ENDPOINT_URL_SSM: 'http://127.0.0.1:9',
  })
  expect(status).toBe(2)
  expect(stderr).toContain(`ECONNREFUSED 127.0.0.1:${port}`)
})

test('desktop image writes the three files, the same each time, and prints their sums', () => {
  const write = (out: string) => renkei(['desktop', 'image', '--out', out, '--json'])
  const first = write('image')
  expect(first.status).toBe(0)
  const { files } = JSON.parse(first.stdout)
  expect(files.map(({ file }: { file: string }) => file)).toEqual(
    ['harden.sh', 'renkei-session-check', 'wsp.conf'].map((name) => join(folder, 'image', name)),
  )
  expect(JSON.parse(write('deep/er/image').stdout).files.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(
    files.map(({ sha256 }: { sha256: string }) => sha256),
  )
  for (const out of ['mine.yaml', 'mine.yaml/below']) {
    const { status, stderr } = renkei(['desktop', 'image', '--out', out])
    expect(status).toBe(2)
    expect(stderr).toMatch(REFUSAL)
  }
  expect(existsSync(join(folder, 'mine.yaml'))).toBe(true)
})

test('renkei check hands on its options and its exit code', () => {
  const { status, stderr } = renkei(['check', '--env', 'absent', '--json'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/✗ --env "absent" names no environment/)
})

test('a reader that has seen enough does not make the command fail', () => {
  const { stderr } = spawnSync(
    '/bin/sh',
    ['-c', `"${process.execPath}" "${join(root, 'cli', 'main.ts')}" config validate demo --json | true`],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(stderr).toBe('')
})
