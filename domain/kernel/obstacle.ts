import { inLanguage, refusalLines, type Language, type Refusal, type Text } from './refusal.ts'

/**
 * What stops a command before it could do its work: the machine, a file, an argument; never a failed check. Carries the
 * refusal that a person reads, without a stack trace, and ends a command with exit code 2.
 */
export class Obstacle extends Error {
  readonly refusal: Refusal<Text>

  constructor(refusal: Refusal<Text>) {
    super(inLanguage(refusal.what, 'en'))
    this.refusal = refusal
  }
}

/** A refusal as it stands alone on a terminal. */
export const refusalInWords = (refusal: Refusal<Text>, language: Language = 'en'): string =>
  `✗ ${refusalLines(refusal, language).join('\n')}`
