import type { PublishedPlatform } from './desired.ts'

interface PolicyStatement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal: { readonly AWS: string }
  readonly Action: readonly string[]
  readonly Resource: string
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}
export interface PolicyDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly PolicyStatement[]
}

/**
 * A project's key (CRY-3): the account administers it, but nobody uses it directly. Only WorkSpaces, EFS and EBS do, in
 * the name of the provisioner, who makes the volumes and the store; afterwards they use the grants they then took.
 * Nobody else of the account, operators least of all, is admitted to decrypt, whatever IAM lets them (AUTH-5).
 */
export function keyPolicy({ account, region }: Pick<PublishedPlatform, 'account' | 'region'>): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${account}:root` }
  const through = {
    'kms:CallerAccount': account,
    'aws:PrincipalTag/renkei:duty': 'provisioner',
    'kms:ViaService': ['workspaces', 'elasticfilesystem', 'ec2'].map((service) => `${service}.${region}.amazonaws.com`),
  }
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Administer',
        Effect: 'Allow',
        Principal,
        Action: [
          'kms:CancelKeyDeletion',
          'kms:CreateAlias',
          'kms:DeleteAlias',
          'kms:DescribeKey',
          'kms:DisableKey',
          'kms:EnableKey',
          'kms:EnableKeyRotation',
          'kms:GetKeyPolicy',
          'kms:GetKeyRotationStatus',
          'kms:ListGrants',
          'kms:ListKeyPolicies',
          'kms:ListResourceTags',
          'kms:PutKeyPolicy',
          'kms:RevokeGrant',
          'kms:ScheduleKeyDeletion',
          'kms:TagResource',
          'kms:UntagResource',
          'kms:UpdateAlias',
          'kms:UpdateKeyDescription',
        ],
        Resource: '*',
      },
      {
        Sid: 'UseThroughStorageServices',
        Effect: 'Allow',
        Principal,
        Action: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        Resource: '*',
        Condition: { StringEquals: through },
      },
      {
        Sid: 'GrantToStorageServices',
        Effect: 'Allow',
        Principal,
        Action: ['kms:CreateGrant'],
        Resource: '*',
        Condition: { StringEquals: through, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ],
  }
}

/**
 * A project's store (NET-5). Desktops hold no role, so clients are anonymous: what lets them in is TLS (CRY-2), the
 * access point and a mount target of the project's own group; nobody is root. Put before any mount target exists,
 * because without it EFS lets any client in (docs/aws-behaviour.md, EFS).
 */
export function fileSystemPolicy(): PolicyDocument {
  const Principal = { AWS: '*' }
  const Resource = '*'
  const client = [
    'elasticfilesystem:ClientMount',
    'elasticfilesystem:ClientWrite',
    'elasticfilesystem:ClientRootAccess',
  ]
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'MountThroughTheAccessPoint',
        Effect: 'Allow',
        Principal,
        Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        Resource,
        Condition: {
          Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true', 'aws:SecureTransport': 'true' },
          Null: { 'elasticfilesystem:AccessPointArn': 'false' },
        },
      },
      {
        Sid: 'NothingWithoutTls',
        Effect: 'Deny',
        Principal,
        Action: client,
        Resource,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      {
        Sid: 'NothingBesideTheAccessPoint',
        Effect: 'Deny',
        Principal,
        Action: client,
        Resource,
        Condition: { Null: { 'elasticfilesystem:AccessPointArn': 'true' } },
      },
      { Sid: 'NobodyIsRoot', Effect: 'Deny', Principal, Action: ['elasticfilesystem:ClientRootAccess'], Resource },
    ],
  }
}
