import { readFile } from 'node:fs/promises'
import {
  initSync,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type PolicySet,
  type Schema,
} from '@cedar-policy/cedar-wasm/web'
import type { AuthorizationRequest } from '#domain/people/request.ts'

/** The Cedar policies of every context in JSON form, as text; the bundler puts it here (`lib/kernel/cedar.ts`). */
declare const COMPILED_POLICIES: string

const NAME = 'renkei'

/** Begins when the function is loaded, beside everything else that takes time then; the policies are read once. */
const ready = load()
// Whoever asks awaits it and sees the failure; nobody asks before the first request.
ready.catch(() => undefined)

async function load(): Promise<void> {
  // The binary lies beside the bundle.
  const module = await WebAssembly.compile(await readFile(new URL('cedar_wasm_bg.wasm', import.meta.url)))
  initSync({ module })
  const { schema, staticPolicies } = JSON.parse(COMPILED_POLICIES) as {
    schema: Schema
    staticPolicies: PolicySet['staticPolicies']
  }
  for (const parsed of [preparseSchema(NAME, schema), preparsePolicySet(NAME, { staticPolicies })]) {
    if (parsed.type === 'failure') throw new Error('the Cedar policies cannot be read; their own tests show where')
  }
}

/** Cedar's answer; anything but a clean `allow` is a denial. */
export async function permitted({
  principal,
  action,
  resource,
  context,
  entities,
}: AuthorizationRequest): Promise<boolean> {
  await ready
  const answer = statefulIsAuthorized({
    principal,
    action,
    resource,
    context,
    entities,
    preparsedSchemaName: NAME,
    preparsedPolicySetId: NAME,
    validateRequest: true,
  })
  return (
    answer.type === 'success' && answer.response.decision === 'allow' && answer.response.diagnostics.errors.length === 0
  )
}
