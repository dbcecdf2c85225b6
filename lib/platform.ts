import { Stage, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ArchiveReplicaStack } from './foundation/archive/archive-replica-stack.ts'
import { ArchiveStack } from './foundation/archive/archive-stack.ts'
import type { Config } from './kernel/config/load.ts'
import { DetectionStack } from './foundation/detection/detection-stack.ts'
import { BackupReplicaStack } from './foundation/base/backup-replica-stack.ts'
import { FoundationStack } from './foundation/base/foundation-stack.ts'
import { EdgeStack } from './portal/edge-stack.ts'
import { ControlStack } from './control-stack.ts'
import { HubStack } from './network/hub/hub-stack.ts'
import { LinkStack } from './network/link/link-stack.ts'
import { VisitingStack } from './network/visiting/visiting-stack.ts'

/** What an environment is made from. */
export interface PlatformProps {
  /** One environment, parsed and checked. */
  readonly config: Config
}

/**
 * The map of the platform: every stack of one environment, in the order in which they stand on one another.
 * Stacks know each other only by SSM parameters (`parameters.ts`); the dependencies here state the order of deployment.
 */
export class Platform extends Stage {
  constructor(scope: Construct, id: string, { config }: PlatformProps) {
    super(scope, id)
    const workload = { config, env: { account: config.accounts.workload, region: config.region } }
    const log = { config, env: { account: config.accounts.log, region: config.region } }
    const replica = <P extends { env: { account: string } }>(props: P) => ({
      ...props,
      env: { ...props.env, region: config.replicaRegion },
    })

    const archive = new ArchiveStack(this, 'archive', log)
    archive.addStackDependency(new ArchiveReplicaStack(this, 'archive-replica', replica(log)))
    const foundation = new FoundationStack(this, 'foundation', workload)
    foundation.addStackDependency(archive)
    foundation.addStackDependency(new BackupReplicaStack(this, 'backup-replica', replica(workload)))
    const detection = new DetectionStack(this, 'detection', workload)
    detection.addStackDependency(foundation)

    const hub = new HubStack(this, 'hub', workload)
    hub.addStackDependency(foundation)
    for (const database of config.databases)
      new LinkStack(this, `link-${database.id}`, { ...workload, database }).addStackDependency(hub)
    for (const cell of config.cells) {
      const visiting = new VisitingStack(this, `visiting-${cell.id}`, { ...workload, cell })
      visiting.addStackDependency(hub)
      // Detection watches the members group of every cell.
      detection.addStackDependency(visiting)
    }

    const control = new ControlStack(this, 'control', workload)
    control.addStackDependency(foundation)
    new EdgeStack(this, 'edge', workload).addStackDependency(control)

    Tags.of(this).add('renkei:environment', config.environment)
  }
}
