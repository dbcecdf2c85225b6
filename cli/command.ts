import { Command, Option } from 'commander'

/** Options of a command that speaks of one environment. */
export interface CommonOptions {
  readonly env: string
  readonly json: boolean
}

/**
 * A command as all of `renkei` are made. Each file of `cli/commands` defines one and loads what does its work (AWS
 * clients, aws-cdk-lib) only when it is called, so that `renkei --help` reads none of it.
 */
export const newCommand = (name: string): Command =>
  new Command(name)
    .exitOverride()
    // what commander has to say is said by `explain` (cli/failure.ts), in the one form that messages have here
    .configureOutput({ outputError: () => {} })
    .showSuggestionAfterError()

/** In which language a person reads what is refused. */
export const languageOption = (): Option =>
  new Option('--lang <language>', 'language').choices(['en', 'ja']).default('en')

export const jsonOption = (): Option => new Option('--json', 'answer as JSON').default(false)

/** A command that speaks of one environment. */
export const environmentCommand = (name: string): Command =>
  newCommand(name).option('--env <name>', 'environment: a file of config/', 'demo').addOption(jsonOption())

/** A command that speaks to the API as a person. */
export const apiCommand = (name: string): Command =>
  environmentCommand(name)
    .option('--as <person>', 'a demonstration person of the local platform; elsewhere RENKEI_TOKEN says who you are')
    .addOption(new Option('--lang <language>', 'language of refusals').choices(['en', 'ja']).default('en'))
