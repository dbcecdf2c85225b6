import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { parse } from 'yaml'
import { imageFiles, writeImageFiles } from '#lib/project/image/image.ts'
import { defaultProfileFile, loadProfile, parseProfile } from '#lib/project/image/profile.ts'
import { renderHardening, renderSessionCheck, renderWspConf } from '#lib/project/image/render.ts'
import { environment } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

interface Data {
  base: string
  settings: Record<string, unknown>[]
}
const data = () => parse(readFileSync(defaultProfileFile, 'utf8')) as Data
const setting = (profile: Data, id: string) => profile.settings.find((each) => each['id'] === id)!
const refusalOf = (profile: Data) => {
  try {
    parseProfile(profile, () => '\n')
    return 'accepted'
  } catch (error) {
    return (error as Error).message
  }
}

test('[VIS-2] [VIS-3] wsp.conf switches every redirection off and disconnects on lock', () => {
  expect(renderWspConf(loadProfile())).toBe(
    [
      '[policies]',
      'clipboard = disabled',
      'remote-printing = disabled',
      'audio-in = disabled',
      'video-in = disabled',
      'timezone-redirection = disabled',
      'disconnect-on-lock = enabled',
      '',
    ].join('\n'),
  )
})

test('[VIS-2] a profile that opens a redirection is refused, whichever it is', () => {
  for (const id of ['clipboard', 'printing', 'audio-in', 'video-in']) {
    const open = data()
    setting(open, id)['value'] = 'enabled'
    expectThat(refusalOf(open), id).toMatch(/must say .+ = disabled exactly once \(VIS-2/)
    const without = data()
    without.settings = without.settings.filter((each) => each['id'] !== id)
    expectThat(refusalOf(without), id).toMatch(/exactly once/)
  }
})

test('[VIS-3] a profile that keeps the session on lock is refused', () => {
  const profile = data()
  setting(profile, 'disconnect-on-lock')['value'] = 'disabled'
  expect(refusalOf(profile)).toMatch(/disconnect-on-lock = enabled/)
})

test('[SEC-4] a profile without its software list is refused', () => {
  const profile = data()
  profile.settings = profile.settings.filter((each) => each['kind'] !== 'packages')
  expect(refusalOf(profile)).toMatch(/kind packages is missing/)
})

test('[VIS-3] more than 15 idle minutes are refused', () => {
  for (const idleMinutes of [0, 16, 60]) {
    expect(() => renderHardening(loadProfile(), { ...environment, desktop: { idleMinutes } })).toThrow(
      /write 1 to 15 \(VIS-3\)/,
    )
  }
  expect(renderHardening(loadProfile(), { ...environment, desktop: { idleMinutes: 10 } })).toMatch(
    /idle-delay=uint32 600\b/,
  )
})

test('[SEC-4] every setting of the profile names the requirements it serves, and stands in both scripts', () => {
  const profile = loadProfile()
  const harden = renderHardening(profile, environment)
  const check = renderSessionCheck(profile, environment)
  for (const { id, requirements } of profile.settings) {
    assert.ok(harden.includes(`# ${id} [${requirements.join(', ')}]`), `${id} is not hardened`)
    assert.ok(check.includes(` '${id}' '${requirements.join(' ')}'`), `${id} is not checked`)
  }
})

test('[VIS-2] the scripts are valid bash', () => {
  for (const [name, content] of Object.entries(imageFiles(environment))) {
    if (name === 'wsp.conf') continue
    const { status, stderr } = spawnSync('bash', ['-n'], { input: content, encoding: 'utf8' })
    expectThat(status, `${name}: ${stderr}`).toBe(0)
  }
  const { status } = spawnSync('bash', [
    '-n',
    join(import.meta.dirname, '../../../policies/project/desktop/mount-project.sh'),
  ])
  expect(status).toBe(0)
})

test('[VIS-2] no text of the profile can run as a command in the scripts', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('a', "'", '"', '`', '$', '(', ')', ';', '\n', '\\', ' ', '|', '&', '#'),
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(hostile, (text) => {
      const profile = data()
      setting(profile, 'efs-certificate')['value'] = text
      setting(profile, 'session-check')['lines'] = [text]
      fc.pre(refusalOf(profile) === 'accepted')
      const { settings } = parseProfile(profile, () => '\n')
      const block = settings.filter((each) => each.id === 'session-check')
      const call = renderSessionCheck({ settings: block }, environment)
        .split('\n')
        .find((line) => line.startsWith('expect_end '))!
      // What bash reads back is what was written.
      const read = execFileSync('bash', ['-c', `expect_end() { printf '%s' "\${!#}"; }; ${call}`], {
        encoding: 'utf8',
        cwd: tmpdir(),
      })
      expect(read).toBe(text)
    }),
    { numRuns: 60, seed: 3 },
  )
})

test('[SEC-4] the image files are the same bytes for the same profile, and the scripts can be run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-image-'))
  try {
    const first = writeImageFiles(folder, environment).map((file) => readFileSync(file, 'utf8'))
    expect(writeImageFiles(folder, environment).map((file) => readFileSync(file, 'utf8'))).toEqual(first)
    expect(statSync(join(folder, 'harden.sh')).mode & 0o111).toBe(0o111)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the mount helper refuses anything but the id of a file system and of an access point', () => {
  const helper = join(import.meta.dirname, '../../../policies/project/desktop/mount-project.sh')
  for (const args of [
    [],
    ['fs-0123456789abcdef0'],
    ['fs-0123456789abcdef0', 'fsap-1 -o notls'],
    ['evil:/', 'fsap-0123456789abcdef0'],
  ]) {
    const { status, stderr } = spawnSync('bash', [helper, ...args], { encoding: 'utf8' })
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/usage: renkei-mount-project/)
  }
})
