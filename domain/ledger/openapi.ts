import * as z from 'zod'
import { senders, type AnyAggregate, type CommandDocument } from './aggregate.ts'

/** JSON Schema of a zod schema; what has none (`unknown`) accepts anything. */
const schemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })
  return json
}

/** The members of a discriminated union over `type`, by that type. */
export function variants(schema: z.ZodType): ReadonlyMap<string, z.ZodType> {
  const options = (schema as unknown as { readonly options: readonly z.ZodObject[] }).options
  return new Map(options.map((option) => [String((option.shape['type'] as z.ZodLiteral).value), option]))
}

/** JSON Schema, as far as documents and command lines show it. */
export interface JsonField {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly items?: JsonField
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, JsonField>>
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonField[]
  readonly oneOf?: readonly JsonField[]
}

/** The schema of one command as JSON Schema, its open members filled in. */
export function commandSchema(schema: z.ZodType, { parts = {} }: Pick<CommandDocument, 'parts'>): JsonField {
  const json = schemaOf(schema) as JsonField
  const filled = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, schemaOf(part)]))
  return { ...json, properties: { ...json.properties, ...filled } as JsonField['properties'] }
}

const refusalSchema = {
  type: 'object',
  required: ['code', 'what', 'why', 'next'],
  properties: {
    code: { type: 'string', description: '`<context>.<reason>`' },
    what: { type: 'string' },
    why: { type: 'string' },
    next: { type: 'string' },
    requirement: { type: 'string' },
    path: { type: 'string' },
  },
}

const answer = (description: string, schema: object) => ({
  description,
  content: { 'application/json': { schema } },
})
const refusals = answer('refused: why, in the language of Accept-Language (en or ja)', {
  type: 'object',
  required: ['refusals'],
  properties: { refusals: { type: 'array', items: { $ref: '#/components/schemas/Refusal' } } },
})
const refusing = (...statuses: readonly number[]) =>
  Object.fromEntries(statuses.map((status) => [String(status), { $ref: '#/components/responses/Refused' }]))

const parameter = (name: string, where: 'path' | 'query', schema: object, description: string) => ({
  name,
  in: where,
  required: where === 'path',
  schema,
  description,
})
const after = parameter('after', 'query', { type: 'string' }, 'the value of `next` of the page before')
const idOf = ({ idPattern }: AnyAggregate) =>
  parameter('id', 'path', { type: 'string', pattern: idPattern.source }, 'id')
const page = (name: string) => ({
  type: 'object',
  properties: { [name]: { type: 'array', items: { type: 'object' } }, next: { type: 'string' } },
})

function readPaths(aggregate: AnyAggregate): object {
  const { name, plural, title, authorization, view } = aggregate
  if (authorization === undefined) return {}
  const one = {
    get: {
      summary: `One ${name} as the ledger tells it (${title.ja})`,
      operationId: authorization.read,
      parameters: [idOf(aggregate)],
      responses: { 200: answer('its state and version', { type: 'object' }), ...refusing(403, 404) },
    },
  }
  const list = {
    get: {
      summary: `The ${plural} the caller may see, page by page`,
      operationId: authorization.list,
      parameters: [after],
      responses: { 200: answer('a page; go on with `next` while there is one', page(plural)), ...refusing(400, 403) },
    },
  }
  return { ...(view && { [`/${plural}`]: list }), [`/${plural}/{id}`]: one }
}

/** Every command with its fields, as a schema of its own. */
const commandSchemas = (commanded: readonly AnyAggregate[]): readonly (readonly [string, object])[] =>
  commanded.flatMap(({ name, commands: set }) =>
    [...variants(set!.schema)].map(([type, schema]) => {
      const document = set!.documents[type]!
      const by = document.by.map((who) => senders[who].en).join(', ')
      return [
        type,
        {
          title: `${name}: ${type}`,
          description: `${document.summary.en} / ${document.summary.ja} Sent by ${by}.`,
          ...commandSchema(schema, document),
          examples: [document.example],
        },
      ] as const
    }),
  )

/** One request for each command, as it is sent. */
const requestExamples = (commanded: readonly AnyAggregate[]): object =>
  Object.fromEntries(
    commanded.flatMap(({ name, commands: set }) =>
      Object.entries(set!.documents).map(([type, { example }]) => [
        type,
        {
          value: {
            stream: `${name}/A-2026-0001`,
            command: example,
            idempotencyKey: '4f1c1c1e-8f0a-4a55-9d3c-0d7a3f3f9a10',
          },
        },
      ]),
    ),
  )

const commandPath = (commanded: readonly AnyAggregate[]) => ({
  post: {
    summary: 'Sends one command; the same idempotency key again is answered again and done once',
    operationId: 'sendCommand',
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Request' },
          examples: requestExamples(commanded),
        },
      },
    },
    responses: {
      200: answer('the events it led to, each with its signed receipt', {
        type: 'object',
        properties: {
          events: { type: 'array', items: { type: 'object' } },
          receipts: { type: 'array', items: { type: 'object' } },
        },
      }),
      ...refusing(400, 403, 409, 422),
    },
  },
})

const ledgerPath = (aggregates: readonly AnyAggregate[]) => {
  const names = aggregates.filter(({ authorization }) => authorization !== undefined).map(({ name }) => name)
  return {
    get: {
      summary: 'The events of one stream with hash and receipt, page by page (C-5)',
      operationId: 'readLedger',
      parameters: [
        parameter('aggregate', 'path', { enum: names }, 'kind of stream'),
        parameter('id', 'path', { type: 'string' }, 'id'),
        after,
      ],
      responses: { 200: answer('a page of events', page('events')), ...refusing(400, 403, 404) },
    },
  }
}

const requestSchema = (aggregates: readonly AnyAggregate[], commands: readonly (readonly [string, object])[]) => ({
  type: 'object',
  required: ['stream', 'command', 'idempotencyKey'],
  additionalProperties: false,
  properties: {
    stream: { type: 'string', pattern: streamPattern(aggregates) },
    command: { oneOf: commands.map(([type]) => ({ $ref: `#/components/schemas/${type}` })) },
    idempotencyKey: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
    dryRun: { type: 'boolean', description: 'asks what would happen; nothing is recorded' },
  },
})

/** The OpenAPI 3.1 document of the control plane's API, from the same schemas that parse its requests. */
export function openApi(aggregates: readonly AnyAggregate[]): object {
  const commanded = aggregates.filter(({ commands }) => commands !== undefined)
  const commands = commandSchemas(commanded)
  return {
    openapi: '3.1.0',
    info: { title: 'Renkei', version: 'v1', description: 'Commands and queries of the control plane (情報連携基盤).' },
    security: [{ token: [] }],
    paths: {
      '/commands': commandPath(commanded),
      ...Object.assign({}, ...aggregates.map(readPaths)),
      '/ledger/{aggregate}/{id}': ledgerPath(aggregates),
      '/openapi.json': {
        get: { summary: 'This document', operationId: 'readOpenApi', responses: { 200: answer('OpenAPI 3.1', {}) } },
      },
    },
    components: {
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'id token of the user pool' },
      },
      responses: { Refused: refusals },
      schemas: {
        Refusal: refusalSchema,
        Request: requestSchema(aggregates, commands),
        ...Object.fromEntries(commands),
      },
    },
  }
}

/** A new UUID for every new command. */
export const IDEMPOTENCY_KEY = /^[A-Za-z0-9-]{8,64}$/

/** What a stream that may be commanded looks like, as a regular expression that API Gateway understands. */
export const streamPattern = (aggregates: readonly AnyAggregate[]): string => {
  const names = aggregates.filter(({ commands }) => commands !== undefined).map(({ name }) => name)
  return `^(${names.join('|')})/[A-Za-z0-9-]{1,64}$`
}
