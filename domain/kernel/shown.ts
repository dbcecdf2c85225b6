import type { Bilingual } from './refusal.ts'

/** The longest that is repeated of what somebody sent, in characters. */
const LONGEST = 80
/** The most choices that a sentence lists. */
const MOST = 24

/**
 * Letters that steer a terminal or the direction of writing, and those that print nothing, are shown by their code, not
 * obeyed.
 */
export const escaped = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`)

/** The beginning of a text from outside, fit to stand in a sentence of ours. */
export function excerpt(text: string, longest = LONGEST): string {
  // Cut before it is escaped, so that a long text costs nothing, and after, between whole characters.
  const letters = [...escaped(text.slice(0, 2 * longest))]
  return letters.length > longest ? `${letters.slice(0, longest - 1).join('')}…` : letters.join('')
}

/** A value from outside as a sentence mentions it. */
export function shown(value: unknown): Bilingual {
  if (typeof value === 'string') return { en: `"${excerpt(value)}"`, ja: `「${excerpt(value)}」` }
  if (Array.isArray(value))
    return { en: `a list of ${counted(value.length, 'entry', 'entries')}`, ja: `${value.length}件の一覧` }
  if (typeof value === 'object' && value !== null) return { en: 'an object', ja: 'オブジェクト' }
  const text = excerpt(String(value))
  return { en: text, ja: text }
}

export const counted = (count: number | bigint, one: string, several: string): string =>
  `${count} ${Number(count) === 1 ? one : several}`

/** `form.handlers[2].email`; without a root `handlers[2].email`. */
export const pathText = (root: string, path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${excerpt(String(key), 40)}`,
    root,
  )

/** What is to be chosen from, as the end of a sentence. */
export function choices(values: readonly unknown[]): Bilingual {
  const words = values.slice(0, MOST).map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
  const more = values.length - words.length
  if (more > 0) return { en: `${words.join(', ')} or one of ${more} more`, ja: `${words.join('、')}、ほか${more}件` }
  return {
    en: words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : (words[0] ?? 'nothing'),
    ja: words.length > 0 ? words.join('、') : 'なし',
  }
}
