import type { NormalizedSchema } from '@smithy/core/schema'
import { ServiceError } from '../errors.ts'
import { structure } from './members.ts'

/**
 * JSON to the SDK's input shape, driven by the Smithy schema: seconds to Date, base64 to bytes. A member or a type that
 * the model does not know is refused.
 */
export function readJson(schema: NormalizedSchema, value: unknown, path = '$'): unknown {
  const wrong = (expected: string) =>
    new ServiceError('SerializationException', `${path}: expected ${expected}, found ${JSON.stringify(value)}`)
  if (value === null || value === undefined) return undefined
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrong('a list')
    return value.map((item, index) => readJson(schema.getValueSchema(), item, `${path}[${index}]`))
  }
  if (schema.isMapSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong('a map')
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, readJson(schema.getValueSchema(), item, `${path}.${key}`)]),
    )
  }
  if (schema.isUnitSchema()) return {}
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong('a structure')
    const { members } = structure(schema)
    const read: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) {
      const member = members.get(key)
      if (!member)
        throw new ServiceError('SerializationException', `${path}.${key}: not a member of ${schema.getName()}`)
      const parsed = readJson(member, item, `${path}.${key}`)
      if (parsed !== undefined) read[key] = parsed
    }
    return read
  }
  if (schema.isTimestampSchema()) {
    if (typeof value !== 'number') throw wrong('seconds since 1970')
    return new Date(value * 1000)
  }
  if (schema.isBlobSchema()) {
    if (typeof value !== 'string') throw wrong('base64 text')
    return new Uint8Array(Buffer.from(value, 'base64'))
  }
  const type = schema.isBooleanSchema() ? 'boolean' : schema.isNumericSchema() ? 'number' : 'string'
  if (typeof value !== type) throw wrong(`a ${type}`)
  return value
}

/**
 * The SDK's output shape to JSON. An output member that the model does not know is a mistake of the simulator and is
 * thrown.
 */
export function writeJson(schema: NormalizedSchema, value: unknown, path = '$'): unknown {
  if (value === null || value === undefined) return undefined
  if (schema.isListSchema())
    return (value as unknown[]).map((item, index) => writeJson(schema.getValueSchema(), item, `${path}[${index}]`))
  if (schema.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, item]) => [
        key,
        writeJson(schema.getValueSchema(), item, `${path}.${key}`),
      ]),
    )
  }
  if (schema.isUnitSchema()) return {}
  if (schema.isStructSchema()) {
    const { members } = structure(schema)
    const written: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value as object)) {
      const member = members.get(key)
      if (!member)
        throw new Error(`the simulator answered ${path}.${key}, which is not a member of ${schema.getName()}`)
      const encoded = writeJson(member, item, `${path}.${key}`)
      if (encoded !== undefined) written[key] = encoded
    }
    return written
  }
  if (schema.isTimestampSchema()) return (value as Date).getTime() / 1000
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString('base64')
  return value
}
