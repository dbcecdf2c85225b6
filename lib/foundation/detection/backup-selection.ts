import { CfnBackupSelection, CfnRestoreTestingPlan, CfnRestoreTestingSelection } from 'aws-cdk-lib/aws-backup'
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'

/** Plan and vault of `foundation`, by what it publishes. */
export interface BackupSelectionProps {
  /** The parsed configuration. */
  readonly config: Config
  /** The plan that takes up what is selected. */
  readonly planId: string
  /** The vault whose recovery points are restored as a test. */
  readonly vaultName: string
}

/** A table that is the platform's record carries this tag. */
const tag = { key: 'renkei:backup', value: 'true' } as const

/**
 * What the plan of `foundation` backs up, and a monthly restore test (SEC-5: a successful one at most 180 days ago).
 * They stand here because the local AWS, which deploys `foundation`, does not know them.
 */
export class BackupSelection extends Construct {
  constructor(scope: Construct, id: string, props: BackupSelectionProps) {
    super(scope, id)
    const { config } = props
    const service = new ServicePrincipal('backup.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': config.accounts.workload } },
    })
    // AWS's own policies: they follow what AWS Backup does for a table, which no document of AWS lists in full.
    const managed = (name: string) => ManagedPolicy.fromAwsManagedPolicyName(`service-role/${name}`)
    const backupRole = new Role(this, 'BackupRole', {
      assumedBy: service,
      managedPolicies: [managed('AWSBackupServiceRolePolicyForBackup')],
    })
    const restoreRole = new Role(this, 'RestoreRole', {
      assumedBy: service,
      managedPolicies: [managed('AWSBackupServiceRolePolicyForRestores')],
    })

    new CfnBackupSelection(this, 'Selection', {
      backupPlanId: props.planId,
      backupSelection: {
        selectionName: 'tagged',
        iamRoleArn: backupRole.roleArn,
        listOfTags: [{ conditionType: 'STRINGEQUALS', conditionKey: tag.key, conditionValue: tag.value }],
      },
    })

    const name = `renkei_${config.environment}_monthly`
    const plan = new CfnRestoreTestingPlan(this, 'RestoreTest', {
      restoreTestingPlanName: name,
      scheduleExpression: 'cron(0 18 15 * ? *)',
      startWindowHours: 4,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: [`arn:aws:backup:${config.region}:${config.accounts.workload}:backup-vault:${props.vaultName}`],
        recoveryPointTypes: ['SNAPSHOT'],
        selectionWindowDays: 30,
      },
    })
    new CfnRestoreTestingSelection(this, 'RestoreTestSelection', {
      restoreTestingPlanName: name,
      restoreTestingSelectionName: 'tables',
      protectedResourceType: 'DynamoDB',
      iamRoleArn: restoreRole.roleArn,
      protectedResourceConditions: { stringEquals: [{ key: `aws:ResourceTag/${tag.key}`, value: tag.value }] },
      validationWindowHours: 24,
    }).addResourceDependency(plan)
  }
}
