import { environmentCommand, newCommand } from '../command.ts'

const list = environmentCommand('list')
  .description('every project')
  .action(async (options) => await (await import('../answers/projects.ts')).listProjects(options))

const show = environmentCommand('show')
  .description('one project, whole')
  .argument('<id>')
  .action(async (id, options) => await (await import('../answers/projects.ts')).showProject(id, options))

export const projectCommand = newCommand('project').description('research projects').addCommand(list).addCommand(show)
