import assert from 'node:assert/strict'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { APIGatewayProxyEvent } from 'aws-lambda'
import { refused, serve, statusOf, type Answer } from '#lambda/ledger/api.ts'
import { preferredLanguage } from '#lambda/ledger/language.ts'
import { notFound } from '#lambda/ledger/refusals.ts'
import { expectThat } from '#test/support/expect.ts'

const claims = { 'custom:person': 'p.sato', 'custom:organisation': '東都医科大学', 'cognito:groups': 'applicant' }
const request = (headers: Record<string, string>, person: object = claims) =>
  ({
    headers,
    requestContext: { requestId: 'r-1', identity: { sourceIp: '192.0.2.1' }, authorizer: { claims: person } },
  }) as unknown as APIGatewayProxyEvent
const subject = { action: 'ReadProject', object: 'project/P-1' }
const answered = async (answer: () => Promise<Answer>, headers: Record<string, string> = {}, person?: object) => {
  const { statusCode, body } = await serve(request(headers, person), subject, answer)
  return { status: statusCode, refusals: JSON.parse(body).refusals }
}

beforeEach(() => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true)
  jest.spyOn(console, 'log').mockReturnValue(undefined)
})
afterEach(() => {
  jest.restoreAllMocks()
})

test('[ARC-4] a refusal is answered in the language that the request prefers, else in English', async () => {
  const found = async (headers: Record<string, string>) =>
    (await answered(async () => refused(404, notFound), headers)).refusals[0]
  expect(await found({ 'Accept-Language': 'ja-JP,ja;q=0.9,en;q=0.8' })).toEqual({
    code: 'request.not-found',
    what: notFound.what.ja,
    why: notFound.why.ja,
    next: notFound.next.ja,
  })
  expect((await found({ 'accept-language': 'en-GB' })).what).toBe(notFound.what.en)
  expect((await found({})).what).toBe(notFound.what.en)
})

test('[ARC-4] the preferred language has the greater weight, or is named first of two that weigh the same', () => {
  const headers = [
    { given: 'ja', language: 'ja' },
    { given: 'JA-jp', language: 'ja' },
    { given: 'en;q=0.5, ja', language: 'ja' },
    { given: 'ja;q=0.5, en;q=0.9', language: 'en' },
    { given: 'fr, ja;q=0.3, en;q=0.2', language: 'ja' },
    { given: 'en, ja', language: 'en' },
    { given: 'ja;q=0, en;q=0.1', language: 'en' },
    { given: 'ja;q=0', language: 'en' },
    { given: 'ja;q=x', language: 'en' },
    { given: '*', language: 'en' },
    { given: 'java', language: 'en' },
    { given: '', language: 'en' },
  ]
  for (const { given, language } of headers)
    expectThat(preferredLanguage({ 'Accept-Language': given }), given).toBe(language)
  expect(preferredLanguage(null)).toBe('en')
})

test('[AUTH-3] nobody without a person in their token is answered, and is told so in their language', async () => {
  const asked = jest.fn(async () => refused(404, notFound))
  const { status, refusals } = await answered(asked, { 'accept-language': 'ja' }, {})
  expect([status, refusals[0].code]).toEqual([403, 'request.nobody'])
  assert.match(refusals[0].what, /トークン/)
  expect(asked).not.toHaveBeenCalled()
})

test('[C-10] a fault of the platform is answered with the request id, and nothing of its own words', async () => {
  const { status, refusals } = await answered(async () => {
    throw new Error('secret detail')
  })
  expect([status, refusals[0].code]).toEqual([500, 'request.failed'])
  assert.ok(refusals[0].next.includes('r-1') && !JSON.stringify(refusals).includes('secret'))
})

test('[APP-1] faults in the data of a form are 422, all else contradicts the present state and is 409', () => {
  const form = { ...notFound, code: 'form.shape' }
  expect(statusOf([form, { ...form, code: 'form.rule' }])).toBe(422)
  expect(statusOf([form, { ...form, code: 'application.wrong-state' }])).toBe(409)
})
