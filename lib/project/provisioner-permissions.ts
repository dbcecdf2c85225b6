import type { Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { parameterPath } from '../kernel/parameters.ts'

/** Tags on everything the provisioner makes (`domain/project/provisioning/resource-names.ts`). */
const OURS = { 'aws:ResourceTag/renkei:managed': 'provisioner' }
const MADE_AS_OURS = { 'aws:RequestTag/renkei:managed': 'provisioner' }

interface DeployedEnvironment {
  readonly stack: Stack
  readonly environment: string
}

/** True of what EC2 is asked by another service in our name, never of a call of our own. */
const throughAnotherService = { Bool: { 'aws:ViaAWSService': 'true' } }

const allow = (sid: string, actions: string[], resources: string[], condition?: Record<string, string | string[]>) =>
  new PolicyStatement({ sid, actions, resources, ...(condition && { conditions: { StringEquals: condition } }) })

const arn = (stack: Stack, service: string, resource: string) =>
  `arn:${stack.partition}:${service}:${stack.region}:${stack.account}:${resource}`

/** Looking only. These operations name no resource, or are asked of all of them to find what is not ours. */
export function observing({ stack, environment }: DeployedEnvironment): PolicyStatement[] {
  return [
    allow(
      'LookAtWhatHasNoResourceLevel',
      [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeTags',
        'kms:ListAliases',
        'kms:ListKeys',
        'tag:GetResources',
        'workspaces:DescribeWorkspaces',
        'workspaces:DescribeTags',
        'elasticfilesystem:DescribeFileSystems',
        'elasticfilesystem:DescribeAccessPoints',
        'elasticfilesystem:DescribeMountTargets',
        'elasticfilesystem:DescribeMountTargetSecurityGroups',
        'elasticfilesystem:DescribeFileSystemPolicy',
      ],
      ['*'],
    ),
    allow(
      'LookAtKeys',
      ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus', 'kms:ListResourceTags'],
      [arn(stack, 'kms', 'key/*')],
    ),
    allow(
      'LookAtUsers',
      ['ds:AccessDSData', 'ds-data:DescribeUser', 'ds-data:ListUsers'],
      [arn(stack, 'ds', 'directory/*')],
    ),
    // Nothing is below "terminals" until the way in from terminals is built (NET-3).
    allow(
      'ReadWhatStacksPublish',
      ['ssm:GetParameter', 'ssm:GetParameters'],
      ['link', 'visiting', 'hub', 'terminals'].map((part) =>
        arn(stack, 'ssm', `parameter${parameterPath(environment, part)}/*`),
      ),
    ),
  ]
}

/** The keys of projects; only what carries the provisioner's tag, and used only through the storage services. */
export function keeping({ stack, environment }: DeployedEnvironment): PolicyStatement[] {
  const key = arn(stack, 'kms', 'key/*')
  return [
    allow('MakeKeys', ['kms:CreateKey'], ['*'], MADE_AS_OURS),
    allow('TagNewKeys', ['kms:TagResource'], [key], MADE_AS_OURS),
    // Whatever a stack made carries the environment's tag and not the provisioner's: it can never be declared ours, and
    // then ended.
    new PolicyStatement({
      sid: 'ClaimNoKeyOfThePlatform',
      effect: Effect.DENY,
      actions: ['kms:TagResource'],
      resources: ['*'],
      conditions: { Null: { 'aws:ResourceTag/renkei:environment': 'false', 'aws:ResourceTag/renkei:managed': 'true' } },
    }),
    allow(
      'KeepKeys',
      [
        'kms:DisableKey',
        'kms:EnableKey',
        'kms:EnableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:CreateAlias',
        'kms:UpdateAlias',
        'kms:DeleteAlias',
      ],
      [key],
      OURS,
    ),
    allow(
      'NameKeys',
      ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'],
      [arn(stack, 'kms', `alias/renkei/${environment}/project/*`)],
    ),
    // Volumes and file systems are encrypted in the caller's name, through the service only.
    allow(
      'EncryptThroughServices',
      [
        'kms:CreateGrant',
        'kms:Decrypt',
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
      ],
      [key],
      {
        ...OURS,
        'kms:ViaService': ['workspaces', 'elasticfilesystem', 'ec2'].map(
          (service) => `${service}.${stack.region}.amazonaws.com`,
        ),
      },
    ),
  ]
}

/**
 * Making, changing and removing what a project has; where the service lets it, only what carries the provisioner's tag.
 */
export function providing({ stack }: DeployedEnvironment): PolicyStatement[] {
  const group = arn(stack, 'ec2', 'security-group/*')
  const store = [arn(stack, 'elasticfilesystem', 'file-system/*'), arn(stack, 'elasticfilesystem', 'access-point/*')]
  return [
    allow('MakeGroups', ['ec2:CreateSecurityGroup'], [group], MADE_AS_OURS),
    allow('MakeGroupsInCells', ['ec2:CreateSecurityGroup'], [arn(stack, 'ec2', 'vpc/*')]),
    allow('TagNewGroups', ['ec2:CreateTags'], [group], { 'ec2:CreateAction': 'CreateSecurityGroup' }),
    allow(
      'KeepGroups',
      [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:DeleteSecurityGroup',
      ],
      [group],
      OURS,
    ),
    allow('MakeStores', ['elasticfilesystem:CreateFileSystem'], ['*'], MADE_AS_OURS),
    // While they are made, and never after: nobody else's file system can be declared ours, and then deleted.
    new PolicyStatement({
      sid: 'TagNewStores',
      actions: ['elasticfilesystem:TagResource'],
      resources: store,
      conditions: {
        StringEquals: { ...MADE_AS_OURS, 'elasticfilesystem:CreateAction': ['CreateFileSystem', 'CreateAccessPoint'] },
      },
    }),
    allow(
      'KeepStores',
      [
        'elasticfilesystem:PutFileSystemPolicy',
        'elasticfilesystem:CreateAccessPoint',
        'elasticfilesystem:CreateMountTarget',
        'elasticfilesystem:DeleteMountTarget',
        'elasticfilesystem:DeleteAccessPoint',
        'elasticfilesystem:DeleteFileSystem',
      ],
      store,
      OURS,
    ),
    // A mount target is an interface in a storage subnet, which EFS makes and removes in the caller's name. We make
    // none ourselves.
    new PolicyStatement({
      sid: 'MountTargetInterfaces',
      actions: ['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface'],
      resources: ['network-interface', 'subnet', 'security-group'].map((type) => arn(stack, 'ec2', `${type}/*`)),
      conditions: throughAnotherService,
    }),
    allow('SeeSubnets', ['ec2:DescribeSubnets'], ['*']),
    allow(
      'MakeUsers',
      ['ds-data:CreateUser', 'ds-data:UpdateUser', 'ds-data:DeleteUser'],
      [arn(stack, 'ds', 'directory/*')],
    ),
    // The only way to enable a user. It could impersonate, so every call of it raises an alarm (stack `detection`).
    allow('OneTimePasswords', ['ds:ResetUserPassword'], [arn(stack, 'ds', 'directory/*')]),
    allow(
      'MakeDesktops',
      ['workspaces:CreateWorkspaces'],
      [
        arn(stack, 'workspaces', 'workspace/*'),
        arn(stack, 'workspaces', 'directory/*'),
        arn(stack, 'workspaces', 'workspacebundle/*'),
      ],
      MADE_AS_OURS,
    ),
    // It names no resource (service authorization reference), so only the tag that is given limits it.
    allow('TagNewDesktops', ['workspaces:CreateTags'], ['*'], MADE_AS_OURS),
    allow(
      'KeepDesktops',
      ['workspaces:ModifyWorkspaceProperties', 'workspaces:TerminateWorkspaces'],
      [arn(stack, 'workspaces', 'workspace/*')],
      OURS,
    ),
  ]
}

/**
 * What cuts a person or a project off. The suspend lane may do this and nothing more (VIS-7); the reconciler may too.
 */
export function cuttingOff({ stack, environment }: DeployedEnvironment): PolicyStatement[] {
  const networkInterface = arn(stack, 'ec2', 'network-interface/*')
  return [
    // An interface of a desktop belongs to WorkSpaces and carries no tag of ours when it is first seen; but interfaces
    // of the platform's stacks and mount targets are never swapped, and what a desktop is given is a group that one of
    // ours made.
    new PolicyStatement({
      sid: 'SwapGroupsOfInterfaces',
      actions: ['ec2:ModifyNetworkInterfaceAttribute'],
      resources: [networkInterface],
      conditions: {
        StringEqualsIfExists: {
          'aws:ResourceTag/renkei:managed': 'provisioner',
          'aws:ResourceTag/renkei:environment': environment,
        },
      },
    }),
    new PolicyStatement({
      sid: 'SwapInGroups',
      actions: ['ec2:ModifyNetworkInterfaceAttribute'],
      resources: [arn(stack, 'ec2', 'security-group/*')],
      // The members group is made by WorkSpaces and carries no tag of an environment; every other group of the platform
      // does.
      conditions: { StringEqualsIfExists: { 'aws:ResourceTag/renkei:environment': environment } },
    }),
    new PolicyStatement({
      sid: 'MoveBetweenSets',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: [networkInterface],
      conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['renkei:*'] } },
    }),
    allow('StopDesktops', ['workspaces:StopWorkspaces'], [arn(stack, 'workspaces', 'workspace/*')], OURS),
    allow('DisableUsers', ['ds:AccessDSData', 'ds-data:DisableUser'], [arn(stack, 'ds', 'directory/*')]),
    allow(
      'EndConnections',
      ['ec2:TerminateClientVpnConnections', 'ec2:DescribeClientVpnConnections'],
      [arn(stack, 'ec2', 'client-vpn-endpoint/*')],
    ),
    allow(
      'FlushFlows',
      ['network-firewall:StartFlowFlush', 'network-firewall:DescribeFlowOperation'],
      [arn(stack, 'network-firewall', 'firewall/*')],
    ),
  ]
}
