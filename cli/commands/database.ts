import { environmentCommand, newCommand } from '../command.ts'

const kit = environmentCommand('kit')
  .description("configuration of the holder's gateway and the connection sheet")
  .argument('<id>')
  .option('--device <device>', 'strongswan, yamaha-rtx, cisco-ios-xe or other; left out: as the configuration says')
  .option('--out <folder>', 'where to; left out: kits/<environment>/<id>')
  .option('--live', 'read the outside addresses from the account', false)
  .action(async (id, options) => await (await import('../answers/database.ts')).writeKit(id, options))

export const databaseCommand = newCommand('database').description('connected databases').addCommand(kit)
