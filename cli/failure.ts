import { CommanderError } from 'commander'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'
import { localised, type Bilingual, type Language, type Refusal, type Text } from '#domain/kernel/refusal.ts'
import { escaped } from '#domain/kernel/shown.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { printable } from './output.ts'

/** What a person reads of a failure, and with --json a program; gives the exit code. */
export function explain(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError && (error.exitCode === 0 || error.code === 'commander.help'))
    return error.exitCode === 0 ? 0 : 2
  const language = languageOf(args)
  if (error instanceof ConfigRefused) {
    console.error(error.inWords(language))
    const problems = error.problems.map((problem) => localised(problem, language))
    return refused(2, { code: 'config.refused', what: `${error.file} is refused`, problems }, args)
  }
  const refusal = refusalOf(error)
  console.error(refusalInWords(refusal, language).split('\n').map(escaped).join('\n'))
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
  const profile = process.env.AWS_PROFILE
  return {
    code: 'cli.aws',
    what,
    why: `AWS did not answer as expected (${printable(name)})`,
    next: profile
      ? `check that AWS_PROFILE=${printable(profile)} still gives credentials (aws sso login), its region and endpoint`
      : 'check credentials, region and endpoint, then run the command again',
  }
}

/** What commander's codes mean; `named` is what the person wrote, or did not. */
const MISTAKES: Readonly<Record<string, (named: string) => { readonly what: Bilingual; readonly why: Bilingual }>> = {
  'commander.unknownCommand': (named) => ({
    what: { en: `unknown command ${named}`, ja: `コマンド ${named} はありません。` },
    why: { en: 'renkei has no command of that name', ja: 'その名前のコマンドは renkei にありません。' },
  }),
  'commander.unknownOption': (named) => ({
    what: { en: `unknown option ${named}`, ja: `オプション ${named} はありません。` },
    why: { en: 'this command has no such option', ja: 'このコマンドにそのオプションはありません。' },
  }),
  'commander.missingArgument': (named) => ({
    what: { en: `missing argument ${named}`, ja: `引数 ${named} が足りません。` },
    why: { en: 'the command asks for it', ja: 'このコマンドに必要な引数です。' },
  }),
  'commander.missingMandatoryOptionValue': (named) => ({
    what: { en: `missing option ${named}`, ja: `オプション ${named} が足りません。` },
    why: { en: 'the command asks for it', ja: 'このコマンドに必要なオプションです。' },
  }),
  'commander.optionMissingArgument': (named) => ({
    what: { en: `option ${named} without a value`, ja: `オプション ${named} に値がありません。` },
    why: { en: 'the option takes a value', ja: 'このオプションには値が要ります。' },
  }),
}
const UNREADABLE: Bilingual = { en: 'the command line cannot be read', ja: 'コマンドラインを読み取れません。' }

function commandLineRefusal({ code, message }: CommanderError): Refusal<Text> {
  const [sentence = '', hint = ''] = message.replace(/^error: /, '').split('\n')
  const named = /'([^']*)'/.exec(sentence)?.[1]
  const meant = /\(Did you mean (.+)\?\)/.exec(hint)?.[1]
  const mistake =
    named === undefined ? undefined : MISTAKES[code]?.(printable(named.length > 60 ? `${named.slice(0, 60)}…` : named))
  return {
    code: 'cli.command-line',
    what: mistake?.what ?? printable(sentence).slice(0, 200),
    why: mistake?.why ?? UNREADABLE,
    next: {
      en:
        `${meant ? `did you mean ${printable(meant)}? ` : ''}` +
        './renkei --help, also after a command: ./renkei project --help',
      ja:
        `${meant ? `${printable(meant)} の書き誤りではありませんか。` : ''}` +
        './renkei --help、又は ./renkei project --help のようにコマンドの後に付けると、使い方を表示します。',
    },
  }
}
