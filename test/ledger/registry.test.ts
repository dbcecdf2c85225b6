import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import * as z from 'zod'
import { accept, refuse, type Context, type Role } from '#domain/kernel/decider.ts'
import { prose } from '#domain/kernel/fields.ts'
import { ID, type Aggregate, type AnyAggregate } from '#domain/ledger/aggregate.ts'
import { commandReference } from '#domain/ledger/command-reference.ts'
import { openApi } from '#domain/ledger/openapi.ts'
import { uid } from '#domain/people/entities.ts'
import { aggregates as registered } from '#domain/registry.ts'
import { sweep } from '#lambda/ledger/sweep/handle.ts'
import { policies, schema } from '../people/support.ts'
import { makeLedger, startEmulator, type Emulator } from '../support/emulator.ts'
import { controlOf, get, post, projected } from './support.ts'

/**
 * A question to the desk: asked by an applicant, answered by an operator, closed by time. Registered by this test
 * alone.
 */
interface Question {
  readonly status: 'absent' | 'asked' | 'answered' | 'lapsed'
  readonly askedBy: string
  readonly until: string
}
type QuestionCommand =
  | { readonly type: 'AskQuestion'; readonly text: string }
  | { readonly type: 'AnswerQuestion'; readonly text: string }
  | { readonly type: 'LapseQuestion' }
type QuestionEvent =
  | { readonly type: 'QuestionAsked'; readonly text: string; readonly by: string; readonly until: string }
  | { readonly type: 'QuestionAnswered'; readonly text: string }
  | { readonly type: 'QuestionLapsed' }

const wrongState = {
  code: 'question.wrong-state',
  what: { en: 'the question is not open', ja: 'この質問は受付中ではありません。' },
  why: { en: 'only an open question is answered', ja: '回答できるのは、受付中の質問だけです。' },
  next: { en: 'ask a new one', ja: '新しい質問を送ってください。' },
}
const question: Aggregate<Question, QuestionCommand, QuestionEvent> = {
  name: 'question',
  plural: 'questions',
  title: { en: 'Question', ja: '質問' },
  idPattern: ID,
  decider: {
    initial: { status: 'absent', askedBy: '', until: '' },
    decide({ status, until }, command, { now, actor }: Context) {
      if (command.type === 'AskQuestion') {
        return status === 'absent'
          ? accept({ type: 'QuestionAsked', text: command.text, by: actor.id, until: '2026-01-01T00:00:00.000Z' })
          : refuse(wrongState)
      }
      if (status !== 'asked') return refuse(wrongState)
      if (command.type === 'AnswerQuestion') return accept({ type: 'QuestionAnswered', text: command.text })
      return now > until ? accept({ type: 'QuestionLapsed' }) : refuse(wrongState)
    },
    evolve(state, event) {
      if (event.type === 'QuestionAsked') return { status: 'asked', askedBy: event.by, until: event.until }
      return { ...state, status: event.type === 'QuestionAnswered' ? 'answered' : 'lapsed' }
    },
  },
  commands: {
    schema: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('AskQuestion'), text: prose }),
      z.strictObject({ type: z.literal('AnswerQuestion'), text: prose }),
    ]),
    documents: {
      AskQuestion: {
        summary: { en: 'Asks the desk', ja: '窓口に質問します。' },
        by: ['applicant'],
        from: ['absent'],
        to: 'asked',
        example: { type: 'AskQuestion', text: '費用はいくらですか。' },
        refusals: ['question.wrong-state'],
      },
      AnswerQuestion: {
        summary: { en: 'Answers a question', ja: '質問に回答します。' },
        by: ['operator'],
        from: ['asked'],
        to: 'answered',
        example: { type: 'AnswerQuestion', text: '料金表をご覧ください。' },
        refusals: ['question.wrong-state'],
      },
    },
  },
  authorization: {
    read: 'ReadQuestion',
    ledger: 'ReadQuestionLedger',
    list: 'ListQuestions',
    entity: (id, { askedBy }) => ({
      uid: uid('Question', id),
      attrs: { askedBy: askedBy === '' ? [] : [{ __entity: uid('Person', askedBy) }] },
      parents: [],
    }),
  },
  view: ({ status, askedBy }) => ({ row: { status }, keys: [`person/${askedBy}`], open: status === 'asked' }),
  deadlines: {
    due: ({ status, until }, now) => (status === 'asked' && now > until ? [{ type: 'LapseQuestion' }] : []),
    next: ({ status, until }) => (status === 'asked' ? until : undefined),
  },
}

const questionSchema = `
  entity Question = { askedBy: Set<Person> };
  action AskQuestion, AnswerQuestion, ReadQuestion, ReadQuestionLedger
    appliesTo { principal: [Person], resource: [Question] };
  action ListQuestions appliesTo { principal: [Person], resource: [Platform] };
}`
const questionPolicies = `
  permit (principal in Renkei::Role::"applicant", action == Renkei::Action::"AskQuestion", resource);
  permit (principal in Renkei::Role::"operator", action == Renkei::Action::"AnswerQuestion", resource);
  permit (principal is Renkei::Person, action == Renkei::Action::"ListQuestions", resource);
  permit (principal is Renkei::Person, action == Renkei::Action::"ReadQuestion", resource)
  when { resource.askedBy.contains(principal) || principal in Renkei::Role::"operator" };`

const aggregates: readonly AnyAggregate[] = [...registered, question]
const extended = { schema: schema.replace(/\}\s*$/, questionSchema), policies: `${policies}\n${questionPolicies}` }
const control = controlOf(aggregates, extended)
const sender = (id: string, role: string) => ({ id, organisation: '東都医科大学', roles: [role as Role] })
const project = () => projected(aggregates, 'question/Q-1', 'question/Q-2')

let emulator: Emulator
beforeAll(async () => {
  emulator = await startEmulator()
  await makeLedger()
})
afterAll(() => emulator.stop())

let keys = 0
function send(person: string, role: string, command: object, id = 'Q-1') {
  keys += 1
  const body = { stream: `question/${id}`, command, idempotencyKey: `key-${keys}-00000000` }
  return post(control, sender(person, role), body)
}
const read = (person: string, role: string, resource: string, path: Record<string, string> | null = null) =>
  get(control, sender(person, role), resource, { path })

test('[C-5] a registered aggregate is accepted, decided and authorized, and its events are receipted', async () => {
  const asked = await send('p.sato', 'applicant', { type: 'AskQuestion', text: '費用は。' })
  expect([asked.status, asked.body.events?.[0]?.type, asked.body.receipts?.length]).toEqual([200, 'QuestionAsked', 1])
  expect((await send('p.sato', 'applicant', { type: 'AnswerQuestion', text: 'x' })).status).toBe(403)
  const again = await send('p.sato', 'applicant', { type: 'AskQuestion', text: '費用は。' })
  expect([again.status, again.body.refusals[0].code]).toEqual([409, 'question.wrong-state'])
  const unknown = await send('p.sato', 'applicant', { type: 'LapseQuestion' })
  expect(unknown.status).toBe(400)
})

test('[APP-6] it is projected and listed to whom it concerns, and to nobody else', async () => {
  await project()
  expect((await read('p.sato', 'applicant', '/questions')).body.questions).toEqual([{ status: 'asked' }])
  expect((await read('p.other', 'applicant', '/questions')).body.questions).toEqual([])
  expect((await read('o.mori', 'operator', '/questions')).body.questions).toEqual([{ status: 'asked' }])
  const one = await read('p.sato', 'applicant', '/questions/{id}', { id: 'Q-1' })
  expect([one.status, one.body.askedBy, one.body.version]).toEqual([200, 'p.sato', 1])
  expect((await read('p.other', 'applicant', '/questions/{id}', { id: 'Q-1' })).status).toBe(403)
})

test('[VIS-6] its deadlines are kept by the sweep', async () => {
  await send('p.sato', 'applicant', { type: 'AskQuestion', text: '期間は。' }, 'Q-2')
  expect((await send('o.mori', 'operator', { type: 'AnswerQuestion', text: '三年。' }, 'Q-2')).status).toBe(200)
  await project()
  await sweep(aggregates, { task: 'deadlines' }, 'r-3')
  await project()
  const statuses = (await read('o.mori', 'operator', '/questions')).body.questions.map(({ status }: Question) => status)
  expect(statuses).toEqual(['lapsed', 'answered'])
  const { body } = await read('o.mori', 'operator', '/questions/{id}', { id: 'Q-1' })
  expect(body.status).toBe('lapsed')
})

test('it is documented: in the OpenAPI document and in the reference of commands', async () => {
  const { body } = await read('p.sato', 'applicant', '/openapi.json')
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/questions', '/questions/{id}']))
  expect(body.components.schemas.AskQuestion.properties.text).toMatchObject({ type: 'string' })
  expect(body).toEqual(JSON.parse(JSON.stringify(openApi(aggregates))))
  const reference = commandReference(aggregates)
  for (const word of ['AskQuestion', 'question.wrong-state', 'an applicant', 'answered'])
    assert.ok(reference.includes(word), word)
  assert.ok(!commandReference(registered).includes('AskQuestion'))
})

test('docs/api.md says what the registry says: npm run docs writes it', () => {
  expect(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'api.md'), 'utf8')).toBe(
    commandReference(registered),
  )
})
