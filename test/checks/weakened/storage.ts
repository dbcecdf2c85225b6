import { change, dropAll, dropTlsStatement, resource, statementsOf, type Weakening } from './weakening.ts'

/** What holds data: buckets, tables, vaults, secrets. */
export const storage: readonly Weakening[] = [
  {
    name: 'a bucket may be made public',
    requirement: 'ARC-4',
    stack: 'archive',
    check: 'guard',
    rule: 'ARC_4_bucket_not_public',
    weaken: change('AWS::S3::Bucket', (bucket) => {
      bucket['PublicAccessBlockConfiguration'].BlockPublicPolicy = false
    }),
  },
  {
    name: 'a bucket has no public access block',
    requirement: 'ARC-4',
    stack: 'foundation',
    check: 'guard',
    rule: 'ARC_4_bucket_not_public',
    weaken: change('AWS::S3::Bucket', (bucket) => {
      delete bucket['PublicAccessBlockConfiguration']
    }),
  },
  {
    name: 'a bucket policy allows everyone',
    requirement: 'ARC-4',
    stack: 'archive',
    check: 'guard',
    rule: 'ARC_4_bucket_allows_nobody_at_large',
    weaken: change('AWS::S3::BucketPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: '*' })
    }),
  },
  {
    name: 'a bucket answers without TLS',
    requirement: 'CRY-2',
    stack: 'archive',
    check: 'guard',
    rule: 'CRY_2_bucket_tls_only',
    weaken: dropTlsStatement('AWS::S3::BucketPolicy'),
  },
  {
    name: "the archive's key is dropped",
    requirement: 'CRY-3',
    stack: 'archive',
    check: 'guard',
    rule: 'CRY_3_bucket_under_our_key',
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        bucket['BucketEncryption'] = {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        }
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
  },
  {
    name: 'a bucket is not encrypted',
    requirement: 'CRY-3',
    stack: 'archive',
    check: 'guard',
    rule: 'CRY_3_bucket_encrypted',
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['BucketEncryption']
      },
      (bucket) => bucket['LoggingConfiguration'] === undefined,
    ),
  },
  {
    name: 'buckets have no policy',
    requirement: 'CRY-2',
    stack: 'archive',
    check: 'guard',
    rule: 'CRY_2_bucket_has_policy',
    weaken: (template) => dropAll(template, 'AWS::S3::BucketPolicy'),
  },
  {
    name: 'queues have no policy',
    requirement: 'CRY-2',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_2_queue_has_policy',
    weaken: (template) => dropAll(template, 'AWS::SQS::QueuePolicy'),
  },
  {
    name: 'the alarm topic has no policy',
    requirement: 'CRY-2',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_2_topic_has_policy',
    weaken: (template) => dropAll(template, 'AWS::SNS::TopicPolicy'),
  },
  {
    name: 'a bucket forgets earlier versions',
    requirement: 'SEC-5',
    stack: 'foundation',
    check: 'guard',
    rule: 'SEC_5_bucket_versioned',
    weaken: change('AWS::S3::Bucket', (bucket) => {
      delete bucket['VersioningConfiguration']
    }),
  },
  {
    name: 'what enters the archive is not locked by itself',
    requirement: 'LOG-3',
    stack: 'archive',
    check: 'guard',
    rule: 'LOG_3_lock_has_default_retention',
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['ObjectLockConfiguration'].Rule
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
  },
  {
    name: "production's archive is kept four years",
    requirement: 'LOG-3',
    stack: 'archive',
    check: 'guard',
    rule: 'LOG_3_archive_locked_five_years',
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        bucket['ObjectLockConfiguration'].Rule.DefaultRetention.Days = 1460
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
    production: true,
  },
  {
    name: "production's archive can be unlocked",
    requirement: 'LOG-3',
    stack: 'archive',
    check: 'guard',
    rule: 'LOG_3_archive_locked_five_years',
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        bucket['ObjectLockConfiguration'].Rule.DefaultRetention.Mode = 'GOVERNANCE'
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
    production: true,
  },
  {
    name: 'a bucket does not log who reads it',
    requirement: 'LOG-1',
    stack: 'foundation',
    check: 'nag',
    rule: 'AwsSolutions-S1',
    also: ['NIST.800.53.R5-S3BucketLoggingEnabled'],
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['LoggingConfiguration']
      },
      (bucket) => bucket['LoggingConfiguration'] !== undefined,
    ),
  },
  {
    name: 'a bucket policy outgrows S3',
    requirement: 'LOG-3',
    stack: 'archive',
    check: 'limits',
    rule: 'bucket-policy-bytes',
    weaken: change('AWS::S3::BucketPolicy', (policy) => {
      statementsOf(policy).push({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::bucket/${'x'.repeat(60)}${index}`),
      })
    }),
  },
  {
    name: 'the ledger cannot be restored',
    requirement: 'C-5',
    stack: 'control',
    check: 'guard',
    rule: 'C_5_table_restorable',
    weaken: change('AWS::DynamoDB::Table', (table) => {
      table['PointInTimeRecoverySpecification'].PointInTimeRecoveryEnabled = false
    }),
  },
  {
    name: 'the ledger can be deleted',
    requirement: 'C-5',
    stack: 'control',
    check: 'guard',
    rule: 'C_5_table_restorable',
    weaken: change('AWS::DynamoDB::Table', (table) => {
      table['DeletionProtectionEnabled'] = false
    }),
  },
  {
    name: "the ledger's key is dropped",
    requirement: 'CRY-3',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_3_table_under_our_key',
    weaken: change('AWS::DynamoDB::Table', (table) => {
      delete table['SSESpecification']
    }),
  },
  {
    name: 'the ledger goes with its stack',
    requirement: 'C-11',
    stack: 'control',
    check: 'guard',
    rule: 'C_11_table_outlives_stack',
    weaken: (template) => {
      resource(template, 'AWS::DynamoDB::Table').DeletionPolicy = 'Delete'
    },
  },
  {
    name: 'the backup vault is not locked',
    requirement: 'SEC-5',
    stack: 'foundation',
    check: 'guard',
    rule: 'SEC_5_vault_locked',
    weaken: change('AWS::Backup::BackupVault', (vault) => {
      delete vault['LockConfiguration']
    }),
  },
  {
    name: "a secret is under AWS's key",
    requirement: 'CRY-3',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'CRY_3_secret_under_our_key',
    weaken: change('AWS::SecretsManager::Secret', (secret) => {
      delete secret['KmsKeyId']
    }),
  },
  {
    name: 'a secret stands in the template',
    requirement: 'AUTH-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'AUTH_4_no_secret_in_template',
    weaken: change('AWS::SecretsManager::Secret', (secret) => {
      secret['SecretString'] = 'known to whoever reads the template'
    }),
  },
  {
    name: "the backup vault is under AWS's key",
    requirement: 'CRY-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_3_vault_under_our_key',
    weaken: change('AWS::Backup::BackupVault', (vault) => {
      delete vault['EncryptionKeyArn']
    }),
  },
]
