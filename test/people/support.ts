import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAuthorized, type AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import type { AuthorizationRequest } from '#domain/people/request.ts'

const folder = join(import.meta.dirname, '..', '..', 'policies', 'people')
export const schema = readFileSync(join(folder, 'renkei.cedarschema'), 'utf8')
/** The very files that are deployed. */
export const policies = readdirSync(folder)
  .filter((file) => file.endsWith('.cedar'))
  .sort()
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n')

/** Asks the real evaluator, as the functions do. */
function ask(request: AuthorizationRequest, text = policies): AuthorizationAnswer {
  return isAuthorized({ ...request, schema, validateRequest: true, policies: { staticPolicies: text } })
}

/** Whether the answer lets the request pass; an evaluation error counts as a fault of the test, not as a denial. */
export function allowed(request: AuthorizationRequest, text = policies): boolean {
  const answer = ask(request, text)
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
  if (answer.response.diagnostics.errors.length > 0) throw new Error(JSON.stringify(answer.response.diagnostics.errors))
  return answer.response.decision === 'allow'
}

/** The policies without one of them: what its absence would let pass. */
export function without(id: string): string {
  const parts = policies.split(/(?=^@id\()/m)
  const kept = parts.filter((part) => !part.startsWith(`@id("${id}")`))
  if (kept.length === parts.length) throw new Error(`no policy ${id}`)
  return kept.join('')
}
