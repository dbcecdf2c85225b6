import { Stage, Tags } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { ArchiveReplicaStack } from './archive/archive-replica-stack.ts'
import { ArchiveStack } from './archive/archive-stack.ts'
import type { Config } from './config/load.ts'
import { DetectionStack } from './detection/detection-stack.ts'
import { BackupReplicaStack } from './foundation/backup-replica-stack.ts'
import { FoundationStack } from './foundation/foundation-stack.ts'
import { EdgeStack } from './governance/edge-stack.ts'
import { GovernanceStack } from './governance/governance-stack.ts'
import { HubStack } from './hub/hub-stack.ts'
import { LinkStack } from './link/link-stack.ts'
import { VisitingStack } from './visiting/visiting-stack.ts'

export interface PlatformProps {
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

    const governance = new GovernanceStack(this, 'governance', workload)
    governance.addStackDependency(foundation)
    new EdgeStack(this, 'edge', workload).addStackDependency(governance)

    Tags.of(this).add('renkei:environment', config.environment)
  }
}
