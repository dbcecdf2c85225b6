import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GetPublicKeyCommand } from '@aws-sdk/client-kms'
import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { accept, refuse, type Actor, type Context, type Decider } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'
import { digestOf } from '#domain/ledger/canonical.ts'
import { emptyHead } from '#domain/ledger/record.ts'
import { verifyStream } from '#domain/ledger/verify.ts'
import { decideAndAppend } from '#lambda/ledger/handle-command.ts'
import { documentClient } from '#lambda/ledger/document-client.ts'
import { append, headOf, readStream, type LedgerPort } from '#lambda/ledger/ledger.ts'
import { receiptMessage } from '#domain/ledger/receipt.ts'
import { makeLedger, startEmulator, type Emulator } from '#test/support/emulator.ts'

let emulator: Emulator
let port: LedgerPort
beforeAll(async () => {
  emulator = await startEmulator()
  port = await makeLedger()
})
afterAll(() => emulator.stop())

const person = (id: string): Actor => ({ id, organisation: 'Univ', roles: ['operator'], factors: ['pwd', 'otp'] })
const at = '2026-11-22T00:00:00.000Z'

const text = (en: string, ja: string) => ({ en, ja })
const full: Refusal = {
  code: 'counter.full',
  what: text('full', '満杯です。'),
  why: text('it takes ten', '10までです。'),
  next: text('stop', 'やめてください。'),
}
const no: Refusal = {
  code: 'request.not-permitted',
  what: text('no', '不可です。'),
  why: text('it is yours no more', '権限が失効しました。'),
  next: text('ask', '照会してください。'),
}

/** A counter that takes any number up to ten. */
const counter: Decider<number, { add: number }, { added: number }> = {
  initial: 0,
  decide: (total, { add }) => (total + add <= 10 ? accept({ added: add }) : refuse(full)),
  evolve: (total, { added }) => total + added,
}
const count = (
  stream: string,
  add: number,
  options: Partial<Parameters<typeof decideAndAppend<number, { add: number }, { added: number }, Context>>[1]> = {},
) =>
  decideAndAppend<number, { add: number }, { added: number }, Context>(port, {
    decider: counter,
    stream,
    command: { add },
    context: { now: at, actor: person('p-1') },
    ...options,
  })

test('[C-5] of 100 appends to one sequence at once exactly one wins', async () => {
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      append(port, {
        at,
        actor: person(`p-${index}`),
        streams: [{ stream: 'project/race', head: emptyHead, events: [{ index }] }],
      }),
    ),
  )
  expect(results.filter(({ ok }) => ok).length).toBe(1)
  for (const result of results) if (!result.ok) expect(result.reason).toBe('lost-race')
  expect((await readStream(port, 'project/race')).length).toBe(1)
})

test('[C-10] twelve commands at once on one stream are all decided, each on what the others left', async () => {
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => count('project/queue', 1)))
  const records = await readStream(port, 'project/queue')
  expect(records.length).toBe(10)
  expect(outcomes.filter(({ outcome }) => outcome === 'done').length).toBe(10)
  assert.ok(verifyStream('project/queue', records).ok)
})

test('[C-5] the receipt of an event is verified with the public key alone, and fails for any other event', async () => {
  const result = await append(port, {
    at,
    actor: person('p-1'),
    streams: [{ stream: 'project/signed', head: emptyHead, events: [{ one: 1 }, { two: 2 }] }],
  })
  assert.ok(result.ok)
  const { PublicKey } = await port.kms.send(new GetPublicKeyCommand({ KeyId: port.receiptKeyId }))
  const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
  expect(result.receipts.length).toBe(2)
  for (const receipt of result.receipts) {
    const valid = (what: typeof receipt) =>
      verify('sha384', receiptMessage(what), key, Buffer.from(receipt.signature, 'base64'))
    assert.ok(valid(receipt))
    assert.ok(!valid({ ...receipt, sequence: receipt.sequence + 1 }))
    assert.ok(!valid({ ...receipt, hash: receipt.hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }))
  }
})

test('[C-5] an item changed behind our back is found in the stream that is read', async () => {
  const actor = person('p-1')
  const result = await append(port, {
    at,
    actor,
    streams: [{ stream: 'project/tampered', head: emptyHead, events: [{ grant: 'NDB' }, { end: true }] }],
  })
  assert.ok(result.ok)
  assert.ok(verifyStream('project/tampered', await readStream(port, 'project/tampered')).ok)
  await documentClient(port.dynamoDb).send(
    new PutCommand({ TableName: 'ledger', Item: { ...result.records[0], event: { grant: 'DPC' } } }),
  )
  const found = verifyStream('project/tampered', await readStream(port, 'project/tampered'))
  expect(found.ok ? 'ok' : found.sequence).toEqual(1)
})

test('[C-5] what is read back hashes to what was written, whatever JSON it holds', async () => {
  const events = [
    {
      text: '連携 "\\u0000\n',
      empty: '',
      zero: -0,
      small: 1e-7,
      large: 12345678901234,
      list: [[], {}, null, false],
      deep: { a: { b: [1, { c: '' }] } },
    },
    { missing: undefined, kept: 1 },
  ]
  const result = await append(port, {
    at,
    actor: person('p-1'),
    streams: [{ stream: 'project/round', head: emptyHead, events }],
  })
  assert.ok(result.ok)
  assert.ok(verifyStream('project/round', await readStream(port, 'project/round'), headOf(result.records)).ok)
})

test('[CON-2] an append to two streams is whole or not at all', async () => {
  const actor = person('p-1')
  assert.ok(
    (await append(port, { at, actor, streams: [{ stream: 'project/taken', head: emptyHead, events: [{}] }] })).ok,
  )
  const both = await append(port, {
    at,
    actor,
    streams: [
      { stream: 'application/a', head: emptyHead, events: [{}] },
      { stream: 'project/taken', head: emptyHead, events: [{}] },
    ],
  })
  expect(both).toEqual({ ok: false, reason: 'lost-race' })
  expect((await readStream(port, 'application/a')).length).toBe(0)
})

test('[C-10] the same request is done once however often it comes, even at once, and answered the same', async () => {
  const idempotency = { key: 'key-00000001', digest: digestOf({ add: 3 }) }
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => count('project/once', 3, { idempotency })))
  expect((await readStream(port, 'project/once')).length).toBe(1)
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
  expect(outcomes[0]!.outcome).toBe('done')
  // Later, when the state is another: the first answer, not a new decision.
  await count('project/once', 7)
  expect(await count('project/once', 3, { idempotency })).toEqual(outcomes[0])
})

test("[C-10] a used key with another command is refused; another person's key is another key", async () => {
  const idempotency = { key: 'key-00000002', digest: digestOf({ add: 1 }) }
  expect((await count('project/keys', 1, { idempotency })).outcome).toBe('done')
  const reused = await count('project/keys', 2, { idempotency: { ...idempotency, digest: digestOf({ add: 2 }) } })
  expect(reused.outcome === 'rejected' && reused.refusals.map(({ code }) => code)).toEqual([
    'request.idempotency-key-reused',
  ])
  expect(
    (
      await count('project/keys', 2, {
        idempotency: { ...idempotency, digest: digestOf({ add: 2 }) },
        context: { now: at, actor: person('p-2') },
      })
    ).outcome,
  ).toBe('done')
})

test('[ARC-4] who lost the right gets nothing, not even the answer once given to the same request', async () => {
  const idempotency = { key: 'key-00000004', digest: digestOf({ add: 1 }) }
  expect((await count('project/denied', 1, { idempotency })).outcome).toBe('done')
  const denied = await count('project/denied', 1, {
    idempotency,
    permit: () => [no],
  })
  expect(denied).toEqual({
    outcome: 'denied',
    refusals: [no],
  })
  expect((await readStream(port, 'project/denied')).length).toBe(1)
})

test('[C-10] a command that is already true appends nothing and is no fault', async () => {
  const nothing: typeof counter = { ...counter, decide: () => accept() }
  const outcome = await decideAndAppend(port, {
    decider: nothing,
    stream: 'project/nothing',
    command: { add: 1 },
    context: { now: at, actor: person('p-1') },
    idempotency: { key: 'key-00000003', digest: 'd' },
  })
  expect(outcome).toEqual({ outcome: 'done', records: [], receipts: [] })
  expect((await readStream(port, 'project/nothing')).length).toBe(0)
})
