import type { NormalizedSchema } from '@smithy/core/schema'
import { ServiceError } from '../errors.ts'
import { structure } from './members.ts'

/** `Filter.1.Value.2=x` as a tree: Filter → 1 → Value → 2 → x. */
interface Node {
  text?: string
  readonly children: Map<string, Node>
}

/**
 * The EC2 query protocol, request side: form to the SDK's input shape.
 * Source: "AWS EC2 query protocol", https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function readQuery(schema: NormalizedSchema, form: URLSearchParams): unknown {
  const root: Node = { children: new Map() }
  for (const [key, value] of form) {
    if (key === 'Action' || key === 'Version') continue
    let node = root
    for (const part of key.split('.')) {
      let next = node.children.get(part)
      if (!next) node.children.set(part, (next = { children: new Map() }))
      node = next
    }
    node.text = value
  }
  return read(schema, root, '')
}

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1)

function queryName(name: string, member: NormalizedSchema): string {
  const traits = member.getMergedTraits() as { ec2QueryName?: string; xmlName?: string }
  return traits.ec2QueryName ?? capital(traits.xmlName ?? name)
}

function read(schema: NormalizedSchema, node: Node, path: string): unknown {
  if (schema.isListSchema()) {
    return [...node.children]
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([index, item]) => read(schema.getValueSchema(), item, `${path}.${index}`))
  }
  if (schema.isUnitSchema()) return {}
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {}
    const left = new Set(node.children.keys())
    for (const [name, member] of structure(schema).members) {
      const key = queryName(name, member)
      const child = node.children.get(key)
      if (!child) continue
      left.delete(key)
      value[name] = read(member, child, path ? `${path}.${key}` : key)
    }
    for (const unknown of left)
      throw new ServiceError('UnknownParameter', `The parameter ${path ? `${path}.` : ''}${unknown} is not recognized`)
    return value
  }
  const text = node.text ?? ''
  if (schema.isBooleanSchema()) {
    if (text !== 'true' && text !== 'false')
      throw new ServiceError(
        'InvalidParameterValue',
        `Value (${text}) for parameter ${path} is invalid. Expected: 'true' or 'false'`,
      )
    return text === 'true'
  }
  if (schema.isNumericSchema()) {
    if (!/^-?\d+(\.\d+)?$/.test(text))
      throw new ServiceError(
        'InvalidParameterValue',
        `Value (${text}) for parameter ${path} is invalid. Expected a number`,
      )
    return Number(text)
  }
  if (schema.isTimestampSchema()) return new Date(text)
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'))
  return text
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/'

/** The response side: the SDK's output shape to XML, names from the schema. */
export function writeXml(action: string, schema: NormalizedSchema, value: object, requestId: string): string {
  const members = schema.isUnitSchema() ? '<return>true</return>' : write(schema, value, action)
  const response = `${action}Response`
  return `${DECLARATION}<${response} xmlns="${NAMESPACE}"><requestId>${requestId}</requestId>${members}</${response}>`
}

export function writeXmlError(code: string, message: string, requestId: string): string {
  const error = `<Error><Code>${escape(code)}</Code><Message>${escape(message)}</Message></Error>`
  return `${DECLARATION}<Response><Errors>${error}</Errors><RequestID>${requestId}</RequestID></Response>`
}

const xmlName = (name: string, traits: object) => (traits as { xmlName?: string }).xmlName ?? name

function write(schema: NormalizedSchema, value: unknown, path: string): string {
  if (schema.isListSchema()) {
    const item = schema.getValueSchema()
    const name = xmlName('member', item.getMergedTraits())
    return (value as unknown[]).map((each) => `<${name}>${write(item, each, path)}</${name}>`).join('')
  }
  if (schema.isStructSchema()) {
    const { members } = structure(schema)
    let xml = ''
    for (const [key, each] of Object.entries(value as object)) {
      if (each === undefined || each === null) continue
      const member = members.get(key)
      if (!member)
        throw new Error(`the simulator answered ${path}.${key}, which is not a member of ${schema.getName()}`)
      const name = xmlName(key, member.getMemberTraits())
      xml += `<${name}>${write(member, each, `${path}.${key}`)}</${name}>`
    }
    return xml
  }
  if (schema.isTimestampSchema()) return (value as Date).toISOString()
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString('base64')
  return escape(String(value))
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
