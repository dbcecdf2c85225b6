import { commandSchema, variants, type JsonField } from './openapi.ts'
import type { CommandSet } from './aggregate.ts'

/** A field of a command, as a command line or a page asks for it. */
export interface Field {
  /** as the command has it, e.g. `personId` */
  readonly name: string
  /** as an option is written, e.g. `person-id` */
  readonly flag: string
  /** what may be written, in words */
  readonly what: string
  readonly required: boolean
  /** whether it is a text as it stands; anything else is written as YAML */
  readonly text: boolean
}

/** The fields of one command beside its type, in the order of its schema. */
export function fieldsOf(set: CommandSet, type: string): readonly Field[] {
  const schema = variants(set.schema).get(type)
  const document = set.documents[type]
  if (schema === undefined || document === undefined) return []
  const { properties = {}, required = [] } = commandSchema(schema, document)
  return Object.entries(properties)
    .filter(([name]) => name !== 'type')
    .map(([name, field]) => ({
      name,
      flag: name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      what: described(field),
      required: required.includes(name),
      text: field.type === 'string' || field.enum !== undefined,
    }))
}

/** A field in a few words; parts of parts are left to the OpenAPI document. */
const described = (field: JsonField): string =>
  [shapeOf(field), field.description].filter((word) => word !== undefined && word !== '').join('; ')

function shapeOf(field: JsonField): string {
  if (field.const !== undefined) return String(field.const)
  if (field.enum !== undefined) return field.enum.join(' or ')
  if (field.type === 'array') {
    const { minItems = 0, maxItems } = field
    const most = maxItems === undefined ? 'or more' : `to ${maxItems}`
    return `list of ${minItems} ${most}: ${field.items ? shapeOf(field.items) : 'anything'}`
  }
  const options = field.anyOf ?? field.oneOf
  if (options !== undefined) return options.map(shapeOf).join(' or ')
  if (field.properties !== undefined) return `{ ${Object.keys(field.properties).join(', ')} }`
  return field.type === 'string' ? 'text' : (field.type ?? 'anything')
}
