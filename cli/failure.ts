import { CommanderError } from 'commander'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { printable } from './output.ts'

/** What a person reads of a failure, and with --json a program; gives the exit code. */
export function explain(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help'))
    return error.exitCode === 0 ? 0 : 2
  const json = args.includes('--json')
  if (error instanceof ConfigRefused) {
    console.error(error.message)
    return refused(2, { what: `${error.file} is refused`, problems: error.problems }, json)
  }
  const { what, why, next, code } = inWords(error)
  console.error(`✗ ${what}\n  why:  ${why}\n  next: ${next}`)
  return refused(code, { what, why, next }, json)
}

function refused(code: number, error: object, json: boolean): number {
  if (json) console.log(JSON.stringify({ ok: false, error }, null, 2))
  return code
}

function inWords(error: unknown): {
  readonly what: string
  readonly why: string
  readonly next: string
  readonly code: number
} {
  if (error instanceof CommanderError) {
    const [message = '', hint] = error.message.replace(/^error: /, '').split('\n')
    return {
      what: printable(message).slice(0, 200),
      why: hint ? printable(hint).slice(0, 200) : 'the command line cannot be read',
      next: './renkei --help, also after a command: ./renkei project --help',
      code: 2,
    }
  }
  if (error instanceof Obstacle) return { what: error.message, why: error.why, next: error.next, code: 2 }
  const { name, message } = error as Error
  const what = printable(message || (error as { code?: string }).code || name).slice(0, 500)
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)
    return { what, why: 'a fault of renkei itself', next: 'report it with the command that you ran', code: 1 }
  return {
    what,
    why: `AWS did not answer as expected (${printable(name)})`,
    next: 'check credentials, region and endpoint, then run the command again',
    code: 2,
  }
}
