import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { parameterPath } from '../parameters.ts'

/** Tags on everything the provisioner makes (`domain/provisioning/names.ts`). */
const OURS = { 'aws:ResourceTag/renkei:managed': 'provisioner' }
const MADE_AS_OURS = { 'aws:RequestTag/renkei:managed': 'provisioner' }

interface Place {
  readonly stack: Stack
  readonly environment: string
}

const allow = (sid: string, actions: string[], resources: string[], condition?: Record<string, string | string[]>) =>
  new PolicyStatement({ sid, actions, resources, ...(condition && { conditions: { StringEquals: condition } }) })

const arn = (stack: Stack, service: string, resource: string) => `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`

/** Looking only. These operations name no resource, or are asked of all of them to find what is not ours. */
export function observing({ stack, environment }: Place): PolicyStatement[] {
  return [
    allow('LookAtWhatHasNoResourceLevel', [
      'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeTags', 'kms:ListAliases', 'kms:ListKeys', 'tag:GetResources',
      'workspaces:DescribeWorkspaces', 'workspaces:DescribeTags', 'elasticfilesystem:DescribeFileSystems', 'elasticfilesystem:DescribeAccessPoints',
      'elasticfilesystem:DescribeMountTargets', 'elasticfilesystem:DescribeMountTargetSecurityGroups', 'elasticfilesystem:DescribeFileSystemPolicy',
    ], ['*']),
    allow('LookAtKeys', ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'], [arn(stack, 'kms', 'key/*')]),
    allow('LookAtUsers', ['ds:AccessDSData', 'ds-data:DescribeUser', 'ds-data:ListUsers'], [arn(stack, 'ds', 'directory/*')]),
    allow('ReadWhatStacksPublish', ['ssm:GetParameter', 'ssm:GetParameters'],
      ['link', 'visiting', 'hub', 'terminals'].map((part) => arn(stack, 'ssm', `parameter${parameterPath(environment, part)}/*`))),
  ]
}

/** The keys of projects; only what carries the provisioner's tag, and used only through the storage services. */
export function keeping({ stack, environment }: Place): PolicyStatement[] {
  const key = arn(stack, 'kms', 'key/*')
  return [
    allow('MakeKeys', ['kms:CreateKey', 'kms:TagResource'], ['*'], MADE_AS_OURS),
    allow('KeepKeys', ['kms:DisableKey', 'kms:EnableKey', 'kms:EnableKeyRotation', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'], [key], OURS),
    allow('NameKeys', ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'], [arn(stack, 'kms', `alias/renkei/${environment}/project/*`)]),
    // Volumes and file systems are encrypted in the caller's name, through the service only.
    allow('EncryptThroughServices',
      ['kms:CreateGrant', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'], [key],
      { ...OURS, 'kms:ViaService': ['workspaces', 'elasticfilesystem', 'ec2'].map((service) => `${service}.${stack.region}.amazonaws.com`) }),
  ]
}

/** Making, changing and removing what a project has; where the service lets it, only what carries the provisioner's tag. */
export function providing({ stack }: Place): PolicyStatement[] {
  const group = arn(stack, 'ec2', 'security-group/*')
  const store = [arn(stack, 'elasticfilesystem', 'file-system/*'), arn(stack, 'elasticfilesystem', 'access-point/*')]
  return [
    allow('MakeGroups', ['ec2:CreateSecurityGroup'], [group], MADE_AS_OURS),
    allow('MakeGroupsInCells', ['ec2:CreateSecurityGroup'], [arn(stack, 'ec2', 'vpc/*')]),
    allow('TagNewGroups', ['ec2:CreateTags'], [group], { 'ec2:CreateAction': 'CreateSecurityGroup' }),
    allow('KeepGroups', ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress', 'ec2:DeleteSecurityGroup'], [group], OURS),
    allow('MakeStores', ['elasticfilesystem:CreateFileSystem', 'elasticfilesystem:TagResource'], ['*'], MADE_AS_OURS),
    allow('KeepStores', [
      'elasticfilesystem:PutFileSystemPolicy', 'elasticfilesystem:CreateAccessPoint', 'elasticfilesystem:CreateMountTarget', 'elasticfilesystem:DeleteMountTarget',
      'elasticfilesystem:DeleteAccessPoint', 'elasticfilesystem:DeleteFileSystem',
    ], store, OURS),
    // A mount target is an interface of ours in a storage subnet, made in the caller's name.
    allow('MountTargetInterfaces', ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeSubnets'], ['*']),
    allow('MakeUsers', ['ds-data:CreateUser', 'ds-data:UpdateUser', 'ds-data:DeleteUser'], [arn(stack, 'ds', 'directory/*')]),
    // The only way to enable a user. It could impersonate, so every call of it raises an alarm (stack `detection`).
    allow('OneTimePasswords', ['ds:ResetUserPassword'], [arn(stack, 'ds', 'directory/*')]),
    allow('MakeDesktops', ['workspaces:CreateWorkspaces', 'workspaces:CreateTags'],
      [arn(stack, 'workspaces', 'workspace/*'), arn(stack, 'workspaces', 'directory/*'), arn(stack, 'workspaces', 'workspacebundle/*')]),
    allow('KeepDesktops', ['workspaces:ModifyWorkspaceProperties', 'workspaces:TerminateWorkspaces'], [arn(stack, 'workspaces', 'workspace/*')], OURS),
  ]
}

/** What cuts a person or a project off. The suspend lane may do this and nothing more (VIS-7); the reconciler may too. */
export function cuttingOff({ stack }: Place): PolicyStatement[] {
  const networkInterface = arn(stack, 'ec2', 'network-interface/*')
  return [
    // An interface of a desktop belongs to WorkSpaces and carries no tag of ours when it is first seen.
    allow('SwapGroups', ['ec2:ModifyNetworkInterfaceAttribute'], [networkInterface, arn(stack, 'ec2', 'security-group/*')]),
    new PolicyStatement({
      sid: 'MoveBetweenSets',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: [networkInterface],
      conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['renkei:*'] } },
    }),
    allow('StopDesktops', ['workspaces:StopWorkspaces'], [arn(stack, 'workspaces', 'workspace/*')], OURS),
    allow('DisableUsers', ['ds:AccessDSData', 'ds-data:DisableUser'], [arn(stack, 'ds', 'directory/*')]),
    allow('EndConnections', ['ec2:TerminateClientVpnConnections', 'ec2:DescribeClientVpnConnections'], [arn(stack, 'ec2', 'client-vpn-endpoint/*')]),
    allow('FlushFlows', ['network-firewall:StartFlowFlush', 'network-firewall:DescribeFlowOperation'], [arn(stack, 'network-firewall', 'firewall/*')]),
  ]
}
