import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  AccountPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam'
import { Alias, Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { archiveKeyAlias, archiveWriters, dutyTag, trailArn } from './names.ts'

/** What one archive key is given. */
export interface ArchiveKeyProps {
  /** The parsed configuration: both accounts. */
  readonly config: Config
  /** Region of this key; the replica's key stands in `config.replicaRegion`. */
  readonly region: string
  /**
   * Whether the workload account writes with this key; the replica is written by the archive's own replication only.
   */
  readonly writtenByWorkload: boolean
}

const administration = [
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:UpdateAlias',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:ListAliases',
  'kms:PutKeyPolicy',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
]
/** Each of these makes five years of logs unreadable. */
const shredding = [
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:DeleteImportedKeyMaterial',
  'kms:DisableKeyRotation',
]

/**
 * The archive's own key (CRY-3): who writes logs cannot read them (LOG-2). A locked bucket cannot be emptied, but its
 * key could be destroyed: so the key belongs to the log account, its administration is granted to no one of the
 * workload account, and only the log account's root user, in person, can disable it or schedule its deletion.
 */
export class ArchiveKey extends Construct {
  /** Known to the workload account by its alias only. */
  readonly key: Key

  constructor(scope: Construct, id: string, props: ArchiveKeyProps) {
    super(scope, id)
    const { config } = props
    this.key = new Key(this, 'Resource', {
      description: `Archive of the ${config.environment} logs and ledger`,
      enableKeyRotation: true,
      rotationPeriod: Duration.days(365),
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({
        statements: [
          ...management(config),
          ...reading(config, props.region),
          ...(props.writtenByWorkload ? writing(config) : []),
        ],
      }),
    })
    new Alias(this, 'Alias', { aliasName: archiveKeyAlias(config), targetKey: this.key })
  }
}

function management({ accounts }: Config): PolicyStatement[] {
  const root = `arn:aws:iam::${accounts.log}:root`
  const statements = [
    new PolicyStatement({
      sid: 'LogAccountManages',
      principals: [new AccountPrincipal(accounts.log)],
      actions: administration,
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'OnlyRootInPersonShreds',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: shredding,
      resources: ['*'],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': root } },
    }),
  ]
  // One account in both roles (never in production) would lock its owner out with this statement.
  if (accounts.log !== accounts.workload) {
    statements.push(
      new PolicyStatement({
        sid: 'WorkloadAccountNeverManages',
        effect: Effect.DENY,
        principals: [new AccountPrincipal(accounts.workload)],
        actions: [
          ...administration.filter((action) => action !== 'kms:DescribeKey'),
          'kms:DisableKeyRotation',
          'kms:CreateGrant',
        ],
        resources: ['*'],
      }),
    )
  }
  return statements
}

/** Investigators and the verifier of the log account read through S3, the replication of the archive too. */
function reading({ accounts }: Config, region: string): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'LogAccountReadsThroughS3',
      principals: [new AccountPrincipal(accounts.log)],
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:CallerAccount': accounts.log },
      },
    }),
  ]
}

function writing(config: Config): PolicyStatement[] {
  const { workload } = config.accounts
  const viaS3 = { 'kms:ViaService': `s3.${config.region}.amazonaws.com`, 'kms:CallerAccount': workload }
  return [
    new PolicyStatement({
      sid: 'TrailEncrypts',
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceArn': trailArn(config) },
        StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:*:${workload}:trail/*` },
      },
    }),
    new PolicyStatement({
      sid: 'TrailDescribes',
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:DescribeKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn(config) } },
    }),
    new PolicyStatement({
      sid: 'LogDeliveryEncrypts',
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['kms:GenerateDataKey*', 'kms:Encrypt', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceAccount': workload },
        ArnLike: { 'aws:SourceArn': `arn:aws:logs:${config.region}:${workload}:*` },
      },
    }),
    new PolicyStatement({
      sid: 'WritersEncryptThroughS3',
      principals: [new AccountPrincipal(workload)],
      actions: ['kms:GenerateDataKey', 'kms:Encrypt'],
      resources: ['*'],
      conditions: {
        StringEquals: {
          ...viaS3,
          [`aws:PrincipalTag/${dutyTag}`]: Object.values(archiveWriters).map(({ duty }) => duty),
        },
      },
    }),
    new PolicyStatement({
      // Firehose writes in parts, and S3 decrypts the parts to join them. Reading needs s3:GetObject, which it does not
      // get.
      sid: 'LogExportJoinsParts',
      principals: [new AccountPrincipal(workload)],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: { StringEquals: { ...viaS3, [`aws:PrincipalTag/${dutyTag}`]: archiveWriters.logs.duty } },
    }),
  ]
}
