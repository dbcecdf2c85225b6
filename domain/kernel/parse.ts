import type { z } from 'zod'
import { nearest } from './nearest.ts'
import type { Bilingual, Refusal } from './refusal.ts'
import { choices, counted, excerpt, pathText, shown } from './shown.ts'
import { wordings } from './wording.ts'

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

export interface Reporting {
  /** the refusals' code */
  readonly code: string
  /** what the paths begin with, e.g. `form` */
  readonly root: string
  /** the requirement that a path belongs to, where it has one */
  requirementOf?(path: readonly PropertyKey[]): string | undefined
}

/** Whoever sends more faults than this is not helped by more, and the answer stays small. */
const MOST = 200

/**
 * Parses untrusted data once, at the edge; every fault has its path, what was found, the rule, and what to write
 * instead.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, reporting: Reporting): Parsed<T> {
  const result = schema.safeParse(value)
  if (result.success) return { ok: true, value: result.data }
  const faults = result.error.issues.flatMap(oneByOne)
  const told = faults.slice(0, MOST).flatMap((issue) => explain(issue, { schema, value, reporting }))
  return { ok: false, refusals: faults.length > MOST ? [...told, untold(faults.length - MOST, reporting)] : told }
}

/** An issue of several unknown names as one issue a name. */
const oneByOne = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue]

function untold(count: number, { code, root, requirementOf }: Reporting): Refusal {
  const requirement = requirementOf?.([])
  return {
    code,
    what: { en: `${counted(count, 'fault is', 'faults are')} not listed`, ja: `ほかに${count}件の誤りがあります。` },
    why: { en: `an answer lists ${MOST} faults at most`, ja: `一度に示す誤りは${MOST}件までです。` },
    next: {
      en: 'correct the faults above and send it again; what is left is then listed',
      ja: '以上の誤りを修正して再度送ってください。残りの誤りは、そのときに示します。',
    },
    ...(requirement !== undefined && { requirement }),
    path: root,
  }
}

/** Where a fault stands: the value that was parsed, and the schema it was held against. */
interface Fault {
  readonly schema: z.core.$ZodType
  readonly value: unknown
  readonly reporting: Reporting
}

type Texts = Pick<Refusal, 'what' | 'why' | 'next'>

/** An issue in our own words. Zod's are never repeated: they name neither unit nor example, and are English only. */
function explain(issue: z.core.$ZodIssue, fault: Fault): readonly Refusal[] {
  const { schema, value, reporting } = fault
  const refusal = (path: readonly PropertyKey[], texts: Texts): Refusal => {
    const requirement = reporting.requirementOf?.(path)
    return {
      code: reporting.code,
      ...texts,
      ...(requirement !== undefined && { requirement }),
      path: pathText(reporting.root, path),
    }
  }
  const at = locate(schema, value, issue.path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => refusal([...issue.path, key], unknownKey(key, partsOf(at.schema, at.value))))
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of several shapes the one that fits best is explained: whose faults lie deepest, and are the fewest.
    const depth = (issues: readonly z.core.$ZodIssue[]) => issues[0]?.path.length ?? 0
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? []
    return closest.flatMap((inner) => explain({ ...inner, path: [...issue.path, ...inner.path] }, fault))
  }
  if (issue.code === 'invalid_key') {
    const keys = definitionOf(locate(schema, value, issue.path.slice(0, -1)).schema).keyType
    return [refusal(issue.path, wrongName(issue.path.at(-1), keys && wordings.get(keys)))]
  }
  return [refusal(issue.path, at.value === undefined ? missing(issue, at.schema) : wrong(issue, at))]
}

function unknownKey(key: string, parts: readonly string[]): Texts {
  const meant = nearest(key, parts)
  const name = excerpt(key, 40)
  const known = choices(parts.map(String))
  return {
    what: { en: `"${name}" is not a part of this section`, ja: `この欄に「${name}」という項目はありません。` },
    why: {
      en: parts.length > 0 ? `this section has the parts ${known.en.replace(/ or /u, ' and ')}` : 'nothing may be here',
      ja: parts.length > 0 ? `この欄の項目は、${known.ja} です。` : 'ここには何も記載できません。',
    },
    next:
      meant === undefined
        ? { en: 'remove it', ja: '削除してください。' }
        : {
            en: `did you mean "${meant}"? Otherwise remove it`,
            ja: `「${meant}」の誤りではありませんか。そうでなければ削除してください。`,
          },
  }
}

function wrongName(key: PropertyKey | undefined, wording: ReturnType<typeof wordings.get>): Texts {
  const name = excerpt(String(key), 40)
  return {
    what: { en: `"${name}" cannot be a name here`, ja: `「${name}」は、ここでは名前として使えません。` },
    why: wording?.why ?? {
      en: 'the names that may stand here have a form of their own',
      ja: 'ここで使える名前には、決まった形式があります。',
    },
    next: wording?.next ?? { en: 'correct the name, or remove it', ja: '名前を修正するか、削除してください。' },
  }
}

function missing(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): Texts {
  return {
    what: { en: 'this part is missing', ja: 'この項目がありません。' },
    why: { en: 'this part is required', ja: '必須の項目です。' },
    next: (schema && wordings.get(schema)?.next) ?? nextOf(issue, schema),
  }
}

function wrong(issue: z.core.$ZodIssue, { schema, value }: Located): Texts {
  const wording = schema && wordings.get(schema)
  const found = shown(value)
  return {
    what: measured(issue, value) ?? { en: `found ${found.en}`, ja: `${found.ja}と記載されています。` },
    why: wording?.why ?? ruleOf(issue, schema),
    next: wording?.next ?? nextOf(issue, schema, value),
  }
}

/** How large a list or a text is, where its size is the fault. */
function measured(issue: z.core.$ZodIssue, value: unknown): Bilingual | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined
  if (Array.isArray(value))
    return value.length === 0
      ? { en: 'the list is empty', ja: '一覧が空です。' }
      : { en: `the list has ${counted(value.length, 'entry', 'entries')}`, ja: `一覧に${value.length}件あります。` }
  if (typeof value === 'string')
    return {
      en: `the text has ${counted(value.length, 'character', 'characters')}`,
      ja: `文字列が${value.length}文字です。`,
    }
  return undefined
}

/** The rule that a value broke. */
function ruleOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): Bilingual {
  const unit = schema && wordings.get(schema)?.unit
  switch (issue.code) {
    case 'invalid_type': {
      const expected = typeName(issue.expected, schema)
      return { en: `${expected.en} is expected here`, ja: `ここには${expected.ja}を記載します。` }
    }
    case 'invalid_value':
      return { en: 'only certain values have a meaning here', ja: 'ここに記載できる値は決まっています。' }
    case 'invalid_union':
      return { en: 'only certain kinds are known here', ja: 'ここに記載できる種類は決まっています。' }
    case 'too_small':
    case 'too_big': {
      const bound = boundOf(issue, unit)
      return { en: `${bound.en} are allowed here`, ja: `ここに記載できるのは${bound.ja}です。` }
    }
    case 'not_multiple_of':
      return {
        en: `only multiples of ${issue.divisor} are allowed here`,
        ja: `ここに記載できるのは${issue.divisor}の倍数です。`,
      }
    case 'invalid_format': {
      const format = formats[issue.format]
      return format === undefined
        ? { en: 'a text of another form is expected here', ja: 'ここに記載する文字列の形式は決まっています。' }
        : { en: `${format.en} is expected here`, ja: `ここには${format.ja}を記載します。` }
    }
    default:
      return { en: 'a rule of this part does not allow it', ja: 'この項目の規則に合いません。' }
  }
}

/** What to write instead. */
function nextOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined, value?: unknown): Bilingual {
  const unit = schema && wordings.get(schema)?.unit
  switch (issue.code) {
    case 'invalid_type': {
      const parts = partsOf(schema, value)
      const expected = typeName(issue.expected, schema)
      const of = parts.length > 0 ? choices(parts) : undefined
      return {
        en: `write ${expected.en}${unit ? `: ${unit.en}` : ''}${of ? ` with ${of.en.replace(/ or /u, ' and ')}` : ''}`,
        ja: `${unit ? `${unit.ja}を` : ''}${expected.ja}で記載してください${of ? `（項目：${of.ja}）` : ''}。`,
      }
    }
    case 'invalid_value':
      return oneOf(issue.values, value)
    case 'invalid_union':
      return oneOf('options' in issue ? (issue.options ?? []) : [], value)
    case 'too_small':
    case 'too_big': {
      const bound = boundOf(issue, unit)
      return { en: `write ${bound.en}`, ja: `${bound.ja}を記載してください。` }
    }
    case 'not_multiple_of':
      return {
        en: `write a multiple of ${issue.divisor}, e.g. ${2 * issue.divisor}`,
        ja: `${issue.divisor}の倍数を記載してください（例：${2 * issue.divisor}）。`,
      }
    case 'invalid_format': {
      const format = formats[issue.format]
      return format === undefined
        ? {
            en: `write a text of the form ${issue.pattern ?? issue.format}`,
            ja: `${issue.pattern ?? issue.format} の形式で記載してください。`,
          }
        : {
            en: `write ${format.en}, e.g. ${format.example}`,
            ja: `${format.ja}を記載してください（例：${format.example}）。`,
          }
    }
    default:
      return { en: 'correct this part', ja: 'この項目を修正してください。' }
  }
}

function oneOf(values: readonly unknown[], found: unknown): Bilingual {
  const meant =
    typeof found === 'string'
      ? nearest(
          found,
          values.filter((value) => typeof value === 'string'),
        )
      : undefined
  const listed = choices(values)
  const ja = `${listed.ja} ${values.length > 1 ? 'のいずれか' : ''}を記載してください。`
  return meant === undefined
    ? { en: `write ${listed.en}`, ja }
    : { en: `did you mean "${meant}"? Write ${listed.en}`, ja: `「${meant}」の誤りではありませんか。${ja}` }
}

/** `at least 10 months` */
function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, unit: Bilingual | undefined): Bilingual {
  const small = issue.code === 'too_small'
  const bound = small ? issue.minimum : issue.maximum
  const inclusive = issue.inclusive ?? true
  const counts = sizes[issue.origin]
  const en = counts ? counted(bound, counts.one, counts.en) : `${bound}${unit ? ` ${unit.en}` : ''}`
  const ja = `${bound}${counts?.ja ?? unit?.ja ?? ''}`
  return small
    ? { en: inclusive ? `at least ${en}` : `more than ${en}`, ja: inclusive ? `${ja}以上` : `${ja}より大きい値` }
    : { en: inclusive ? `at most ${en}` : `less than ${en}`, ja: inclusive ? `${ja}以下` : `${ja}より小さい値` }
}

/** What the size of a thing is counted in. */
const sizes: Readonly<Record<string, Bilingual & { readonly one: string }>> = {
  string: { one: 'character', en: 'characters', ja: '文字' },
  array: { one: 'entry', en: 'entries', ja: '件' },
  set: { one: 'entry', en: 'entries', ja: '件' },
  map: { one: 'entry', en: 'entries', ja: '件' },
  record: { one: 'entry', en: 'entries', ja: '件' },
}

const types: Readonly<Record<string, Bilingual>> = {
  string: { en: 'a text in quotes', ja: '引用符で囲んだ文字列' },
  number: { en: 'a number without quotes', ja: '引用符のない数値' },
  int: { en: 'a whole number without quotes', ja: '引用符のない整数' },
  boolean: { en: 'true or false', ja: 'true又はfalse' },
  object: { en: 'an object', ja: 'オブジェクト' },
  record: { en: 'an object', ja: 'オブジェクト' },
  array: { en: 'a list', ja: '一覧' },
  tuple: { en: 'a list', ja: '一覧' },
  null: { en: 'null', ja: 'null' },
  never: { en: 'nothing', ja: '何もない状態' },
}

/** A whole number is one to zod too, but to a text in its place it says that a number is expected. */
function typeName(expected: string, schema: z.core.$ZodType | undefined): Bilingual {
  const name = expected === 'number' && definitionOf(schema).format === 'safeint' ? 'int' : expected
  return types[name] ?? { en: `a value of type ${name}`, ja: `型${name}の値` }
}

/** Formats that need no wording of their own. */
const formats: Readonly<Record<string, (Bilingual & { readonly example: string }) | undefined>> = {
  email: { en: 'an e-mail address', ja: 'メールアドレス', example: 'hanako@example.jp' },
  date: { en: 'a date that exists', ja: '実在する日付', example: '2026-11-22' },
  datetime: { en: 'an instant in UTC', ja: '協定世界時の日時', example: '2026-11-22T03:00:00Z' },
  uuid: { en: 'a UUID', ja: 'UUID', example: '0b9f7c1e-3d52-4a6b-8f10-2c4e6a8b9d01' },
  url: { en: 'a URL', ja: 'URL', example: 'https://example.jp/' },
  ipv4: { en: 'an IPv4 address', ja: 'IPv4アドレス', example: '192.0.2.1' },
  cidrv4: { en: 'an IPv4 network', ja: 'IPv4の網', example: '192.0.2.0/24' },
}

interface Located {
  readonly schema: z.core.$ZodType | undefined
  readonly value: unknown
}

/** As much of a zod definition as leads from a value to its parts. */
interface Definition {
  readonly innerType?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  /** of a tuple */
  readonly items?: readonly z.core.$ZodType[]
  readonly keyType?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly discriminator?: string
  readonly values?: readonly unknown[]
  /** of a number `safeint` where it must be whole */
  readonly format?: string
}

const definitionOf = (schema: z.core.$ZodType | undefined): Definition => (schema?._zod.def ?? {}) as Definition

/** The value at a path, and the schema it was held against. */
function locate(schema: z.core.$ZodType, value: unknown, path: readonly PropertyKey[]): Located {
  let at: Located = { schema: chosen(schema, value), value }
  for (const key of path) {
    const { shape, element, items, valueType } = definitionOf(at.schema)
    const part = memberOf(at.value, key)
    const inner =
      typeof key === 'number' ? (items?.[key] ?? element) : (memberOf(shape, key) as z.core.$ZodType | undefined)
    at = { schema: chosen(inner ?? valueType, part), value: part }
  }
  return at
}

/** Through what only wraps a schema; of a union the option that the value's discriminator names. */
function chosen(schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  const { innerType, options, discriminator } = definitionOf(schema)
  if (innerType !== undefined) return chosen(innerType, value)
  if (options === undefined || discriminator === undefined) return schema
  const name = memberOf(value, discriminator)
  return (
    options.find((option) =>
      definitionOf(memberOf(definitionOf(option).shape, discriminator) as z.core.$ZodType).values?.includes(name),
    ) ?? schema
  )
}

const partsOf = (schema: z.core.$ZodType | undefined, value: unknown): readonly string[] =>
  Object.keys(definitionOf(chosen(schema, value)).shape ?? {})

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined
