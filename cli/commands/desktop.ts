import { environmentCommand, newCommand } from '../command.ts'

const list = environmentCommand('list')
  .description('every desktop, as WorkSpaces and EC2 show it')
  .action(async (options) => await (await import('../answers/desktops.ts')).listDesktops(options))

const image = environmentCommand('image')
  .description('write the files from which the desktop image is made')
  .requiredOption('--out <folder>', 'where to; made if it is missing')
  .action(async (options) => (await import('../answers/image.ts')).writeImage(options))

export const desktopCommand = newCommand('desktop').description("analysts' desktops").addCommand(list).addCommand(image)
