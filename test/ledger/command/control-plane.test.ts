import assert from 'node:assert/strict'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { applicationDecider } from '#domain/application/decide.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { emptyHead, type LedgerRecord } from '#domain/ledger/record.ts'
import { verifyStream } from '#domain/ledger/verify.ts'
import { dynamoDb, kms } from '#lambda/kernel/clients.ts'
import { append, headOf, readStream } from '#lambda/ledger/ledger.ts'
import { Api } from '#local/story/api.ts'
import { enrol, type SignedIn } from '#local/story/people.ts'
import { contextOf, demoDatabases, demoForm, storySteps } from '#test/application/support.ts'
import { deployControlPlane, startEmulator, type Emulator } from '#test/support/emulator.ts'
import { expectThat } from '#test/support/expect.ts'

let emulator: Emulator
let api: Api
let operator: SignedIn
let handler: SignedIn
let stranger: SignedIn
let archive: string
let append1: (stream: string, records: readonly { readonly actor: Actor; readonly event: unknown }[]) => Promise<void>
let read: (stream: string) => Promise<readonly LedgerRecord[]>
beforeAll(async () => {
  emulator = await startEmulator()
  deployControlPlane()
  const { Parameters = [] } = await new SSMClient({}).send(
    new GetParametersByPathCommand({ Path: '/renkei/demo/control', Recursive: true }),
  )
  const value = (name: string) => Parameters.find(({ Name }) => Name === `/renkei/demo/control/${name}`)!.Value!
  api = new Api(`${emulator.endpoint}/restapis/${value('api-id')}/v1/_user_request_`)
  const pool = { id: value('user-pool'), clientId: value('user-pool-client') }
  operator = await enrol({ id: 'op-1', organisation: 'Operations', roles: ['operator'] }, pool)
  handler = await enrol({ id: 'p-1', organisation: 'Univ', roles: ['handler'] }, pool)
  stranger = await enrol({ id: 'p-9', organisation: 'Elsewhere', roles: ['handler', 'applicant'] }, pool)
  archive = 'renkei-demo-archive-000000000000-ap-northeast-1'
  const port = { dynamoDb: dynamoDb(), kms: kms(), table: value('ledger-table'), receiptKeyId: value('receipt-key') }
  assert.ok(
    (
      await append(port, {
        at: '2026-11-22T00:00:00.000Z',
        actor: { id: 'system/test', organisation: 'renkei', roles: ['system'], factors: [] },
        streams: [
          {
            stream: 'project/P-1',
            head: emptyHead,
            events: [
              {
                type: 'ProjectOpened',
                projectId: 'P-1',
                applicationId: 'P-1',
                databases: ['NDB'],
                cell: 1,
                from: '2026-01-01',
                until: '2099-03-31',
                handlers: [
                  { personId: 'p-1', organisation: 'Univ' },
                  { personId: 'p-2', organisation: 'Univ' },
                ],
              },
            ],
          },
        ],
      })
    ).ok,
  )
  append1 = async (stream, records) => {
    for (const [index, { actor, event }] of records.entries()) {
      const head = index === 0 ? emptyHead : headOf(await readStream(port, stream))
      assert.ok(
        (await append(port, { at: '2026-11-22T00:00:00.000Z', actor, streams: [{ stream, head, events: [event] }] }))
          .ok,
      )
    }
  }
  read = (stream) => readStream(port, stream)
})
afterAll(() => emulator.stop())

const until = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  for (let waited = 0; waited < 30_000; waited += 200) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(200)
  }
  throw new Error('it did not happen within 30 s')
}
const codes = (answer: { refusals: readonly { code: string }[] }) => answer.refusals.map(({ code }) => code)

test('[ARC-4] nobody without a token gets in, and a token alone gives no right', async () => {
  assert.ok(await api.refusesWithoutToken())
  for (const path of ['projects/P-1', 'projects/P-404', 'ledger/project/P-1', 'applications/A-1']) {
    const answer = await api.get(stranger, path)
    expectThat([answer.status, codes(answer)], path).toEqual([403, ['request.not-permitted']])
  }
  expect((await api.get(stranger, 'projects')).body).toEqual({ projects: [] })
  const suspend = await api.command(stranger, 'project/P-1', { type: 'SuspendProject', reason: 'because' })
  expect(suspend.status).toBe(403)
})

test('[ARC-4] a handler sees the own project and nothing of its ledger; an operator sees both', async () => {
  expect((await api.get(handler, 'projects/P-1')).body.status).toBe('open')
  expect((await api.get(handler, 'ledger/project/P-1')).status).toBe(403)
  expect((await api.get(operator, 'projects/P-404')).status).toBe(404)
  await until(async () => ((await api.get(operator, 'projects')).body.projects.length === 1 ? true : undefined))
  expect((await api.get(handler, 'projects')).body.projects[0].projectId).toBe('P-1')
})

test('[VIS-7] an operator suspends; the event has a receipt, is archived, and the project says so', async () => {
  const answer = await api.command(operator, 'project/P-1', { type: 'SuspendProject', reason: 'odd sign-ins' })
  expect(answer.status).toBe(200)
  expect(answer.events.map(({ type }) => type)).toEqual(['ProjectSuspended'])
  expect(answer.receipts[0]?.sequence).toBe(2)
  await until(async () => {
    const { Contents = [] } = await new S3Client({}).send(
      new ListObjectsV2Command({ Bucket: archive, Prefix: 'ledger/project/P-1/' }),
    )
    return Contents.length >= 2 ? true : undefined
  })
  expect((await api.get(operator, 'projects/P-1')).body.status).toBe('suspended')
  const { body } = await api.get(operator, 'ledger/project/P-1')
  assert.ok(verifyStream('project/P-1', body.events).ok)
  expect(body.receipts.length).toBe(body.events.length)
})

test("[C-5] a report of the platform's own functions is not taken from a person, whatever role they have", async () => {
  const answer = await api.command(operator, 'project/P-1', { type: 'ReportConverged', exists: [] })
  expect(answer.status).toBe(403)
})

test('[ARC-4] malformed commands are refused with path and remedy before anything is decided', async () => {
  const shapes = [
    { stream: 'project/P-1', command: { type: 'OpenProject', grant: {} }, path: 'command.type' },
    { stream: 'project/P-1', command: { type: 'SuspendProject' }, path: 'command.reason' },
    { stream: 'project/P-1', command: { type: 'SuspendProject', reason: 'x', more: 1 }, path: 'command.more' },
  ]
  for (const { stream, command, path } of shapes) {
    const answer = await api.command(operator, stream, command)
    expectThat(answer.status, JSON.stringify(command)).toBe(400)
    expect(answer.refusals[0]?.path).toBe(path)
    assert.ok(answer.refusals[0]?.next)
  }
  expect((await api.command(operator, 'idempotency/x', { type: 'SuspendProject' })).status).toBe(400)
})

/** Everything up to the last pledge, decided in this process and written to the ledger. */
async function readyToGrant(applicationId: string): Promise<void> {
  const records: { actor: Actor; event: unknown }[] = []
  let state = applicationDecider.initial
  for (const { actor, command } of storySteps(demoForm()).slice(0, -1)) {
    const decision = applicationDecider.decide(state, command, contextOf(actor, { applicationId }))
    assert.ok(decision.ok, JSON.stringify(decision))
    for (const event of decision.events) {
      state = applicationDecider.evolve(state, event)
      records.push({ actor, event })
    }
  }
  await append1(`application/${applicationId}`, records)
}

test('[CON-2] two grants at once never overfill a cell: one takes the last seat, the other is told so', async () => {
  const put = (name: string, value: unknown) =>
    new SSMClient({}).send(
      new PutParameterCommand({
        Name: `/renkei/demo/${name}`,
        Value: JSON.stringify(value),
        Type: 'String',
        Overwrite: true,
      }),
    )
  for (const database of demoDatabases) await put(`database/${database.id}`, database)
  await put('cell/1', { id: 1, projects: 1 })
  await Promise.all([readyToGrant('A-RACE-1'), readyToGrant('A-RACE-2')])
  const answers = await Promise.all(
    ['A-RACE-1', 'A-RACE-2'].map((id) => api.command(operator, `application/${id}`, { type: 'Grant' })),
  )
  expectThat(
    answers.map(({ status }) => status).sort(),
    JSON.stringify(answers.map(({ refusals }) => refusals)),
  ).toEqual([200, 409])
  expect(codes(answers.find(({ status }) => status === 409)!)).toEqual(['application.no-room'])
  expect((await read('cell/1')).map(({ event }) => (event as { type: string }).type)).toEqual(['SeatTaken'])
  expectThat(
    (await api.get(operator, 'ledger/cell/1')).status,
    'the streams of cells are no aggregate of the API',
  ).toBe(404)
})
