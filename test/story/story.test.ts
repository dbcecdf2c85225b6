import assert from 'node:assert/strict'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { archiveKey } from '#domain/ledger/copies.ts'
import type { Holder } from '#scripts/tools/claim.ts'
import { freePort } from '#scripts/tools/free-port.ts'
import type { StoryReport } from '#local/story/report.ts'
import { expectThat } from '../support/expect.ts'

const root = join(import.meta.dirname, '..', '..')
const state = mkdtempSync(join(tmpdir(), 'renkei-story-'))
let launcher: ChildProcess
let exit: Promise<number | null>
let report: StoryReport
let output = ''

/** `npm start` as a newcomer runs it, with a place and ports of its own, until it says that it keeps running. */
beforeAll(async () => {
  const port = await freePort()
  launcher = spawn('node', ['scripts/run.mjs', 'local/start.ts'], {
    cwd: root,
    env: { ...process.env, RENKEI_STATE: state, RENKEI_PORT: String(port) },
  })
  exit = new Promise((resolve) => {
    launcher.on('exit', resolve)
  })
  await new Promise<void>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      output += chunk
      if (output.includes('Ctrl-C stops it.')) resolve()
    }
    launcher.stdout!.on('data', take)
    launcher.stderr!.on('data', take)
    void exit.then((code) => reject(new Error(`npm start ended with ${code}:\n${output.slice(-3000)}`)))
  })
  report = JSON.parse(readFileSync(join(state, 'reports', 'story.json'), 'utf8'))
}, 400_000)

afterAll(async () => {
  launcher.kill('SIGKILL')
  const holder = holderOfLock()
  if (holder?.emulator)
    try {
      process.kill(-holder.emulator.pid, 'SIGKILL')
    } catch {
      /* it has ended, as it should */
    }
  rmSync(state, { recursive: true, force: true })
})

const holderOfLock = (): Holder | undefined =>
  existsSync(join(state, 'lock')) ? JSON.parse(readFileSync(join(state, 'lock'), 'utf8')) : undefined

/** What runs in a process group: the emulator, which leads it, and its functions. */
const processesOf = (group: number) =>
  spawnSync('ps', ['-eo', 'pgid=,stat=,args='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([pgid, stat = 'Z']) => Number(pgid) === group && !stat.startsWith('Z'))
    .map((fields) => fields.slice(2).join(' '))

/** The operator's command in another window. */
function renkei(...args: string[]) {
  const { AWS_PROFILE: _profile, AWS_ACCESS_KEY_ID: _key, AWS_ENDPOINT_URL: _endpoint, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['cli/main.ts', ...args, '--json'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...env, RENKEI_STATE: state },
  })
  return { status, stderr, answer: JSON.parse(stdout) }
}

test('every step of the story ends well', () => {
  expectThat(report.ok, output.slice(-3000)).toBe(true)
  assert.ok(report.steps.every((step) => step.ok))
})

test('[C-11] [VIS-6] nothing is left over that no event kept', () => {
  expect(report.orphans).toEqual([])
})

test('[C-5] [LOG-3] every ledger record is chained, and is in the write-once archive', () => {
  assert.ok(report.ledger.length >= 2)
  for (const row of report.ledger) {
    expect(row.chain).toBe('intact')
    expect(row.archived).toBe(row.records)
    assert.ok(row.records > 5)
  }
})

test('[LOG-3] the locked bucket of the local AWS really refuses to delete a version', () => {
  assert.ok(report.verified.some(({ posture }) => posture === 'refuses to delete a locked version'))
})

test('[AUTH-1] the deployed user pool demands a second factor', () => {
  assert.ok(report.verified.some(({ posture }) => posture === 'a second factor is demanded'))
})

test('[ARC-4] [REV-2] [CON-1] what must be refused on the way was refused', () => {
  for (const id of ['without-token', 'conflict', 'conflicted-review', 'early-decision', 'early-grant']) {
    expectThat(report.steps.find((step) => step.id === id)?.note ?? '', id).toMatch(/^refused: /)
  }
})

test('[VIS-7] a suspended handler is cut off within 60 seconds, the others work on', () => {
  const [, seconds] =
    /^cut off after ([\d.]+) s/.exec(report.steps.find((step) => step.id === 'suspend')?.note ?? '') ?? []
  assert.ok(Number(seconds) < 60, `cut off after ${seconds} s`)
})

test('[C-6] [VIS-6] the key of an ended project is disabled at once and then awaits deletion', () => {
  expect(report.steps.find((step) => step.id === 'period-ends')?.note ?? '').toMatch(/key is disabled/)
  expect(report.steps.find((step) => step.id === 'destroy')?.note ?? '').toMatch(
    /key PendingDeletion; 0 security groups; 0 file systems; 0 desktops/,
  )
})

test('renkei status, project, desktop and preflight answer about the local AWS that runs', () => {
  const { status, answer } = renkei('status')
  expect(status).toBe(0)
  expect(answer.aws).toBe('the local AWS of this checkout')
  expect(answer.projects).toEqual({ closed: 1 })
  expect(answer.heldRemovals).toEqual([])
  // the story ends with the end of its period, and the clock of the functions stays there
  expect(answer.movedClock).toMatch(/^\d{4}-\d{2}-\d{2}$/)
  assert.ok(output.includes(`The platform believes it is ${answer.movedClock}`))
  for (const stack of ['foundation', 'control', 'hub', 'link', 'visiting'])
    assert.ok(answer.deployed.includes(stack), stack)

  const [project] = renkei('project', 'list').answer
  expect(project.status).toBe('closed')
  // a closed project waits for no removal, so its row names none
  const { heldRemoves: _waits, ...told } = project
  expectThat(renkei('project', 'show', project.projectId).answer, 'the ledger tells what the list does').toMatchObject(
    told,
  )
  expect(renkei('project', 'show', '../A-0001').status).toBe(2)
  expect(renkei('desktop', 'list').answer.filter(({ state: now }: { state: string }) => now !== 'TERMINATED')).toEqual(
    [],
  )
  expect(renkei('preflight').answer.account).toBe('the local AWS of this checkout')
})

test('[APP-6] renkei lists and shows to each of the demonstration people what is theirs', () => {
  const of = (person: string) => renkei('list', 'projects', '--as', person).answer.projects.length
  expect(['operator-1', 'p.sato', 'holder-1'].map((person) => [person, of(person)])).toEqual([
    ['operator-1', 1],
    ['p.sato', 1],
    ['holder-1', 1],
  ])
  const reviewer = renkei('list', 'projects', '--as', 'reviewer-1')
  expect([reviewer.status, reviewer.answer.refusals[0].code]).toEqual([2, 'request.not-permitted'])
  expect(renkei('list', 'applications', '--as', 'reviewer-1').answer.applications.length).toBe(1)
  expect(renkei('show', 'application', 'A-0001', '--as', 'p.kondo').answer.status).toBe('granted')
  const events = renkei('show', 'project', 'A-0001', '--events', '--as', 'operator-1').answer
  expect(events[0].event.type).toBe('ProjectOpened')
  const strange = renkei('show', 'project', 'A-0001', '--as', 'reviewer-1')
  expect([strange.status, strange.answer.refusals[0].code]).toEqual([2, 'request.not-permitted'])
})

test('[APP-1] [C-10] renkei do sends a command as a person: dry first, then once however often it is sent', () => {
  const form = join(root, 'config', 'applications', 'demo.yaml')
  const submit = (...more: string[]) =>
    renkei('do', 'SubmitApplication', 'A-CLI-1', '--file', form, '--as', 'p.kondo', ...more)
  const dry = submit('--dry-run')
  expect([dry.status, dry.answer.events[0].type]).toEqual([0, 'ApplicationSubmitted'])
  expect(renkei('show', 'application', 'A-CLI-1', '--as', 'operator-1').status).toBe(2)
  const key = crypto.randomUUID()
  const done = submit('--key', key)
  expect([done.status, done.answer.receipts.length]).toEqual([0, 1])
  expect(submit('--key', key).answer.receipts).toEqual(done.answer.receipts)
  expect(renkei('show', 'application', 'A-CLI-1', '--as', 'p.kondo').answer.version).toBe(1)
  const missing = renkei('do', 'Withdraw', 'A-CLI-1', '--as', 'p.kondo')
  expect([missing.status, missing.answer.refusals[0].path]).toEqual([2, 'command.reason'])
  const other = renkei('do', 'CheckFormat', 'A-CLI-1', '--as', 'p.sato', '--lang', 'ja')
  expect(other.status).toBe(2)
  expect(other.answer.refusals[0].what).toMatch(/許可されていません/)
  expect(renkei('do', 'CheckFormat', 'A-CLI-1', '--as', 'nobody').answer.error.code).toBe('cli.no-person')
})

test('[C-2] [ARC-3] renkei network prove --live proves the network that the local AWS shows', () => {
  const { status, answer } = renkei('network', 'prove', '--live')
  expect(answer.counterexamples).toEqual([])
  expect(status).toBe(0)
})

test('[C-5] renkei ledger verify finds a record changed in the table and a copy put over in the archive', async () => {
  const stream = 'project/A-0001'
  const whole = renkei('ledger', 'verify', stream)
  expect(whole.answer.problems).toEqual([])
  expect(whole.status).toBe(0)
  expect(whole.answer.copies).toBe(whole.answer.records)

  const { environment } = JSON.parse(readFileSync(join(state, 'running.json'), 'utf8'))
  const local = {
    endpoint: environment.AWS_ENDPOINT_URL,
    region: environment.AWS_REGION,
    credentials: { accessKeyId: environment.AWS_ACCESS_KEY_ID, secretAccessKey: 'local' },
  }
  const { Parameter } = await new SSMClient(local).send(
    new GetParameterCommand({ Name: '/renkei/demo/control/ledger-table' }),
  )
  await DynamoDBDocumentClient.from(new DynamoDBClient(local)).send(
    new UpdateCommand({
      TableName: Parameter!.Value!,
      Key: { stream, sequence: 3 },
      UpdateExpression: 'SET actor.id = :other',
      ExpressionAttributeValues: { ':other': 'somebody.else' },
    }),
  )
  await new S3Client({ ...local, forcePathStyle: true }).send(
    new PutObjectCommand({
      Bucket: `renkei-demo-archive-000000000000-${local.region}`,
      Key: archiveKey(stream, 5),
      Body: '{}',
    }),
  )
  const { status, answer } = renkei('ledger', 'verify', stream)
  expect(status).toBe(1)
  expect(answer.problems).toEqual([
    'the content of record 3 is not what was hashed',
    'record 3 is not what was archived',
    'the copy of record 5 was overwritten or deleted afterwards: 2 versions',
  ])
  expect(renkei('ledger', 'verify', 'project/A-9999').status).toBe(2)
})

test('a second start is refused with a clear message, and the first goes on', () => {
  const { status, stdout } = spawnSync('node', ['scripts/run.mjs', 'local/start.ts', '--once'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, RENKEI_STATE: state, RENKEI_PORT: '4700' },
  })
  expect(status).toBe(2)
  expect(stdout).toMatch(
    /✗ the local AWS of this checkout is already running\n {2}why: {2}process \d+ holds .+\n {2}next: /,
  )
  expect(renkei('status').status).toBe(0)
})

test('Ctrl-C ends everything: exit code 0, no process, no lock, nothing of the emulator left', async () => {
  const { pid } = holderOfLock()!.emulator!
  expect(processesOf(pid)).not.toEqual([])
  launcher.kill('SIGINT')
  expectThat(await exit, output.slice(-1000)).toBe(0)
  for (let waited = 0; waited < 2_000 && processesOf(pid).length > 0; waited += 50) await sleep(50)
  expectThat(processesOf(pid), 'the emulator or one of its functions still runs').toEqual([])
  for (const left of ['lock', 'running.json', 'emulator']) expectThat(existsSync(join(state, left)), left).toBe(false)
  expect(renkei('status').status).toBe(2)
})
