import { ServiceError } from '../errors.ts'
import type { Operation } from '../operation.ts'
import { readJson, writeJson } from './json.ts'
import { structure } from './members.ts'
import type { WireRequest } from './wire.ts'

interface Traits {
  readonly http?: readonly [method: string, path: string, status: number]
  readonly httpLabel?: 1
  readonly httpQuery?: string
  readonly httpHeader?: string
  readonly httpPayload?: 1
}

interface Route {
  readonly operation: Operation
  readonly method: string
  readonly segments: readonly string[]
}

/** Routes of a REST service, by the `http` trait of its operations. */
export class Router {
  readonly #routes: readonly Route[]

  constructor(operations: readonly Operation[]) {
    this.#routes = operations.map((operation) => {
      const [method, path] = (operation.schema[3] as Traits).http!
      return { operation, method, segments: segmentsOf(path) }
    })
  }

  find(
    method: string,
    path: string,
  ): { readonly operation: Operation; readonly labels: Readonly<Record<string, string>> } | undefined {
    const segments = segmentsOf(path)
    for (const route of this.#routes) {
      if (route.method !== method || route.segments.length !== segments.length) continue
      const labels: Record<string, string> = {}
      const fits = route.segments.every((expected, index) => {
        const label = /^\{(\w+)\}$/.exec(expected)?.[1]
        if (label) labels[label] = decodeURIComponent(segments[index]!)
        return label !== undefined || expected === segments[index]
      })
      if (fits) return { operation: route.operation, labels }
    }
    return undefined
  }
}

const segmentsOf = (path: string) =>
  path
    .split('?')[0]!
    .split('/')
    .filter((segment) => segment !== '')

/** Labels, query and body of a REST-JSON request, to the SDK's input shape. */
export function readRest(
  operation: Operation,
  labels: Readonly<Record<string, string>>,
  request: WireRequest,
): Record<string, unknown> {
  if (operation.input.isUnitSchema()) return {}
  const body = parseBody(request.body)
  const input: Record<string, unknown> = {}
  const bound = new Set<string>()
  for (const [name, member] of structure(operation.input).members) {
    const traits = member.getMergedTraits() as Traits
    if (traits.httpLabel) {
      bound.add(name)
      input[name] = labels[name]
    } else if (traits.httpQuery !== undefined) {
      bound.add(name)
      const value = request.query[traits.httpQuery]
      if (value !== undefined)
        input[name] = fromText(member.isListSchema(), member.isNumericSchema(), member.isBooleanSchema(), value)
    } else if (traits.httpHeader !== undefined || traits.httpPayload) {
      throw new Error(`${operation.name}.${name}: binding not supported by the simulator's codec`)
    }
  }
  for (const name of Object.keys(body)) {
    if (bound.has(name)) throw new ServiceError('SerializationException', `${name} does not belong in the body`)
  }
  return { ...input, ...(readJson(operation.input, body) as object) }
}

function fromText(list: boolean, numeric: boolean, boolean: boolean, value: string | readonly string[]): unknown {
  if (list) return typeof value === 'string' ? [value] : value
  const text = typeof value === 'string' ? value : value[0]!
  return numeric ? Number(text) : boolean ? text === 'true' : text
}

export function parseBody(body: string): object {
  if (body === '') return {}
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch {
    // Falls through to the refusal below: a body that is no JSON and one that is no object get the same answer.
  }
  throw new ServiceError('SerializationException', 'the body is not a JSON object')
}

/** Output to body and status. */
export function writeRest(operation: Operation, output: object): { readonly status: number; readonly body: string } {
  const [, , status] = (operation.schema[3] as Traits).http!
  const body = operation.output.isUnitSchema() ? '' : JSON.stringify(writeJson(operation.output, output))
  return { status, body }
}
