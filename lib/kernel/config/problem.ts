/** One fault in a configuration: where, what was found, why it cannot stand, what to write instead. */
export interface Problem {
  /** e.g. `databases[2].peer.address`; empty for the file as a whole */
  readonly path: string
  readonly found: string
  readonly why: string
  /** the requirement or invariant the rule comes from */
  readonly requirement?: string
  readonly write: string
}

/** A refused configuration. Its message is what a person reads: every problem, in the order of the file. */
export class ConfigRefused extends Error {
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[]) {
    super(formatProblems(file, problems))
    this.file = file
    this.problems = problems
  }
}

/** The one message format of the configuration. */
function formatProblems(file: string, problems: readonly Problem[]): string {
  const head = `${escaped(file)}: refused, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`
  const body = problems.map(({ path, found, why, requirement, write }) =>
    [
      `  ${escaped(path) || '(file)'}`,
      `    found: ${escaped(found)}`,
      `    why:   ${escaped(why)}${requirement ? ` (${requirement})` : ''}`,
      `    write: ${write}`,
    ].join('\n'),
  )
  return [head, ...body].join('\n')
}

/** Letters that steer a terminal or the direction of writing, in what comes from outside, are shown, not obeyed. */
export const visible = (text: string) =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`)

/** The same, cut to what a page holds. */
export const escaped = (text: string) => visible(text.length > 300 ? `${text.slice(0, 300)}…` : text)

/** `['databases', 2, 'peer']` → `databases[2].peer`. */
export const formatPath = (path: readonly PropertyKey[]) =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`)).join('')

/** A value as it is shown to a person: one line, at most 80 characters, control characters escaped. */
export function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value))
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
