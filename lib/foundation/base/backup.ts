import { Duration } from 'aws-cdk-lib'
import { BackupPlan, BackupPlanRule, BackupVault } from 'aws-cdk-lib/aws-backup'
import { Schedule } from 'aws-cdk-lib/aws-events'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { replicaVaultArn, Vault } from './vault.ts'

/** What the backups are given. */
export interface BackupProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Encrypts the recovery points. */
  readonly key: IKey
}

/** Days each kind of generation is kept: 35 daily and 13 monthly ones (SEC-5: at least three generations). */
const kept = { daily: 35, monthly: 400 } as const

/**
 * Backups of the control plane's data (SEC-5): everything tagged `renkei:backup` = `true`, daily and monthly, each with
 * a copy in the vault of the second region. What is selected stands in `detection`, which the local AWS does not
 * deploy.
 */
export class Backup extends Construct {
  /** Where recovery points lie; its name is published. */
  readonly vault: BackupVault
  /** When they are made; its id is published. */
  readonly plan: BackupPlan

  constructor(scope: Construct, id: string, props: BackupProps) {
    super(scope, id)
    this.vault = new Vault(this, 'Vault', props).vault
    const replica = BackupVault.fromBackupVaultArn(this, 'Replica', replicaVaultArn(props.config))
    // Two in the morning in Japan: 17:00 UTC of the day before.
    const rule = (ruleName: string, schedule: Schedule, days: number) =>
      new BackupPlanRule({
        ruleName,
        scheduleExpression: schedule,
        startWindow: Duration.hours(1),
        completionWindow: Duration.hours(6),
        deleteAfter: Duration.days(days),
        copyActions: [{ destinationBackupVault: replica, deleteAfter: Duration.days(days) }],
      })
    this.plan = new BackupPlan(this, 'Plan', {
      backupVault: this.vault,
      backupPlanRules: [
        rule('daily', Schedule.cron({ minute: '0', hour: '17' }), kept.daily),
        rule('monthly', Schedule.cron({ minute: '30', hour: '17', day: '1' }), kept.monthly),
      ],
    })
  }
}
