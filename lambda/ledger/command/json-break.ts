/**
 * Where a text stops being JSON (RFC 8259): the offset of the first character that cannot stand where it stands, the
 * length of the text where only its end comes too early; undefined for JSON. `JSON.parse` knows the place too, but says
 * it for some faults only.
 */
export function jsonBreak(text: string): number | undefined {
  return new Scanner(text).run()
}

/** What may come next. */
type Expected = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'colon' | 'comma-or-end' | 'nothing'

const WORD = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SPACE = /[ \t\n\r]*/y

/** A character that stands for itself in a string; false beyond the end of the text. */
const isPlain = (code: number) => code >= 0x20 && code !== 0x22 && code !== 0x5c

class Scanner {
  private readonly text: string
  private at = 0
  private expected: Expected = 'value'
  private readonly open: ('[' | '{')[] = []

  constructor(text: string) {
    this.text = text
  }

  run(): number | undefined {
    for (;;) {
      this.skip(SPACE)
      if (this.at >= this.text.length) return this.expected === 'nothing' ? undefined : this.at
      if (!this.step(this.text[this.at] as string)) return this.at
    }
  }

  /** Takes one token; false where it cannot stand here, with `at` on the character that is wrong. */
  private step(letter: string): boolean {
    const inner = this.open.at(-1)
    switch (this.expected) {
      case 'nothing':
        return false
      case 'colon':
        return this.take(letter === ':', 'value')
      case 'comma-or-end':
        if (letter === ',') return this.take(true, inner === '{' ? 'name' : 'value')
        return this.close(letter === (inner === '{' ? '}' : ']'))
      case 'name':
      case 'name-or-end':
        if (letter === '}' && this.expected === 'name-or-end') return this.close(true)
        return this.string('colon')
      case 'value':
      case 'value-or-end':
        if (letter === ']' && this.expected === 'value-or-end') return this.close(true)
        return this.value(letter)
    }
  }

  private value(letter: string): boolean {
    const after = this.open.length > 0 ? 'comma-or-end' : 'nothing'
    if (letter === '"') return this.string(after)
    if (letter === '[' || letter === '{') {
      this.open.push(letter)
      return this.take(true, letter === '[' ? 'value-or-end' : 'name-or-end')
    }
    const from = this.at
    this.skip(WORD)
    this.expected = after
    return this.at > from
  }

  private string(after: Expected): boolean {
    if (this.text[this.at] !== '"') return false
    this.at += 1
    for (;;) {
      while (isPlain(this.text.charCodeAt(this.at))) this.at += 1
      if (this.text[this.at] === '"') return this.take(true, after)
      const from = this.at
      this.skip(ESCAPE)
      if (this.at === from) return false
    }
  }

  private close(possible: boolean): boolean {
    if (possible) this.open.pop()
    return this.take(possible, this.open.length > 0 ? 'comma-or-end' : 'nothing')
  }

  private take(possible: boolean, expected: Expected): boolean {
    if (!possible) return false
    this.at += 1
    this.expected = expected
    return true
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at
    const length = pattern.exec(this.text)?.[0].length ?? 0
    this.at += length
  }
}
