import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { freePort } from '#scripts/tools/free-port.ts'
import { freshCheckout, REFUSAL, start } from '#test/support/checkout.ts'
import { expectThat } from '#test/support/expect.ts'

const { directory, remove } = freshCheckout()
const folder = mkdtempSync(join(tmpdir(), 'renkei-machine-'))
afterAll(() => {
  remove()
  rmSync(folder, { recursive: true, force: true })
})

/** `npm start -- --once` in the fresh checkout, to its end. */
async function npmStart(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { ended, output } = start(process.execPath, ['local/start.ts', '--once', ...args], directory, {
    RENKEI_PORT: String(await freePort()),
    ...env,
  })
  const code = await ended
  expectThat(output(), 'no stack trace').not.toMatch(/\n\s+at .+:\d+:\d+/)
  expectThat(existsSync(join(directory, '.renkei', 'local', 'lock')), 'no lock is left').toBe(false)
  return { code, output: output() }
}

/** A folder that is all of PATH, with these programs. */
function path(programs: Readonly<Record<string, string>>): string {
  const bin = mkdtempSync(join(folder, 'bin-'))
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  return bin
}

test('without a Python that can be used, the start names what there is and what to install', async () => {
  for (const [PATH, why] of [
    [path({}), /no python3 is on the PATH/],
    [path({ python3: 'echo 3 9' }), /found only python3 3\.9/],
    [
      path({ python3: 'echo "ModuleNotFoundError: No module named ensurepip" >&2; exit 1' }),
      /python3 that cannot be used \(ModuleNotFoundError: No module named ensurepip\)/,
    ],
    [path({ python3: 'echo nonsense' }), /found only python3 /],
  ] as const) {
    const { code, output } = await npmStart({ PATH })
    expectThat(code, output).toBe(2)
    expect(output).toMatch(
      /✗ Python 3\.11 or later was not found\n {2}why: {2}.+\n {2}next: install Python 3\.11 or later/,
    )
    expect(output).toMatch(why)
  }
  const named = await npmStart({ RENKEI_PYTHON: '/no/such/python' })
  expect(named.code).toBe(2)
  expect(named.output).toMatch(/RENKEI_PYTHON names "\/no\/such\/python", which cannot be started/)
  expect(existsSync(join(directory, '.renkei', 'venv'))).toBe(false)
})

test('without the Python package index the start says so and leaves nothing half-written', async () => {
  const { code, output } = await npmStart({
    PIP_INDEX_URL: `http://127.0.0.1:${await freePort()}/`,
    PIP_CONFIG_FILE: '/dev/null',
    PIP_EXTRA_INDEX_URL: '',
    PIP_FIND_LINKS: '',
    PIP_NO_INDEX: '',
  })
  expectThat(code, output).toBe(2)
  expect(output).toMatch(/✗ the Python packages could not be installed\n {2}why: {2}.+/)
  expect(output).toMatch(/\n {2}next: check that the Python package index can be reached/)
  expect(readdirSync(join(directory, '.renkei')).filter((name) => name.startsWith('venv'))).toEqual([])
})

test('a port that another program uses is named, the second one too', async () => {
  for (const offset of [0, 1]) {
    const server = createServer()
    const taken = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    )
    const { code, output } = await npmStart({ RENKEI_PORT: String(taken - offset) })
    server.close()
    expectThat(code, output).toBe(2)
    expect(output).toMatch(
      new RegExp(
        [
          `✗ port ${taken} on 127\\.0\\.0\\.1 cannot be used`,
          ' {2}why: {2}another program listens there',
          ' {2}next: .*RENKEI_PORT=\\d+ npm start',
        ].join('\\n'),
      ),
    )
  }
})

test('a nonsensical port and an unknown option are refused before anything is started', async () => {
  for (const [env, args] of [
    [{ RENKEI_PORT: 'four' }, []],
    [{}, ['--onec']],
    [{}, ['\u001b[2J']],
  ] as const) {
    const { code, output } = await npmStart(env, ...args)
    expectThat(code, output).toBe(2)
    expect(output).toMatch(REFUSAL)
    assert.ok(!output.includes('\u001b'))
    expect(output).not.toMatch(/Python tools/)
  }
})

test('a broken configuration or application is refused with its place, by start and config validate', async () => {
  const file = join(directory, 'config', 'demo.yaml')
  const good = readFileSync(file, 'utf8')
  for (const [text, place] of [
    [good.replace(/region: .+/, 'region: us-east-1'), /\n {2}region: found "us-east-1"\n {4}why: .+\n {4}next: /],
    [`${good}\n\tx: [`, /line \d+, column \d+: found /],
    ['', /demo\.yaml: refused, 1 problem\n {2}found 0 YAML documents/],
  ] as const) {
    writeFileSync(file, text)
    const started = await npmStart({})
    expect(started.code).toBe(2)
    expect(started.output).toMatch(place)
    const validated = start(process.execPath, ['cli/main.ts', 'config', 'validate', 'demo'], directory)
    expect(await validated.ended).toBe(2)
    expect(validated.output()).toMatch(place)
  }
  writeFileSync(file, good)
  const application = join(directory, 'config', 'applications', 'demo.yaml')
  const form = readFileSync(application, 'utf8')
  writeFileSync(application, 'applicant: [')
  const { code, output } = await npmStart({})
  writeFileSync(application, form)
  expect(code).toBe(2)
  expect(output).toMatch(/✗ the demonstration application cannot be read\n {2}why: {2}.+demo\.yaml: .+\n {2}next: /)
})

test('a state folder that cannot be made is a plain message', async () => {
  writeFileSync(join(folder, 'a-file'), '')
  const { code, output } = await npmStart({ RENKEI_STATE: join(folder, 'a-file', 'state') })
  expectThat(code, output).toBe(2)
  expect(output).toMatch(/✗ .+a-file\/state cannot be written\n {2}why: {2}ENOTDIR.+\n {2}next: /)
})
