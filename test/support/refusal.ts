import assert from 'node:assert/strict'
import { join } from 'node:path'
import { loadRegister } from '#checks/requirements.ts'
import type { Decision } from '#domain/kernel/decider.ts'
import type { Refusal } from '#domain/kernel/refusal.ts'

const requirements = new Set(Object.keys(loadRegister(join(import.meta.dirname, '..', '..'))))

/**
 * A refusal that a person can act on in either language: what, why and next, all there, and none of it the other one's
 * words.
 */
export function assertWellWritten(refusal: Refusal): void {
  const { code, what, why, next, requirement } = refusal
  const shown = JSON.stringify(refusal)
  assert.match(code, /^(application|project|form|request)\.[a-z-]+$/, shown)
  for (const text of [what, why, next]) {
    assert.ok(text.en.trim() !== '' && text.ja.trim() !== '', `nothing is left unsaid: ${shown}`)
    assert.notEqual(text.en, text.ja, `each language has its own words: ${shown}`)
    assert.match(text.ja, /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, shown)
    assert.ok(!/undefined|\[object/u.test(text.en + text.ja), `every value is filled in: ${shown}`)
  }
  for (const text of [what.ja, why.ja, next.ja])
    assert.match(
      text,
      /(です|ます|ません|ください|ました|でした|か)(（[^）]*）)?。$/u,
      `a sentence, politely: ${shown}`,
    )
  if (requirement !== undefined) assert.ok(requirements.has(requirement), `${requirement} stands in the register`)
}

/** A decision is a refusal with this code and requirement, and everything it says is well written. */
export function assertRefused(
  decision: Decision<unknown>,
  { code, requirement }: Pick<Refusal, 'code' | 'requirement'>,
): void {
  assert.ok(!decision.ok, 'it is refused')
  const shown = JSON.stringify(decision.refusals)
  const found = decision.refusals.filter((refusal) => refusal.code === code)
  assert.ok(
    found.some((refusal) => refusal.requirement === requirement),
    `${code} by ${requirement}: ${shown}`,
  )
  for (const refusal of decision.refusals) assertWellWritten(refusal)
}
