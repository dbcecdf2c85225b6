import type { z } from 'zod'
import { nearest } from './nearest.ts'
import type { Bilingual } from './refusal.ts'
import { definitionOf, partsOf } from './schema-part.ts'
import { choices, counted } from './shown.ts'
import { wordings } from './wording.ts'

/** How large a list or a text is, where its size is the fault. */
export function measured(issue: z.core.$ZodIssue, value: unknown): Bilingual | undefined {
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
export function ruleOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): Bilingual {
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
      return { en: `${bound.en} can be here`, ja: `ここに記載できるのは${bound.ja}です。` }
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
export function nextOf(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined, value?: unknown): Bilingual {
  const unit = schema && wordings.get(schema)?.unit
  switch (issue.code) {
    case 'invalid_type': {
      if (issue.expected === 'nonoptional') return { en: 'write it', ja: 'この項目を記載してください。' }
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
  // what may be anything but must be there, e.g. a form that is parsed apart
  if (expected === 'nonoptional') return { en: 'a content', ja: '内容' }
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
