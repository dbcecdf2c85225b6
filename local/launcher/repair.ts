import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import {
  DeleteObjectCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
  type LifecycleRule,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3'
import { CognitoIdentityProviderClient, DescribeUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider'
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb'
import type { SynthesizedStack, TemplateResource } from '#scripts/tools/templates.ts'

/** A property that was read back from the local AWS after deployment. */
export interface Verified {
  readonly resource: string
  readonly posture: string
}

type PhysicalIds = ReadonlyMap<string, string>

async function physicalIds(stack: SynthesizedStack): Promise<PhysicalIds> {
  const client = new CloudFormationClient({})
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: stack.stackName }))
  return new Map(StackResources.map((resource) => [resource.LogicalResourceId!, resource.PhysicalResourceId ?? '']))
}

const ofType = (stack: SynthesizedStack, type: string) =>
  Object.entries(stack.resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([logicalId, resource]) => ({ logicalId, properties: resource.Properties ?? {} }))

/**
 * What a key reference of the template is in the local AWS: the key of the same stack, or an ARN or alias written out.
 */
function keyIdOf(value: any, ids: PhysicalIds): string | undefined {
  if (typeof value === 'string') return value
  const logicalId = value?.Ref ?? value?.['Fn::GetAtt']?.[0]
  return logicalId ? ids.get(logicalId) : undefined
}

/** Lifecycle in CloudFormation's words → in the S3 API's words. */
function lifecycleRules(configuration: any): LifecycleRule[] {
  return (configuration.Rules as any[]).map((rule, index) => ({
    ID: rule.Id ?? `rule-${index}`,
    Status: rule.Status,
    Filter: { Prefix: rule.Prefix ?? '' },
    ...(rule.ExpirationInDays ? { Expiration: { Days: rule.ExpirationInDays } } : {}),
    ...(rule.Transitions
      ? {
          Transitions: rule.Transitions.map((transition: any) => ({
            Days: transition.TransitionInDays,
            StorageClass: transition.StorageClass,
          })),
        }
      : {}),
    ...(rule.NoncurrentVersionExpiration
      ? { NoncurrentVersionExpiration: { NoncurrentDays: rule.NoncurrentVersionExpiration.NoncurrentDays } }
      : {}),
    ...(rule.AbortIncompleteMultipartUpload
      ? {
          AbortIncompleteMultipartUpload: {
            DaysAfterInitiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
          },
        }
      : {}),
  }))
}

/**
 * Applies through the services' own API what the emulator drops from a template: a bucket's Object Lock, default
 * encryption and lifecycle, a table's point-in-time recovery. Everything is read from the synthesized template; nothing
 * is stated here that the template does not state.
 */
export async function applyDroppedProperties(stacks: readonly SynthesizedStack[]): Promise<void> {
  const s3 = new S3Client({ forcePathStyle: true })
  for (const stack of stacks) {
    const ids = await physicalIds(stack)
    for (const { logicalId, properties } of ofType(stack, 'AWS::S3::Bucket'))
      await applyToBucket(s3, ids.get(logicalId)!, properties, ids)
    for (const { logicalId, properties } of ofType(stack, 'AWS::DynamoDB::Table'))
      await applyToTable(ids.get(logicalId)!, properties)
  }
}

async function applyToBucket(
  s3: S3Client,
  bucket: string,
  properties: Record<string, any>,
  ids: PhysicalIds,
): Promise<void> {
  if (properties.VersioningConfiguration)
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: bucket,
        VersioningConfiguration: { Status: properties.VersioningConfiguration.Status },
      }),
    )
  const retention = properties.ObjectLockConfiguration?.Rule?.DefaultRetention
  if (retention)
    await s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket: bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } },
      }),
    )
  const encryption = properties.BucketEncryption?.ServerSideEncryptionConfiguration?.[0]?.ServerSideEncryptionByDefault
  if (encryption) {
    await s3.send(
      new PutBucketEncryptionCommand({
        Bucket: bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: encryption.SSEAlgorithm as ServerSideEncryption,
                KMSMasterKeyID: keyIdOf(encryption.KMSMasterKeyID, ids),
              },
              BucketKeyEnabled: true,
            },
          ],
        },
      }),
    )
  }
  if (properties.LifecycleConfiguration)
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: lifecycleRules(properties.LifecycleConfiguration) },
      }),
    )
}

async function applyToTable(table: string, properties: Record<string, any>): Promise<void> {
  const specification = properties.PointInTimeRecoverySpecification
  if (specification)
    await new DynamoDBClient({}).send(
      new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification: specification }),
    )
}

/** Reads the posture back from the local AWS; throws naming the first thing that is not as the template says. */
export async function verifyDeployment(stacks: readonly SynthesizedStack[]): Promise<Verified[]> {
  const verified: Verified[] = []
  for (const stack of stacks) {
    const ids = await physicalIds(stack)
    for (const [logicalId, resource] of Object.entries(stack.resources)) {
      const check = checks[resource.Type]
      if (!check) continue
      for (const posture of await check(ids.get(logicalId)!, resource))
        verified.push({ resource: `${stack.name}/${logicalId}`, posture })
    }
  }
  return verified
}

function confirmed(holds: boolean, resource: string, expectation: string): string {
  if (!holds) throw new Error(`${resource} is not as its template says: ${expectation}`)
  return expectation
}

const checks: Readonly<Record<string, (id: string, resource: TemplateResource) => Promise<string[]>>> = {
  'AWS::S3::Bucket': verifyBucket,
  'AWS::DynamoDB::Table': verifyTable,
  'AWS::Cognito::UserPool': verifyUserPool,
}

async function verifyBucket(bucket: string, { Properties: properties = {} }: TemplateResource): Promise<string[]> {
  const s3 = new S3Client({ forcePathStyle: true })
  const results: string[] = []
  if (properties.VersioningConfiguration) {
    const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))
    results.push(confirmed(Status === properties.VersioningConfiguration.Status, bucket, 'versioned'))
  }
  if (properties.BucketEncryption) {
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: bucket }))
    const algorithm = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
    results.push(
      confirmed(
        algorithm ===
          properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.SSEAlgorithm,
        bucket,
        `encrypted with ${algorithm}`,
      ),
    )
  }
  const retention = properties.ObjectLockConfiguration?.Rule?.DefaultRetention
  if (!retention) return results
  const { ObjectLockConfiguration } = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: bucket }))
  results.push(
    confirmed(
      ObjectLockConfiguration?.Rule?.DefaultRetention?.Mode === retention.Mode &&
        ObjectLockConfiguration?.Rule?.DefaultRetention?.Days === retention.Days,
      bucket,
      `locked: ${retention.Mode}, ${retention.Days} days`,
    ),
  )
  const key = 'verification/object-lock'
  const { VersionId } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'a locked version cannot be deleted' }),
  )
  const deleted = await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId })).then(
    () => true,
    () => false,
  )
  results.push(confirmed(!deleted, bucket, 'refuses to delete a locked version'))
  return results
}

async function verifyTable(table: string, { Properties: properties = {} }: TemplateResource): Promise<string[]> {
  const dynamodb = new DynamoDBClient({})
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: table }))
  const results = [confirmed(Table?.TableStatus === 'ACTIVE', table, 'active')]
  if (properties.DeletionProtectionEnabled === true)
    results.push(confirmed(Table?.DeletionProtectionEnabled === true, table, 'protected from deletion'))
  if (properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true) {
    const { ContinuousBackupsDescription } = await dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName: table }),
    )
    results.push(
      confirmed(
        ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
        table,
        'recoverable to a point in time',
      ),
    )
  }
  return results
}

async function verifyUserPool(pool: string, { Properties: properties = {} }: TemplateResource): Promise<string[]> {
  const { UserPool } = await new CognitoIdentityProviderClient({}).send(
    new DescribeUserPoolCommand({ UserPoolId: pool }),
  )
  return [
    confirmed(
      UserPool?.MfaConfiguration === properties.MfaConfiguration && UserPool?.MfaConfiguration === 'ON',
      pool,
      'a second factor is demanded',
    ),
  ]
}
