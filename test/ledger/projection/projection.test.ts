import assert from 'node:assert/strict'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { DynamoDBRecord } from 'aws-lambda'
import type { Actor } from '#domain/kernel/decider.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import type { Project } from '#domain/project/state.ts'
import { aggregates } from '#domain/registry.ts'
import { handler as project } from '#lambda/ledger/projection/index.ts'
import { messagesFor } from '#domain/project/messages.ts'
import { dynamoDb, sqs } from '#lambda/kernel/clients.ts'
import { append, headOf, readStream, type LedgerPort } from '#lambda/ledger/ledger.ts'
import { getView, organisationsOf, pageOfView, putView, updatePersonSeen } from '#lambda/ledger/view.ts'
import { handler as sweep } from '#lambda/ledger/sweep/index.ts'
import { makeLedger, startEmulator, type Emulator } from '#test/support/emulator.ts'
import { expectThat } from '#test/support/expect.ts'

let emulator: Emulator
let port: LedgerPort
beforeAll(async () => {
  emulator = await startEmulator()
  port = await makeLedger()
})
afterAll(() => emulator.stop())

const actor: Actor = { id: 'system/test', organisation: 'renkei', roles: ['system'], factors: [] }
const context = { awsRequestId: 'request-1' } as Parameters<typeof project>[1]
const opened = (id: string, until: string): ProjectEvent => ({
  type: 'ProjectOpened',
  projectId: id,
  applicationId: id,
  databases: ['NDB'],
  handlers: [
    { personId: 'p-1', organisation: 'Univ' },
    { personId: 'p-2', organisation: 'Univ' },
  ],
  cell: 1,
  from: '2026-01-01',
  until,
})
const suspended: ProjectEvent = { type: 'ProjectSuspended', reason: 'odd sign-ins' }

async function append1(id: string, ...events: ProjectEvent[]): Promise<void> {
  const stream = `project/${id}`
  assert.ok(
    (
      await append(port, {
        at: '2026-11-22T00:00:00.000Z',
        actor,
        streams: [{ stream, head: headOf(await readStream(port, stream)), events }],
      })
    ).ok,
  )
}

/** What the table's stream delivers for one item: the item as it was put. */
async function delivery(
  id: string,
  sequence: number,
  eventName: DynamoDBRecord['eventName'] = 'INSERT',
): Promise<DynamoDBRecord> {
  const Key = { stream: { S: `project/${id}` }, sequence: { N: String(sequence) } }
  const { Item } = await dynamoDb().send(new GetItemCommand({ TableName: 'ledger', Key, ConsistentRead: true }))
  return {
    eventName,
    dynamodb: {
      SequenceNumber: `${id}-${sequence}`,
      Keys: Key,
      NewImage: { ...Key, ...Item, signature: { S: 'sig' }, keyId: { S: 'key' } } as NonNullable<
        DynamoDBRecord['dynamodb']
      >['NewImage'],
    },
  }
}
const deliver = async (...records: (DynamoDBRecord | Promise<DynamoDBRecord>)[]) =>
  project({ Records: await Promise.all(records) }, context)
const views = () => ({ dynamoDb: dynamoDb(), view: 'view' })
const stateOf = (id: string) => getView<Project>({ dynamoDb: dynamoDb(), view: 'view' }, 'project', id)
const keysOf = async (id: string) =>
  (
    (await new S3Client({}).send(new ListObjectsV2Command({ Bucket: 'archive', Prefix: `ledger/project/${id}/` })))
      .Contents ?? []
  ).map(({ Key }) => Key)

/** All messages waiting in a queue, taken out of it. */
async function drain(url: string): Promise<any[]> {
  const bodies: any[] = []
  for (;;) {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    )
    if (Messages.length === 0) return bodies
    for (const { Body, ReceiptHandle } of Messages) {
      bodies.push(JSON.parse(Body!))
      // A message in flight holds back its group.
      await sqs().send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }))
    }
  }
}

test('[C-5] every event is copied to the archive once, and a repeat leaves the first copy as it is', async () => {
  await append1('copy', opened('copy', '2027-03-31'), suspended)
  expect(await deliver(delivery('copy', 1), delivery('copy', 2))).toEqual({ batchItemFailures: [] })
  expect(await keysOf('copy')).toEqual([
    'ledger/project/copy/000000000001.json',
    'ledger/project/copy/000000000002.json',
  ])
  const body = async () =>
    (
      await new S3Client({}).send(
        new GetObjectCommand({ Bucket: 'archive', Key: 'ledger/project/copy/000000000001.json' }),
      )
    ).Body!.transformToString()
  const first = JSON.parse(await body())
  expect(first.hash).toBe((await readStream(port, 'project/copy'))[0]!.hash)
  expect(first.signature).toBe('sig')
  const later = await delivery('copy', 1)
  later.dynamodb!.NewImage!['signature'] = { S: 'another' }
  expect(await deliver(later)).toEqual({ batchItemFailures: [] })
  expect(JSON.parse(await body()).signature).toBe('sig')
})

test('[C-10] deliveries that come late, twice or out of order leave the same view', async () => {
  await append1('order', opened('order', '2027-03-31'), suspended, { type: 'ProjectResumed', reason: 'cleared' })
  for (const order of [
    [3, 1, 2],
    [2, 2, 1],
    [1, 2, 3],
  ])
    await deliver(...order.map((sequence) => delivery('order', sequence)))
  const view = await stateOf('order')
  expect(view?.version).toBe(3)
  expect(view?.state.status).toBe('open')
})

test('[C-10] a view never goes back: an older state that arrives later is dropped', async () => {
  const view = { dynamoDb: dynamoDb(), view: 'view' }
  await putView(view, { view: 'application', id: 'late', version: 2, state: { status: 'granted' } })
  await putView(view, { view: 'application', id: 'late', version: 1, state: { status: 'submitted' } })
  expect((await getView<{ status: string }>(view, 'application', 'late'))?.state).toEqual({ status: 'granted' })
  await putView(view, { view: 'application', id: 'late', version: 3, state: { status: 'withdrawn' } })
  expect((await getView<{ status: string }>(view, 'application', 'late'))?.version).toBe(3)
})

test("[VIS-7] a suspension goes into both lanes, once, under the event's place", async () => {
  await drain(process.env['RECONCILE_QUEUE_URL']!)
  await append1('lane', opened('lane', '2027-03-31'), { ...suspended, personId: 'p-2' })
  await deliver(delivery('lane', 1), delivery('lane', 2), delivery('lane', 2))
  expect(
    await drain(process.env['SUSPEND_QUEUE_URL']!).then((bodies) =>
      bodies.filter(({ projectId }) => projectId === 'lane'),
    ),
  ).toEqual([{ projectId: 'lane', sequence: 2, personId: 'p-2' }])
  expect(await drain(process.env['RECONCILE_QUEUE_URL']!)).toEqual([
    { projectId: 'lane', cause: 'event', sequence: 1 },
    { projectId: 'lane', cause: 'event', sequence: 2 },
  ])
  const [message] = messagesFor({ stream: 'project/lane', sequence: 2, event: suspended })
  expect([message?.lane, message?.MessageGroupId, message?.MessageDeduplicationId]).toEqual([
    'suspend',
    'lane',
    'project/lane#2',
  ])
})

test("[C-10] the provisioner's own reports set no lane to work, and neither does an application", () => {
  const reports: ProjectEvent[] = [
    { type: 'ProvisioningConverged', exists: [], at: '2026-11-22T00:00:00.000Z' },
    { type: 'ResourcesDestroyed', destroyed: [], at: '2026-11-22T00:00:00.000Z' },
    { type: 'RemovalHeld', digest: 'd', removes: [] } as unknown as ProjectEvent,
    { type: 'UnknownResourceQuarantined', resource: { kind: 'desktop', id: 'ws-1' } },
  ]
  for (const event of reports)
    expectThat(messagesFor({ stream: 'project/x', sequence: 1, event }), event.type).toEqual([])
  expect(aggregates.filter(({ messages }) => messages !== undefined).map(({ name }) => name)).toEqual(['project'])
})

test("[C-5] a changed or removed item is reported as an incident, in words the alarm's filter looks for", async () => {
  const lines: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((line: string) => {
    lines.push(line)
    return true
  }) as typeof process.stdout.write
  try {
    await deliver(delivery('order', 1, 'MODIFY'), delivery('order', 2, 'REMOVE'))
  } finally {
    process.stdout.write = write
  }
  const records = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
  expect(records.map(({ action, reason, object }) => [action, reason, object])).toEqual([
    ['LedgerItemRewritten', 'MODIFY', 'project/order#1'],
    ['LedgerItemRewritten', 'REMOVE', 'project/order#2'],
  ])
})

test('[C-10] a record that fails holds back itself and what follows, and nothing before it', async () => {
  await append1('fails', opened('fails', '2027-03-31'))
  const answer = await deliver(delivery('fails', 1), delivery('missing', 1), delivery('fails', 1))
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'missing-1' }])
  expect((await stateOf('fails'))?.version).toBe(1)
})

test('[VIS-6] the sweep ends what is over, once, and nothing that is not', async () => {
  await append1('over', opened('over', '2026-01-31'))
  await append1('running', opened('running', '2099-03-31'))
  await deliver(delivery('over', 1), delivery('running', 1))
  await sweep({ task: 'deadlines' }, context)
  await sweep({ task: 'deadlines' }, context)
  const events = (await readStream(port, 'project/over')).map(({ event, actor: by }) => [
    (event as ProjectEvent).type,
    by.id,
  ])
  expect(events.slice(1)).toEqual([['ProjectEnded', 'system/sweep']])
  expect((await readStream(port, 'project/running')).length).toBe(1)
})

test('[C-11] a view that lies ends nothing: the ledger decides', async () => {
  await append1('lied', opened('lied', '2099-03-31'))
  await append1('liar', opened('liar', '2020-01-31'))
  await deliver(delivery('liar', 1))
  const due = (await getView<{ due?: string }>(views(), 'project/open', 'liar'))?.state.due
  assert.ok(due !== undefined && due < '2020-02-02')
  await putView(views(), { view: 'project/open', id: 'lied', version: 1, state: { due } })
  await sweep({ task: 'deadlines' }, context)
  expect((await readStream(port, 'project/lied')).length).toBe(1)
})

test('[CON-2] the sweep has every project that is not closed compared again, once an hour', async () => {
  await drain(process.env['RECONCILE_QUEUE_URL']!)
  await sweep({ task: 'drift' }, context)
  const first = await drain(process.env['RECONCILE_QUEUE_URL']!)
  assert.ok(first.some(({ projectId, cause }) => projectId === 'running' && cause === 'drift'))
  await sweep({ task: 'drift' }, context)
  expect(await drain(process.env['RECONCILE_QUEUE_URL']!)).toEqual([])
})

test('[VIS-7] a record that cannot be copied holds up no suspension that comes after it', async () => {
  await append1('urgent', opened('urgent', '2027-03-31'), { ...suspended, personId: 'p-2' })
  const later = await delivery('urgent', 2)
  const answer = await deliver(delivery('absent', 1), later)
  expect(answer.batchItemFailures).toEqual([{ itemIdentifier: 'absent-1' }])
  const waiting = await drain(process.env['SUSPEND_QUEUE_URL']!)
  expect(waiting.filter(({ projectId }) => projectId === 'urgent')).toEqual([
    { projectId: 'urgent', sequence: 2, personId: 'p-2' },
  ])
})

test('[VIS-7] an archive that does not answer holds up no suspension', async () => {
  await append1('cut-off', opened('cut-off', '2027-03-31'), suspended)
  const bucket = process.env['ARCHIVE_BUCKET']
  process.env['ARCHIVE_BUCKET'] = 'no-such-bucket'
  try {
    expect((await deliver(delivery('cut-off', 2))).batchItemFailures.length).toBe(1)
  } finally {
    process.env['ARCHIVE_BUCKET'] = bucket
  }
  expect(
    (await drain(process.env['SUSPEND_QUEUE_URL']!)).filter(({ projectId }) => projectId === 'cut-off').length,
  ).toBe(1)
})

test('[REV-2] with which organisation a person last acted is remembered, whenever an earlier act arrives', async () => {
  const views = { dynamoDb: dynamoDb(), view: 'view' }
  const as = (organisation: string, at: string) => ({
    at,
    actor: { id: 'r.moved', organisation, roles: ['reviewer'], factors: [] } as Actor,
  })
  await updatePersonSeen(views, as('北信大学', '2026-11-01T00:00:00.000Z'))
  await updatePersonSeen(views, as('東都医科大学', '2026-11-20T00:00:00.000Z'))
  await updatePersonSeen(views, as('北信大学', '2026-11-02T00:00:00.000Z'))
  await updatePersonSeen(views, { at: '2026-11-20T00:00:00.000Z', actor })
  expect([...(await organisationsOf(views, ['r.moved', 'nobody', actor.id]))]).toEqual([['r.moved', '東都医科大学']])
})

const idsIn = async (view: string) => (await pageOfView(views(), view)).items.map(({ id }) => id)

test('[APP-6] a person and a holder find their projects without a search; who has left finds it no more', async () => {
  await append1('found', opened('found', '2027-03-31'))
  await deliver(delivery('found', 1))
  for (const key of ['person/p-1', 'person/p-2', 'database/NDB', 'open'])
    expectThat(await idsIn(`project/${key}`), key).toContain('found')
  await append1('found', { type: 'HandlerRemoved', personId: 'p-2', reason: 'left', destroys: [] })
  await deliver(delivery('found', 2))
  expect(await idsIn('project/person/p-1')).toContain('found')
  expect(await idsIn('project/person/p-2')).not.toContain('found')
  await deliver(delivery('found', 1))
  expectThat(await idsIn('project/person/p-2'), 'a late delivery does not bring it back').not.toContain('found')
})

test('[CON-3] a closed project is among the open ones no more, and its row keeps nothing of what it had', async () => {
  const desktop = { kind: 'desktop', id: 'ws-1', personId: 'p-1' } as const
  const named = ['p-1', 'p-2'].flatMap((personId) => [
    { kind: 'desktop', personId } as const,
    { kind: 'user', personId } as const,
  ])
  const at = '2026-11-22T00:00:00.000Z'
  await append1(
    'gone',
    opened('gone', '2027-03-31'),
    { type: 'ProvisioningConverged', exists: [desktop], at },
    { type: 'ProjectEnded', cause: 'end-of-use', destroys: named },
    { type: 'ResourcesDestroyed', destroyed: [desktop], at },
  )
  await deliver(delivery('gone', 3))
  expect((await stateOf('gone'))?.version).toBe(4)
  expect(await idsIn('project/open')).toContain('gone')
  await append1('gone', { type: 'ProvisioningConverged', exists: [], at })
  await deliver(delivery('gone', 5))
  const row = await stateOf('gone')
  expect(row?.state.status).toBe('closed')
  expect(Object.keys(row!.state)).not.toContain('destroyed')
  expect(JSON.stringify(row!.state)).not.toContain('ws-1')
  expect(await idsIn('project/open')).not.toContain('gone')
})
