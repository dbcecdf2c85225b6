import type { Refusal } from '#domain/kernel/refusal.ts'
import { escaped, pathText, shown } from '#domain/kernel/shown.ts'
import { jsonBreak } from './json-break.ts'

export const MALFORMED = 'request.malformed'

/** The body of a request as an object, or why it is none. */
export type Body =
  | { readonly ok: true; readonly body: object }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

export function readBody(text: string | null): Body {
  if (text === null || text.trim() === '') return notAnObject({ en: 'the body is empty', ja: '本文が空です。' })
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return notAnObject(breakIn(text))
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ok: true, body }
  const found = shown(body)
  return notAnObject({ en: `the body is ${found.en}`, ja: `本文が${found.ja}です。` })
}

const notAnObject = (what: Refusal['what']): Body => ({
  ok: false,
  refusals: [
    {
      code: MALFORMED,
      what,
      why: {
        en: 'a command comes as one JSON object with stream, command and idempotencyKey',
        ja: 'コマンドは、stream、command、idempotencyKeyを持つ一つのJSONオブジェクトで送ります。',
      },
      next: {
        en: 'send {"stream": "application/A-0001", "command": {"type": …}, "idempotencyKey": "<a new UUID>"}',
        ja: '{"stream": "application/A-0001", "command": {"type": …}, "idempotencyKey": "<新しいUUID>"} の形で送ってください。',
      },
      path: 'body',
    },
  ],
})

/** The position at which the text stops being JSON, as an editor counts it, with what stands before it. */
function breakIn(text: string): Refusal['what'] {
  const at = jsonBreak(text) ?? text.length
  const lines = text.slice(0, at).split('\n')
  const position = { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
  const before = escaped(text.slice(Math.max(0, at - 20), at))
  const after = { en: before === '' ? '' : ` after ${before}`, ja: before === '' ? '' : `、「${before}」の後` }
  const where = {
    en: `line ${position.line}, column ${position.column}`,
    ja: `${position.line}行${position.column}桁${after.ja}`,
  }
  const letter = text.codePointAt(at)
  if (letter === undefined)
    return {
      en: `the JSON ends too early, at ${where.en}${after.en}`,
      ja: `JSONが途中で終わっています（${where.ja}）。`,
    }
  const found = escaped(String.fromCodePoint(letter))
  return {
    en: `the JSON breaks at ${where.en}: ${found} cannot stand there${after.en}`,
    ja: `JSONとして読めません（${where.ja}の「${found}」）。`,
  }
}

/** Deeper than any form; a walk that goes on for ever would end the function instead of the request. */
const MAX_DEPTH = 64
/** Whoever sends more faults than this is not helped by more. */
const MOST = 20

/** The places at which a value cannot be hashed and stored as it stands. */
export function unstorable(value: unknown, path: readonly PropertyKey[]): readonly Refusal[] {
  const found: Refusal[] = []
  collect(found, { value, path, depth: 0 })
  return found
}

interface Position {
  readonly value: unknown
  readonly path: readonly PropertyKey[]
  readonly depth: number
}

function collect(found: Refusal[], { value, path, depth }: Position): void {
  if (found.length >= MOST) return
  const fault = faultOf(value, depth)
  if (fault !== undefined) found.push(cannot(path, fault))
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      collect(found, { value: item, path: [...path, index], depth: depth + 1 })
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const inner = [...path, key]
      if (key === '__proto__') found.push(cannot(inner, faults.name))
      else if (!key.isWellFormed()) found.push(cannot(inner, faults.text))
      else collect(found, { value: item, path: inner, depth: depth + 1 })
    }
  }
}

function faultOf(value: unknown, depth: number): Fault | undefined {
  if (depth > MAX_DEPTH) return faults.depth
  if (typeof value === 'string' && !value.isWellFormed()) return faults.text
  return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? faults.number : undefined
}

type Fault = Pick<Refusal, 'what' | 'why' | 'next'>

const cannot = (path: readonly PropertyKey[], fault: Fault): Refusal => ({
  code: MALFORMED,
  ...fault,
  path: pathText('', path),
})

const faults = {
  depth: {
    what: { en: `this is nested deeper than ${MAX_DEPTH} levels`, ja: `入れ子が${MAX_DEPTH}段を超えています。` },
    why: {
      en: 'no form is nested that deep, and what is cannot be recorded',
      ja: 'これほど深い入れ子の様式はなく、台帳に記録できません。',
    },
    next: {
      en: `send no more than ${MAX_DEPTH} levels of objects and lists`,
      ja: `オブジェクトと一覧の入れ子を${MAX_DEPTH}段以内にしてください。`,
    },
  },
  number: {
    what: { en: 'the number is beyond 2^53 - 1', ja: '数値が2^53 - 1を超えています。' },
    why: {
      en: 'such a number cannot be kept exactly, and the record would not be what was sent',
      ja: 'このような数値は正確に保存できず、記録が送信内容と異なってしまいます。',
    },
    next: {
      en: 'send a number up to 9007199254740991, or a text in quotes, e.g. "9007199254740993"',
      ja: '9007199254740991以下の数値とするか、引用符で囲んだ文字列（例："9007199254740993"）としてください。',
    },
  },
  text: {
    what: { en: 'the text is not well-formed Unicode', ja: '文字列がUnicodeとして壊れています。' },
    why: {
      en: 'half of a character (an unpaired surrogate such as \\ud800) cannot be kept in any record',
      ja: '文字の片割れ（対になっていないサロゲート、例：\\ud800）は記録できません。',
    },
    next: { en: 'send the text in UTF-8, with whole characters', ja: '完全な文字からなるUTF-8で送ってください。' },
  },
  name: {
    what: { en: '"__proto__" cannot be a name here', ja: '「__proto__」は、ここでは名前として使えません。' },
    why: {
      en: 'no part of any command has this name, and some programs would take it for something else',
      ja: 'この名前の項目を持つコマンドはなく、プログラムによっては別の意味に解釈されます。',
    },
    next: { en: 'correct the name, or remove it', ja: '名前を修正するか、削除してください。' },
  },
} as const satisfies Readonly<Record<string, Fault>>
