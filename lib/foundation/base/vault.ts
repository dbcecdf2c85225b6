import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BackupVault } from 'aws-cdk-lib/aws-backup'
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'

/** What a vault is given. */
export interface VaultProps {
  /** The parsed configuration: production decides about the lock. */
  readonly config: Config
  /** Encrypts the recovery points. */
  readonly key: IKey
  /** Only where another region's plan must know the name. */
  readonly name?: string
}

/** The copy's vault in the second region; the plan in the first region names it. */
export const replicaVaultName = (config: Config) => `renkei-${config.environment}-replica`
/** The ARN of that vault, which the plan's copy actions name. */
export const replicaVaultArn = (config: Config) =>
  `arn:aws:backup:${config.replicaRegion}:${config.accounts.workload}:backup-vault:${replicaVaultName(config)}`

/** Days; the plan's shortest and longest generations lie within. */
const vaultRetention = { least: 7, most: 3650 } as const

/**
 * A backup vault whose recovery points nobody deletes early (SEC-5). In production the lock becomes irrevocable after
 * three days (AWS Backup's shortest time to reconsider); elsewhere it can be lifted, so that a demonstration can be
 * taken down.
 */
export class Vault extends Construct {
  /** Locked; nobody deletes a recovery point in it. */
  readonly vault: BackupVault

  constructor(scope: Construct, id: string, props: VaultProps) {
    super(scope, id)
    this.vault = new BackupVault(this, 'Resource', {
      backupVaultName: props.name,
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.RETAIN,
      lockConfiguration: {
        minRetention: Duration.days(vaultRetention.least),
        maxRetention: Duration.days(vaultRetention.most),
        ...(props.config.production ? { changeableFor: Duration.days(3) } : {}),
      },
      accessPolicy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'NothingIsRemoved',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: [
              'backup:DeleteRecoveryPoint',
              'backup:UpdateRecoveryPointLifecycle',
              'backup:DeleteBackupVault',
              'backup:DeleteBackupVaultLockConfiguration',
              'backup:DisassociateRecoveryPoint',
            ],
            resources: ['*'],
          }),
        ],
      }),
    })
  }
}
