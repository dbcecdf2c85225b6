import { environmentCommand, newCommand } from '../command.ts'

const map = environmentCommand('map')
  .description('draw it (SVG)')
  .option('--out <file>', 'where to; left out: reports/network-<environment>.svg')
  .action(async (options) => (await import('../answers/network-map.ts')).drawMap(options))

const explain = environmentCommand('explain')
  .description('the way of a packet hop by hop, or what stops it')
  .requiredOption('--from <party>', 'desktop, a project, a database, controllers, resolver, internet, or an address')
  .requiredOption('--to <party>', 'the same')
  .option('--port <port>', "left out: the service's own")
  .option('--protocol <protocol>', 'tcp or udp', 'tcp')
  .action(async (options) => (await import('../answers/network.ts')).explainNetwork(options))

const prove = environmentCommand('prove')
  .description('all verdicts, each failed one with a packet and its way')
  .option('--live', 'read the network from the account instead of the templates', false)
  .action(async (options) => await (await import('../answers/network.ts')).proveNetworkOf(options))

export const networkCommand = newCommand('network')
  .description('who reaches whom, proved on the templates')
  .addCommand(map)
  .addCommand(explain)
  .addCommand(prove)
