import type { z } from 'zod'
import { measured, nextOf, ruleOf } from './fault-texts.ts'
import { nearest } from './nearest.ts'
import type { Refusal } from './refusal.ts'
import { definitionOf, locate, partsOf, type Located } from './schema-part.ts'
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
