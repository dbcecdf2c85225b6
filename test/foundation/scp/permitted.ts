import {
  account,
  archive,
  deployment,
  key,
  ofProject,
  reconciler,
  role,
  tunnel,
  vpn,
  type PermittedCall,
} from './call.ts'

/** What the platform itself does, and what people may do. */
export const permitted: readonly PermittedCall[] = [
  {
    requirement: 'ARC-5',
    posture: 'work in Tokyo',
    call: {
      action: 'dynamodb:CreateTable',
      resource: `arn:aws:dynamodb:ap-northeast-1:${account}:table/x`,
      by: deployment,
    },
  },
  {
    requirement: 'ARC-5',
    posture: 'copies in Osaka',
    call: {
      action: 'backup:CopyIntoBackupVault',
      resource: `arn:aws:backup:ap-northeast-3:${account}:backup-vault:renkei-production-replica`,
      region: 'ap-northeast-3',
    },
  },
  {
    requirement: 'ARC-5',
    posture: 'global services',
    call: { action: 'iam:CreateRole', resource: role, region: 'us-east-1', by: deployment },
  },
  {
    requirement: 'ARC-5',
    posture: 'the quota check',
    call: { action: 'servicequotas:ListServiceQuotas', region: 'us-east-1' },
  },
  {
    requirement: 'AUTH-5',
    posture: 'a deployment gives a role its duty',
    call: { action: 'iam:CreateRole', resource: role, by: deployment, context: { 'aws:TagKeys': ['renkei:duty'] } },
  },
  {
    requirement: 'AUTH-4',
    posture: 'the reconciler sets a one-time password',
    call: {
      action: 'ds:ResetUserPassword',
      resource: `arn:aws:ds:ap-northeast-1:${account}:directory/d-1234567890`,
      by: reconciler,
    },
  },
  { requirement: 'NET-2', posture: 'a strong VPN connection', call: vpn() },
  {
    requirement: 'NET-2',
    posture: 'a deployment changes one option of a tunnel to a strong one',
    call: {
      action: 'ec2:ModifyVpnTunnelOptions',
      resource: tunnel,
      by: deployment,
      context: { 'ec2:Phase1DHGroup': ['21'] },
    },
  },
  {
    requirement: 'NET-2',
    posture: 'the gateway that a VPN connection attaches to',
    call: {
      action: 'ec2:CreateVpnConnection',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:transit-gateway/tgw-1`,
      by: deployment,
    },
  },
  {
    requirement: 'NET-4',
    posture: 'a private instance',
    call: {
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:network-interface/eni-1`,
      context: { 'ec2:AssociatePublicIpAddress': 'false' },
    },
  },
  {
    requirement: 'NET-4',
    posture: 'a subnet without public addresses',
    call: {
      action: 'ec2:ModifySubnetAttribute',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:subnet/subnet-1`,
      by: deployment,
      context: { 'ec2:Attribute/MapPublicIpOnLaunch': 'false' },
    },
  },
  {
    requirement: 'LOG-1',
    posture: "a deployment sets the trail's events",
    call: {
      action: 'cloudtrail:PutEventSelectors',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
      by: deployment,
    },
  },
  { requirement: 'LOG-4', posture: 'reading findings', call: { action: 'guardduty:GetFindings' } },
  {
    requirement: 'LOG-3',
    posture: 'writing to the archive',
    call: { action: 's3:PutObject', resource: `${archive}/ledger/x/1.json` },
  },
  {
    requirement: 'VIS-6',
    posture: "the provisioner ends a project's key",
    call: {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  },
  {
    requirement: 'VIS-6',
    posture: "the provisioner disables a project's key",
    call: { action: 'kms:DisableKey', resource: key, by: reconciler, context: ofProject },
  },
  {
    requirement: 'CRY-3',
    posture: "the provisioner lets WorkSpaces use a project's key",
    call: { action: 'kms:CreateGrant', resource: key, by: reconciler, context: ofProject },
  },
  {
    requirement: 'CRY-3',
    posture: 'a key of the platform decrypts for its users',
    call: { action: 'kms:Decrypt', resource: key },
  },
  {
    requirement: 'AUTH-5',
    posture: 'a deployment changes a function',
    call: {
      action: 'lambda:UpdateFunctionCode',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Reconcile1A2B`,
      by: deployment,
    },
  },
  {
    requirement: 'NET-5',
    posture: "the provisioner closes a project's file system",
    call: {
      action: 'elasticfilesystem:PutFileSystemPolicy',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
      by: reconciler,
    },
  },
]
