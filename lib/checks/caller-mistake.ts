/** A caller's mistake: the machine, a file or an argument; never a failed check. Ends a command with exit code 2. */
export class CallerMistake extends Error {
  readonly why: string
  readonly remedy: string

  constructor(what: string, why: string, remedy: string) {
    super(what)
    this.why = why
    this.remedy = remedy
  }
}
