import { App, Stage } from 'aws-cdk-lib'
import type { Config } from '../../lib/config/load.ts'
import { BARE_HUB, HubStack } from '../../lib/hub/hub-stack.ts'
import { LinkStack } from '../../lib/link/link-stack.ts'
import { VisitingStack } from '../../lib/visiting/visiting-stack.ts'
import type { Template } from '../kit/assembly.ts'

/** The templates of the network plane for any configuration, synthesized in this process: for tests that change the configuration. */
export function networkTemplates(config: Config, { bare = false } = {}): ReadonlyMap<string, Template> {
  const app = new App({ context: bare ? { [BARE_HUB]: true } : {}, analyticsReporting: false })
  const stage = new Stage(app, `Renkei-${config.environment}`, { env: { account: config.accounts.workload, region: config.region } })
  new HubStack(stage, 'hub', { config })
  for (const database of config.databases) new LinkStack(stage, `link-${database.id}`, { config, database })
  for (const cell of config.cells) new VisitingStack(stage, `visiting-${cell.id}`, { config, cell })
  return new Map(stage.synth().stacks.map((stack) => [stack.stackName.slice(stage.stageName.length + 1), stack.template as Template]))
}
