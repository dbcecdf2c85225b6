import { localised, refusalLines, type Language, type Refusal, type Text } from '#domain/kernel/refusal.ts'
import { excerpt } from '#domain/kernel/shown.ts'

/** What every command of `renkei` ends in: an answer for people or for programs, and an exit code. */

/** Prints an answer: as JSON for programs, else as `text` gives it. */
export function answer<T>(value: T, json: boolean, text: (value: T) => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : text(value))
}

/** Rows as aligned columns under their heads; a word where there is none. */
export function columns(heads: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return none
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [line(heads), ...rows.map(line)].join('\n')
}

/** Data from outside as a terminal may be given it. */
export const printable = (value: unknown) => excerpt(String(value ?? ''), 300)

/** What a person typed, as it is shown back: quoted, one line, no longer than a line. */
export const quoted = (value: string) => printable(JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value))

/** Every refusal in the language asked for, or as JSON with what else a program needs; ends with exit code 2. */
export function tellRefusals(
  refusals: readonly Refusal<Text>[],
  { json, lang }: { readonly json: boolean; readonly lang: Language },
  more: object = {},
): void {
  process.exitCode = 2
  if (json) {
    const told = refusals.map((refusal) => localised(refusal, lang))
    return console.log(JSON.stringify({ ok: false, refusals: told, ...more }, null, 2))
  }
  for (const refusal of refusals) console.error(`✗ ${refusalLines(refusal, lang).map(printable).join('\n')}`)
}
