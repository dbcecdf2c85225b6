/** A text in the two languages of the platform. */
export interface Bilingual {
  readonly en: string
  readonly ja: string
}

/** A text as a person may meet it: in both languages, or in English alone where only engineers read it. */
export type Text = string | Bilingual

export type Language = keyof Bilingual

/**
 * Why something was refused, the one shape of it: a command that a rule forbids, a fault in a form or a configuration,
 * what stops a program, a finding of a check, a gap of a proof. Built from named members, printed by `refusalLines`.
 */
export interface Refusal<T extends Text = Bilingual> {
  /** `<context>.<reason>`, e.g. `project.suspended-handler`; stable, for programs and tests */
  readonly code: string
  /** what was found or asked for, and is not possible */
  readonly what: T
  /** the rule behind it, in a sentence */
  readonly why: T
  /** what to do, with unit and example where something is to be written */
  readonly next: T
  /** the requirement or invariant the rule comes from, e.g. `VIS-7` */
  readonly requirement?: string
  /** where the fault is, e.g. `form.handlers[2].email` */
  readonly path?: string
}

/** A refusal in one language: what an answer carries. */
export type LocalisedRefusal = Refusal<string>

export const inLanguage = (text: Text, language: Language): string => (typeof text === 'string' ? text : text[language])

/** The same refusal with its texts in one language. */
export function localised(refusal: Refusal<Text>, language: Language): LocalisedRefusal {
  const { what, why, next } = refusal
  return {
    ...refusal,
    what: inLanguage(what, language),
    why: inLanguage(why, language),
    next: inLanguage(next, language),
  }
}

/** How a refusal is set in each language. */
const setting = {
  en: { why: 'why:  ', next: 'next: ', place: (path: string) => `${path}: `, source: (id: string) => ` (${id})` },
  ja: { why: '理由：', next: '対応：', place: (path: string) => `${path}：`, source: (id: string) => `（${id}）` },
} as const

/**
 * What is printed as a refusal is: one, or what a tool from elsewhere found, which gives no reason beyond what it says.
 */
export type Printed<T extends Text = Text> = Omit<Refusal<T>, 'code' | 'why'> &
  Partial<Pick<Refusal<T>, 'code' | 'why'>>

/** A refusal as a person reads it: what (with its place), why (with its requirement), next. */
export function refusalLines(refusal: Printed, language: Language = 'en'): readonly string[] {
  const { what, why, next, requirement, path } = refusal
  const words = setting[language]
  const source = requirement ? words.source(requirement) : ''
  return [
    `${path ? words.place(path) : ''}${inLanguage(what, language)}${why === undefined ? source : ''}`,
    ...(why === undefined ? [] : [`  ${words.why}${inLanguage(why, language)}${source}`]),
    `  ${words.next}${inLanguage(next, language)}`,
  ]
}
