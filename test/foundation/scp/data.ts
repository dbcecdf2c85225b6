import { account, deployment, key, ofProject, reconciler, type RefusedCall } from './call.ts'

/** What `policies/foundation/scp/data.json` refuses: keys, project data and what could be shared. */
export const data: readonly RefusedCall[] = [
  {
    requirement: 'CRY-3',
    posture: 'an operator cannot schedule the deletion of a project key',
    statement: 'OnlyTheProvisionerEndsProjectKeys',
    call: {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  },
  {
    requirement: 'VIS-6',
    posture: "an operator cannot revive an ended project's key",
    statement: 'OnlyTheProvisionerEndsProjectKeys',
    call: { action: 'kms:EnableKey', resource: key, context: ofProject },
  },
  {
    requirement: 'CRY-3',
    posture: 'nobody deletes a key of the platform, the provisioner neither',
    statement: 'NobodyEndsPlatformKeys',
    call: {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  },
  {
    requirement: 'CRY-3',
    posture: 'the provisioner cannot hurry a deletion',
    statement: 'SlowDeletion',
    call: {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' },
    },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot decrypt project data',
    statement: 'NobodyElseDecryptsProjectData',
    call: { action: 'kms:Decrypt', resource: key, context: ofProject },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot let others decrypt project data',
    statement: 'NobodyElseDecryptsProjectData',
    call: { action: 'kms:CreateGrant', resource: key, context: ofProject },
  },
  {
    requirement: 'VIS-5',
    posture: 'no snapshot is shared',
    statement: 'NothingIsSharedOutside',
    call: { action: 'ec2:ModifySnapshotAttribute', resource: 'arn:aws:ec2:ap-northeast-1::snapshot/snap-1' },
  },
  {
    requirement: 'VIS-5',
    posture: 'no image is shared',
    statement: 'NothingIsSharedOutside',
    call: { action: 'ec2:ModifyImageAttribute', resource: 'arn:aws:ec2:ap-northeast-1::image/ami-1' },
  },
  {
    requirement: 'VIS-5',
    posture: 'no desktop image is shared',
    statement: 'NothingIsSharedOutside',
    call: {
      action: 'workspaces:UpdateWorkspaceImagePermission',
      resource: `arn:aws:workspaces:ap-northeast-1:${account}:workspaceimage/wsi-1`,
      by: deployment,
    },
  },
  {
    requirement: 'VIS-5',
    posture: 'no file system is copied elsewhere',
    statement: 'NothingIsSharedOutside',
    call: {
      action: 'elasticfilesystem:CreateReplicationConfiguration',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
      by: reconciler,
    },
  },
  {
    requirement: 'VIS-5',
    posture: 'nothing is shared with another organisation',
    statement: 'NoResourceShareOutside',
    call: {
      action: 'ram:CreateResourceShare',
      resource: '*',
      context: { 'ram:RequestedAllowsExternalPrincipals': 'true' },
    },
  },
  {
    requirement: 'VIS-5',
    posture: 'no public object',
    statement: 'NoPublicAcl',
    call: {
      action: 's3:PutObjectAcl',
      resource: 'arn:aws:s3:::x/y',
      by: deployment,
      context: { 's3:x-amz-acl': 'public-read' },
    },
  },
  {
    requirement: 'VIS-5',
    posture: 'an operator cannot lift the block on public buckets',
    statement: 'OnlyDeploymentsOpenBuckets',
    call: { action: 's3:PutBucketPublicAccessBlock', resource: 'arn:aws:s3:::x' },
  },
  {
    requirement: 'ARC-4',
    posture: 'no function that everybody may call',
    statement: 'NoPublicFunction',
    call: {
      action: 'lambda:AddPermission',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:x`,
      by: deployment,
      context: { 'lambda:Principal': '*' },
    },
  },
  {
    requirement: 'NET-5',
    posture: "an operator cannot open a project's file system",
    statement: 'FileSystemsStayClosed',
    call: {
      action: 'elasticfilesystem:PutFileSystemPolicy',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
    },
  },
]
