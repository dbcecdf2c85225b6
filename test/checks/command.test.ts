import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { CfnBucket } from 'aws-cdk-lib/aws-s3'
import { acknowledgeOnConstructs } from '#checks/acknowledgements.ts'
import { checkEnvironment } from '#checks/check-environment.ts'
import { pythonTool } from '#checks/python-tools.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const now = new Date('2026-11-22T00:00:00Z')
const check = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/check.ts', ...args], { cwd: root, encoding: 'utf8' })

test("the caller's mistake ends the check with code 2 and says what, why and what to do", () => {
  for (const args of [['--env', 'absent'], ['--env', '../config/demo'], ['--unknown'], ['--env']]) {
    const { status, stderr } = check(...args)
    expectThat(status, args.join(' ')).toBe(2)
    expectThat(stderr, args.join(' ')).toMatch(/✗ .+\n {2}why: {2}.+\n {2}next: npm run check/)
    expectThat(stderr, 'no stack trace').not.toMatch(/\n\s+at /)
  }
})

test('a Python tool that is nowhere is named, with the place where it was looked for', () => {
  expect(() => pythonTool('no-such-tool', root, { PATH: '' })).toThrow(/no-such-tool was not found/)
})

test('[C-8] demo and production example have nothing open, run-time resources included', async () => {
  for (const name of ['demo', 'example-production']) {
    const verdict = await checkEnvironment(root, name, now)
    expectThat(
      verdict.open.map(({ check: by, rule, path, what }) => `${by} ${rule} ${path} ${what}`),
      name,
    ).toEqual([])
    assert.ok(verdict.ok)
    assert.ok(verdict.stacks.some((stack) => stack.name === 'runtime'))
    expect(
      verdict.checks
        .map(({ id }) => id)
        .filter((id) => ['cfn-lint', 'guard', 'nag', 'template', 'limits'].includes(id))
        .sort(),
    ).toEqual(['cfn-lint', 'guard', 'limits', 'nag', 'template'])
  }
}, 600_000)

test('[C-8] an acknowledgement of a template rule holds in cdk synth too, for its construct alone', () => {
  const config = loadConfig(join(root, 'config', 'demo.yaml'), now)
  const synthesize = (...paths: string[]) => {
    const app = new App({
      context: { '@aws-cdk/core:validateAgainstDefaultRules': true, 'aws:cdk:app-mode': 'inmemory' },
    })
    const stack = new Stack(app, 'sample')
    for (const id of ['One', 'Two']) new CfnBucket(stack, id).addPropertyOverride('Misspelt', true)
    acknowledgeOnConstructs(
      app,
      [
        {
          path: paths,
          rule: 'F3002',
          reason: 'only for this test',
          owner: 'a',
          secondOwner: 'b',
          expires: '2027-01-01',
          requirement: 'C-8',
        },
      ],
      config,
    )
    const previous = process.exitCode
    try {
      app.synth()
      return process.exitCode === previous
    } catch {
      return false
    } finally {
      process.exitCode = previous
    }
  }
  const validation = process.env['CDK_VALIDATION']
  delete process.env['CDK_VALIDATION']
  try {
    expect(synthesize('sample/One')).toBe(false)
    expect(synthesize('sample/One', 'sample/Two')).toBe(true)
  } finally {
    if (validation !== undefined) process.env['CDK_VALIDATION'] = validation
  }
})
