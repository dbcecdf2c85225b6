import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

/** Where replicas go. */
interface ReplicationDestination {
  readonly account: string
  readonly region: string
  readonly bucketArn: string
  /** `alias/…` of the destination's key; its ARN is not known across accounts and regions. */
  readonly keyAlias: string
  readonly keyAliasArn: string
}

/** From where to where, and which keys. */
export interface ReplicationProps {
  /** The bucket whose objects are copied. */
  readonly source: Bucket
  /** The account that owns it. */
  readonly sourceAccount: string
  /** Where it stands. */
  readonly sourceRegion: string
  /** Customer key of the source; left out for a bucket with S3's own encryption. */
  readonly sourceKey?: IKey
  /** Whether the source has Object Lock, whose retention goes along. */
  readonly sourceLocked?: boolean
  /** Only keys under this prefix are copied. */
  readonly prefix: string
  /** Where the copies go. */
  readonly destination: ReplicationDestination
}

/**
 * Copies what a bucket receives into another within 15 minutes (S3 replication time control), never its deletions.
 * Statements name the destination's key by alias (`kms:ResourceAliases`).
 */
export class Replication extends Construct {
  /** The role that S3 takes. */
  readonly role: Role
  /** The dimension `RuleId` of the metrics of this replication. */
  readonly ruleId = 'archive'

  constructor(scope: Construct, id: string, props: ReplicationProps) {
    super(scope, id)
    const { source, destination } = props
    const crossAccount = destination.account !== props.sourceAccount
    this.role = new Role(this, 'Role', {
      description: `S3 copies ${props.prefix || 'every object'} to ${destination.bucketArn}`,
      assumedBy: new ServicePrincipal('s3.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': props.sourceAccount } },
      }),
    })
    new ManagedPolicy(this, 'Policy', { roles: [this.role], statements: statements(props) })
    const resource = source.node.defaultChild as CfnBucket
    resource.replicationConfiguration = {
      role: this.role.roleArn,
      rules: [
        {
          id: this.ruleId,
          status: 'Enabled',
          priority: 1,
          filter: { prefix: props.prefix },
          // Deletions of the source must never reach the copy.
          deleteMarkerReplication: { status: 'Disabled' },
          sourceSelectionCriteria: props.sourceKey ? { sseKmsEncryptedObjects: { status: 'Enabled' } } : undefined,
          destination: {
            bucket: destination.bucketArn,
            encryptionConfiguration: { replicaKmsKeyId: destination.keyAliasArn },
            replicationTime: { status: 'Enabled', time: { minutes: 15 } },
            metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
            ...(crossAccount
              ? { account: destination.account, accessControlTranslation: { owner: 'Destination' } }
              : {}),
          },
        },
      ],
    }
  }
}

function statements(props: ReplicationProps): PolicyStatement[] {
  const { source, destination } = props
  const list = [
    new PolicyStatement({
      actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      resources: [source.bucketArn],
    }),
    new PolicyStatement({
      actions: [
        's3:GetObjectVersionForReplication',
        's3:GetObjectVersionAcl',
        's3:GetObjectVersionTagging',
        ...(props.sourceLocked ? ['s3:GetObjectRetention', 's3:GetObjectLegalHold'] : []),
      ],
      resources: [source.arnForObjects(`${props.prefix}*`)],
    }),
    new PolicyStatement({
      actions: ['s3:ReplicateObject', 's3:ReplicateTags'],
      resources: [`${destination.bucketArn}/${props.prefix}*`],
    }),
    new PolicyStatement({ actions: ['s3:GetBucketVersioning'], resources: [destination.bucketArn] }),
    new PolicyStatement({
      actions: ['kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [`arn:aws:kms:${destination.region}:${destination.account}:key/*`],
      conditions: {
        StringEquals: { 'kms:ViaService': `s3.${destination.region}.amazonaws.com` },
        'ForAnyValue:StringEquals': { 'kms:ResourceAliases': destination.keyAlias },
      },
    }),
  ]
  if (props.sourceKey) {
    list.push(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [props.sourceKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `s3.${props.sourceRegion}.amazonaws.com` } },
      }),
    )
  }
  return list
}
