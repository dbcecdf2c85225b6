/**
 * What stops a command before it could do its work: the machine, a file, an argument; never a failed check. Says what, why and
 * what to do next, without a stack trace, and ends a command with exit code 2.
 */
export class Obstacle extends Error {
  readonly why: string
  readonly next: string

  constructor(what: string, why: string, next: string) {
    super(what)
    this.why = why
    this.next = next
  }
}

/** The three lines a person reads. */
export const obstacleInWords = ({ message, why, next }: Obstacle) => `✗ ${message}\n  why:  ${why}\n  next: ${next}`
