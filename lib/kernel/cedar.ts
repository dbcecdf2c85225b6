import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs'

const root = join(import.meta.dirname, '..', '..')

/**
 * Cedar's binary, which lies beside each deciding function: as 4 MB of text in the bundle it would take longer to read.
 */
export const CEDAR_BINARY = 'cedar_wasm_bg.wasm'
/** Where the binary lies in the installed package. */
export const cedarBinaryPath = () => join(root, 'node_modules', '@cedar-policy', 'cedar-wasm', 'web', CEDAR_BINARY)

/**
 * Schema and policies of all contexts (`policies/<context>/*.cedar`, `*.cedarschema`) in Cedar's JSON form, as text.
 * Reading the JSON form takes a function a quarter of the time that the text form does (40 ms against 180 ms at a cold
 * start), so the text is read here, when the functions are bundled.
 * @throws Error with Cedar's own words where a file cannot be read as Cedar
 */
export function compiledPolicies(): string {
  return JSON.stringify(
    compile(
      globSync('policies/*/*.{cedar,cedarschema}', { cwd: root })
        .sort()
        .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') })),
    ),
  )
}

function compile(files: readonly { readonly file: string; readonly text: string }[]) {
  // Loaded only where something changed: the evaluator takes longer to load than the whole bundling.
  const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar
  const textOf = (ending: string) =>
    files
      .filter(({ file }) => file.endsWith(ending))
      .map(({ text }) => text)
      .join('\n')
  const schema = cedar.schemaToJson(`namespace Renkei {\n${textOf('.cedarschema')}\n}`)
  if (schema.type === 'failure')
    throw new Error(`Cedar policies: ${schema.errors.map(({ message }) => message).join('; ')}`)
  const parts = cedar.policySetTextToParts(textOf('.cedar'))
  if (parts.type === 'failure')
    throw new Error(`Cedar policies: ${parts.errors.map(({ message }) => message).join('; ')}`)
  const staticPolicies = parts.policies.map((text) => {
    const policy = cedar.policyToJson(text)
    if (policy.type === 'failure')
      throw new Error(`Cedar policies: ${policy.errors.map(({ message }) => message).join('; ')}`)
    const id = policy.json.annotations?.['id']
    if (id === undefined || id === null) throw new Error(`Cedar policies: a policy has no @id: ${text.slice(0, 80)}`)
    return [id, policy.json] as const
  })
  if (new Set(staticPolicies.map(([id]) => id)).size < staticPolicies.length)
    throw new Error('Cedar policies: two policies have the same @id')
  return { schema: schema.json, staticPolicies: Object.fromEntries(staticPolicies) }
}
