import { CommanderError } from 'commander'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'
import { localised, type Language, type Refusal, type Text } from '#domain/kernel/refusal.ts'
import { ConfigRefused, visible } from '#lib/kernel/config/problem.ts'
import { printable } from './output.ts'

/** What a person reads of a failure, and with --json a program; gives the exit code. */
export function explain(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help'))
    return error.exitCode === 0 ? 0 : 2
  const language = languageOf(args)
  if (error instanceof ConfigRefused) {
    console.error(error.message)
    return refused(2, { code: 'config.refused', what: `${error.file} is refused`, problems: error.problems }, args)
  }
  const refusal = refusalOf(error)
  console.error(refusalInWords(refusal, language).split('\n').map(visible).join('\n'))
  return refused(refusal.code === OWN_FAULT ? 1 : 2, localised(refusal, language), args)
}

/** `--lang ja` as it stands on a command line, even one that could not be read to its end. */
const languageOf = (args: readonly string[]): Language =>
  args.includes('--lang=ja') || args[args.indexOf('--lang') + 1] === 'ja' ? 'ja' : 'en'

function refused(code: number, error: object, args: readonly string[]): number {
  if (args.includes('--json')) console.log(JSON.stringify({ ok: false, error }, null, 2))
  return code
}

/** The code of a failure that is nobody's mistake but the program's. */
const OWN_FAULT = 'cli.own-fault'

function refusalOf(error: unknown): Refusal<Text> {
  if (error instanceof Obstacle) return error.refusal
  if (error instanceof CommanderError) return commandLineRefusal(error)
  const { name, message } = error as Error
  const what = printable(message || (error as { code?: string }).code || name)
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError)
    return {
      code: OWN_FAULT,
      what,
      why: 'a fault of renkei itself',
      next: 'report it with the command that you ran',
    }
  return {
    code: 'cli.aws',
    what,
    why: `AWS did not answer as expected (${printable(name)})`,
    next: 'check credentials, region and endpoint, then run the command again',
  }
}

function commandLineRefusal({ message }: CommanderError): Refusal<Text> {
  const [what = '', hint] = message.replace(/^error: /, '').split('\n')
  return {
    code: 'cli.command-line',
    what: printable(what).slice(0, 200),
    why: hint ? printable(hint).slice(0, 200) : 'the command line cannot be read',
    next: './renkei --help, also after a command: ./renkei project --help',
  }
}
