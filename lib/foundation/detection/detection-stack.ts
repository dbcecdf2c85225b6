import { Stack } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { Alarms } from '#lib/kernel/alarms.ts'
import { consume, parameterNames, publish } from '#lib/kernel/parameters.ts'
import { platformKey } from '#lib/kernel/platform-key.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { BackupSelection } from './backup-selection.ts'
import { DesktopSignIns } from './desktop-sign-ins.ts'
import { DetectionRules } from './detection-rules.ts'
import { LogExport } from './log-export.ts'
import { SecurityServices } from './security-services.ts'
import { Trail } from './trail.ts'

/**
 * What watches the platform, and what the local AWS does not know. It follows `foundation` and the `visiting` stacks,
 * whose members groups it watches.
 */
export class DetectionStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    const { config } = props
    const { environment } = config
    super(scope, id, {
      ...props,
      env: { account: config.accounts.workload, region: config.region },
      description: 'Trail, security services, detection rules and log export',
    })
    const parameter = (name: string) => consume(this, environment, name)
    const logKey = platformKey(this, environment, 'logs')
    const alarms = Alarms.of(this, environment)

    const trail = new Trail(this, 'Trail', { config, logKey })
    if (config.securityServices === 'create') {
      new SecurityServices(this, 'SecurityServices', {
        config,
        configBucket: parameter(parameterNames.configBucket()),
        logKeyArn: logKey.keyArn,
      })
    }
    new DetectionRules(this, 'Rules', {
      config,
      alarms,
      key: platformKey(this, environment, 'alarms'),
      trailLog: trail.logGroup,
      membersGroups: config.cells.map((cell) => parameter(parameterNames.cellMembersGroupId(cell.id))),
    })
    new DesktopSignIns(this, 'DesktopSignIns', { config, logKey })
    new LogExport(this, 'LogExport', { config, logKey, alarms, except: [trail.logGroup] })
    new BackupSelection(this, 'Backup', {
      config,
      planId: parameter(parameterNames.backupPlanId()),
      vaultName: parameter(parameterNames.backupVaultName()),
    })
    // What `preflight` holds the account to: whether the three services are ours, or must be found there.
    publish(this, environment, parameterNames.securityServices(), config.securityServices)
  }
}
