import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAuthorized, type AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs'
import type { AuthorizationRequest } from '#domain/people/request.ts'

const root = join(import.meta.dirname, '..', '..')
const textOf = (ending: string) =>
  globSync(`policies/*/*.${ending}`, { cwd: root })
    .sort()
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n')
export const schema = `namespace Renkei {\n${textOf('cedarschema')}\n}`
/** The very files that are deployed. */
export const policies = textOf('cedar')

/** Asks the real evaluator, as the functions do. */
function ask(request: AuthorizationRequest, text: string, held: string): AuthorizationAnswer {
  return isAuthorized({ ...request, schema: held, validateRequest: true, policies: { staticPolicies: text } })
}

/** Whether the answer lets the request pass; an evaluation error counts as a fault of the test, not as a denial. */
export function allowed(request: AuthorizationRequest, text = policies, held = schema): boolean {
  const answer = ask(request, text, held)
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
