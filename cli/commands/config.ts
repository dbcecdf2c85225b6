import { jsonOption, languageOption, newCommand } from '../command.ts'

const validate = newCommand('validate')
  .description('check a file, or the environment of that name')
  .argument('<file>')
  .addOption(languageOption())
  .addOption(jsonOption())
  .action(async (file, options) => (await import('../answers/config.ts')).validateConfig(file, options))

export const configCommand = newCommand('config').description('configuration files').addCommand(validate)
