import { initSync, preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/web'
// The package exports no path to its binary; the bundler takes it from where it lies.
import binary from '../../node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm'
import commands from '../../policies/cedar/commands.cedar'
import duties from '../../policies/cedar/duties.cedar'
import reads from '../../policies/cedar/reads.cedar'
import schema from '../../policies/cedar/renkei.cedarschema'
import type { AuthorizationRequest } from '../../domain/authorization/request.ts'

const NAME = 'renkei'

/** Compiles beside everything else that a function does when it starts, and parses the policies once. */
const ready = WebAssembly.compile(binary).then((module) => {
  initSync({ module })
  for (const parsed of [preparseSchema(NAME, schema), preparsePolicySet(NAME, { staticPolicies: [commands, duties, reads].join('\n') })]) {
    if (parsed.type === 'failure') throw new Error('policies/cedar cannot be read; its own tests show where')
  }
})
// Whoever asks awaits it and sees the failure; nobody asks before the first request.
ready.catch(() => undefined)

/** Cedar's answer; anything but a clean `allow` is a denial. */
export async function permitted({ principal, action, resource, context, entities }: AuthorizationRequest): Promise<boolean> {
  await ready
  const answer = statefulIsAuthorized({
    principal, action, resource, context, entities, preparsedSchemaName: NAME, preparsedPolicySetId: NAME, validateRequest: true,
  })
  return answer.type === 'success' && answer.response.decision === 'allow' && answer.response.diagnostics.errors.length === 0
}
