import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { factorKinds } from '#domain/people/factors.ts'
import { isMachine } from '#domain/kernel/decider.ts'
import { aggregates } from '#domain/registry.ts'
import { parseRequest } from '#lambda/ledger/command/request.ts'
import { actorOf } from '#lambda/people/identity.ts'
import { expectThat } from '../support/expect.ts'

const claims = {
  'custom:person': 'p-1',
  'custom:organisation': 'Univ',
  'cognito:groups': 'operator,holder',
  'custom:database': 'NDB,DPC',
}

test('[AUTH-3] a token that names no person, or no organisation, gives no actor', () => {
  for (const missing of ['custom:person', 'custom:organisation'] as const)
    expect(actorOf({ ...claims, [missing]: undefined })).toBe(undefined)
  for (const person of ['', 'system/sweep', 'P 1', '../x', 'a'.repeat(65)])
    expectThat(actorOf({ ...claims, 'custom:person': person }), person).toBe(undefined)
})

test('[AUTH-3] no claim whatever makes a machine', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('custom:person', 'custom:organisation', 'cognito:groups', 'amr'),
        fc.oneof(fc.string(), fc.constantFrom('system', '[system]', 'system/sweep', 'operator system')),
      ),
      (anything) => {
        const actor = actorOf({ ...claims, ...anything })
        return actor === undefined || (!isMachine(actor) && !actor.roles.includes('system'))
      },
    ),
  )
})

test("[AUTH-1] factors: the pool's users have what the pool enforces, federated ones what the provider said", () => {
  const kinds = (more: object) => factorKinds(actorOf({ ...claims, ...more })!.factors)
  expect(kinds({})).toBe(2)
  expect(kinds({ identities: '[{"providerName":"RenkeiIdP"}]' })).toBe(0)
  expect(kinds({ identities: '[{}]', 'custom:factors': 'pwd' })).toBe(1)
  expect(kinds({ identities: '[{}]', 'custom:factors': '["pwd","otp"]' })).toBe(2)
  expect(kinds({ amr: 'pwd' })).toBe(1)
})

test('[ARC-4] lists are read in every form the gateway writes them', () => {
  for (const groups of ['operator,holder', '[operator holder]', '["operator","holder"]', 'operator, holder']) {
    expectThat(actorOf({ ...claims, 'cognito:groups': groups })?.roles, groups).toEqual(['holder', 'operator'])
  }
  expect(actorOf(claims)?.databases).toEqual(['NDB', 'DPC'])
})

test('[ARC-4] whatever is sent as a command is parsed or refused with a remedy; nothing throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .record({
            stream: fc.constant('project/P-1'),
            idempotencyKey: fc.constant('12345678'),
            command: fc.anything(),
          })
          .map((value) => {
            try {
              return JSON.stringify(value)
            } catch {
              return ''
            }
          }),
      ),
      (text) => {
        const parsed = parseRequest(aggregates, text)
        return (
          parsed.ok ||
          (parsed.refusals.length > 0 && parsed.refusals.every(({ next, what }) => next.en !== '' && what.en !== ''))
        )
      },
    ),
  )
})
