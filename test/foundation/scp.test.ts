import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { runSimulation } from '@cloud-copilot/iam-simulate'
import { expectThat } from '../support/expect.ts'

const folder = join(import.meta.dirname, '..', '..', 'policies', 'foundation', 'scp')
const account = '111111111111'
const files = readdirSync(folder)
const policies = files.map((file) => ({ name: file, policy: JSON.parse(readFileSync(join(folder, file), 'utf8')) }))
const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

const operator = `arn:aws:iam::${account}:role/Operator`
const deployment = `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-ap-northeast-1`
const reconciler = `arn:aws:iam::${account}:role/Renkei-production-control-ReconcileRole`

interface Call {
  readonly action: string
  readonly resource?: string
  readonly by?: string
  readonly region?: string
  readonly context?: Record<string, string | string[]>
}

/** Asks an account whose role may do everything: only a service control policy can refuse. */
async function decide(
  { action, resource = '*', by = operator, region = 'ap-northeast-1', context = {} }: Call,
  without?: string,
): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: by,
        action,
        resource: { resource, accountId: account },
        contextVariables: {
          'aws:PrincipalArn': by,
          'aws:PrincipalAccount': account,
          'aws:PrincipalIsAWSService': 'false',
          'aws:RequestedRegion': region,
          ...(by === reconciler ? { 'aws:PrincipalTag/renkei:duty': 'provisioner' } : {}),
          ...context,
        },
      },
      identityPolicies: [{ name: 'administrator', policy: everything }],
      serviceControlPolicies: [
        {
          orgIdentifier: 'ou-renkei',
          policies: [
            { name: 'FullAWSAccess', policy: everything },
            ...policies.map(({ name, policy }) => ({ name, policy: strike(policy, without) })),
          ],
        },
      ],
      resourceControlPolicies: [],
      // A key is used by nobody whom its own policy does not let in: here it leaves that to IAM.
      ...(action.startsWith('kms:')
        ? {
            resourcePolicy: {
              ...everything,
              Statement: [{ ...everything.Statement[0], Principal: { AWS: `arn:aws:iam::${account}:root` } }],
            },
          }
        : {}),
    },
    {},
  )
  if (answer.resultType === 'error') assert.fail(`${action}: ${JSON.stringify(answer.errors)}`)
  if (answer.resultType === 'single' && answer.result.ignoredContextKeys?.length)
    assert.fail(`${action} does not know ${answer.result.ignoredContextKeys.join(', ')}`)
  return answer.overallResult
}

/** The policy without one of its statements: what a mistaken edit would leave. */
const strike = (policy: { Statement: { Sid: string }[] }, sid?: string) => ({
  ...policy,
  Statement: policy.Statement.filter((statement) => statement.Sid !== sid),
})

const key = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`
const ofProject = { 'aws:ResourceTag/renkei:managed': 'provisioner' }
const tunnel = `arn:aws:ec2:ap-northeast-1:${account}:vpn-connection/vpn-1234567890abcdef0`
const strong: Record<string, string | string[]> = {
  'ec2:IKEVersions': ['ikev2'],
  'ec2:Phase1EncryptionAlgorithms': ['AES256-GCM-16'],
  'ec2:Phase2EncryptionAlgorithms': ['AES256-GCM-16', 'AES128-GCM-16'],
  'ec2:Phase1IntegrityAlgorithms': ['SHA2-384'],
  'ec2:Phase2IntegrityAlgorithms': ['SHA2-256'],
  'ec2:Phase1DHGroup': ['20', '21'],
  'ec2:Phase2DHGroup': ['19'],
  'ec2:Phase1LifetimeSeconds': '28800',
  'ec2:Phase2LifetimeSeconds': '3600',
}
const vpn = (change: Record<string, string | string[]> = {}, by = deployment): Call => ({
  action: 'ec2:CreateVpnConnection',
  resource: tunnel,
  by,
  context: { ...strong, ...change },
})
const archive = 'arn:aws:s3:::renkei-production-archive-222222222222-ap-northeast-1'
const role = `arn:aws:iam::${account}:role/Renkei-production-control-ReconcileRole`

/** Each refused call with the statement that alone refuses it: without that statement the call would pass. */
const refused: [requirement: string, posture: string, statement: string, call: Call][] = [
  [
    'ARC-5',
    'no database outside Japan',
    'OnlyJapan',
    { action: 'dynamodb:CreateTable', resource: `arn:aws:dynamodb:us-east-1:${account}:table/x`, region: 'us-east-1' },
  ],
  [
    'ARC-5',
    'no bucket outside Japan, by a deployment either',
    'OnlyJapan',
    { action: 's3:CreateBucket', resource: 'arn:aws:s3:::x', region: 'eu-west-1', by: deployment },
  ],
  ['ARC-5', 'no region is enabled', 'StaysInTheOrganisation', { action: 'account:EnableRegion' }],
  [
    'ARC-5',
    'the account does not leave the organisation',
    'StaysInTheOrganisation',
    { action: 'organizations:LeaveOrganization' },
  ],
  [
    'AUTH-3',
    'no user',
    'NoLongLivedCredentials',
    { action: 'iam:CreateUser', resource: `arn:aws:iam::${account}:user/x` },
  ],
  [
    'AUTH-3',
    'no access key',
    'NoLongLivedCredentials',
    { action: 'iam:CreateAccessKey', resource: `arn:aws:iam::${account}:user/x` },
  ],
  [
    'AUTH-5',
    'an operator cannot give a role a duty',
    'OnlyDeploymentsGiveDuties',
    { action: 'iam:TagRole', resource: role, context: { 'aws:TagKeys': ['renkei:duty'] } },
  ],
  [
    'AUTH-5',
    'an operator cannot make a role with a duty',
    'OnlyDeploymentsGiveDuties',
    { action: 'iam:CreateRole', resource: role, context: { 'aws:TagKeys': ['Name', 'renkei:duty'] } },
  ],
  [
    'AUTH-5',
    'nobody takes a duty by a session tag',
    'NoDutyBySessionTag',
    { action: 'sts:TagSession', resource: role, by: deployment, context: { 'aws:TagKeys': ['renkei:duty'] } },
  ],
  [
    'AUTH-5',
    'an operator cannot become the provisioner by its trust policy',
    'OnlyDeploymentsChangeDutyRoles',
    { action: 'iam:UpdateAssumeRolePolicy', resource: role, context: { 'aws:ResourceTag/renkei:duty': 'provisioner' } },
  ],
  [
    'AUTH-5',
    'an operator cannot put their own code into a function, and with it take its duty',
    'OnlyDeploymentsChangeFunctions',
    {
      action: 'lambda:UpdateFunctionCode',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Reconcile1A2B`,
    },
  ],
  [
    'AUTH-5',
    'an operator cannot call a function past the queue and the ledger',
    'OnlyDeploymentsChangeFunctions',
    {
      action: 'lambda:InvokeFunction',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Suspend1A2B`,
    },
  ],
  [
    'AUTH-4',
    "an operator cannot set a person's password",
    'OnlyTheProvisionerSetsPasswords',
    { action: 'ds:ResetUserPassword', resource: `arn:aws:ds:ap-northeast-1:${account}:directory/d-1234567890` },
  ],
  [
    'NET-1',
    'no Internet gateway, by a deployment either',
    'NoWayToTheInternet',
    {
      action: 'ec2:CreateInternetGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:internet-gateway/igw-1`,
      by: deployment,
    },
  ],
  [
    'NET-4',
    'no NAT gateway',
    'NoWayToTheInternet',
    {
      action: 'ec2:CreateNatGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:natgateway/nat-1`,
      by: deployment,
    },
  ],
  [
    'NET-4',
    'no egress-only gateway',
    'NoWayToTheInternet',
    {
      action: 'ec2:CreateEgressOnlyInternetGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:egress-only-internet-gateway/eigw-1`,
      by: deployment,
    },
  ],
  [
    'NET-4',
    'no public address',
    'NoWayToTheInternet',
    { action: 'ec2:AllocateAddress', resource: `arn:aws:ec2:ap-northeast-1:${account}:elastic-ip/eipalloc-1` },
  ],
  [
    'NET-4',
    'no instance with a public address',
    'NoPublicAddress',
    {
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:network-interface/eni-1`,
      context: { 'ec2:AssociatePublicIpAddress': 'true' },
    },
  ],
  [
    'NET-4',
    'no subnet that gives public addresses',
    'NoPublicSubnet',
    {
      action: 'ec2:ModifySubnetAttribute',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:subnet/subnet-1`,
      by: deployment,
      context: { 'ec2:Attribute/MapPublicIpOnLaunch': 'true' },
    },
  ],
  [
    'ARC-3',
    'no peering',
    'NoOtherNetwork',
    { action: 'ec2:CreateVpcPeeringConnection', resource: `arn:aws:ec2:ap-northeast-1:${account}:vpc/vpc-1` },
  ],
  ['NET-2', 'no IKEv1', 'OnlyIkev2', vpn({ 'ec2:IKEVersions': ['ikev2', 'ikev1'] })],
  [
    'NET-2',
    'no CBC in phase 1',
    'OnlyGcmPhase1',
    vpn({ 'ec2:Phase1EncryptionAlgorithms': ['AES256-GCM-16', 'AES256'] }),
  ],
  ['NET-2', 'no CBC in phase 2', 'OnlyGcmPhase2', vpn({ 'ec2:Phase2EncryptionAlgorithms': ['AES128'] })],
  ['NET-2', 'no SHA-1 in phase 1', 'OnlySha2Phase1', vpn({ 'ec2:Phase1IntegrityAlgorithms': ['SHA1', 'SHA2-256'] })],
  ['NET-2', 'no SHA-1 in phase 2', 'OnlySha2Phase2', vpn({ 'ec2:Phase2IntegrityAlgorithms': ['SHA1'] })],
  ['NET-2', 'no group 2 in phase 1', 'OnlyStrongGroupsPhase1', vpn({ 'ec2:Phase1DHGroup': ['2', '20'] })],
  ['NET-2', 'no group 14 in phase 2', 'OnlyStrongGroupsPhase2', vpn({ 'ec2:Phase2DHGroup': ['14'] })],
  ['NET-2', 'no phase 1 above 8 hours', 'ShortLifePhase1', vpn({ 'ec2:Phase1LifetimeSeconds': '28801' })],
  ['NET-2', 'no phase 2 above 1 hour', 'ShortLifePhase2', vpn({ 'ec2:Phase2LifetimeSeconds': '3601' })],
  [
    'NET-2',
    'no tunnel is changed by hand',
    'TunnelsChangeByDeploymentOnly',
    { action: 'ec2:ModifyVpnTunnelOptions', resource: tunnel, context: strong },
  ],
  [
    'LOG-1',
    'nobody stops the trail, a deployment neither',
    'NobodyStopsTheWatch',
    {
      action: 'cloudtrail:StopLogging',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
      by: deployment,
    },
  ],
  [
    'LOG-4',
    'nobody deletes the detector',
    'NobodyStopsTheWatch',
    {
      action: 'guardduty:DeleteDetector',
      resource: `arn:aws:guardduty:ap-northeast-1:${account}:detector/x`,
      by: deployment,
    },
  ],
  [
    'LOG-4',
    'nobody stops the recorder',
    'NobodyStopsTheWatch',
    { action: 'config:StopConfigurationRecorder', resource: '*', by: deployment },
  ],
  [
    'LOG-4',
    'nobody disables Security Hub',
    'NobodyStopsTheWatch',
    {
      action: 'securityhub:DisableSecurityHub',
      by: deployment,
      resource: `arn:aws:securityhub:ap-northeast-1:${account}:hub/default`,
    },
  ],
  [
    'LOG-1',
    "an operator cannot narrow the trail's events",
    'OnlyDeploymentsChangeTheWatch',
    {
      action: 'cloudtrail:PutEventSelectors',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
    },
  ],
  [
    'LOG-4',
    'an operator cannot mute a detection rule',
    'OnlyDeploymentsChangeTheWatch',
    { action: 'events:DisableRule', resource: `arn:aws:events:ap-northeast-1:${account}:rule/x` },
  ],
  [
    'LOG-3',
    'an operator cannot cut the log export',
    'OnlyDeploymentsChangeTheWatch',
    { action: 'logs:DeleteAccountPolicy', resource: '*' },
  ],
  [
    'LOG-3',
    'an operator cannot delete a log group',
    'NobodyRemovesLogs',
    { action: 'logs:DeleteLogGroup', resource: `arn:aws:logs:ap-northeast-1:${account}:log-group:x` },
  ],
  [
    'LOG-3',
    'nobody deletes from the archive, a deployment neither',
    'ArchiveStaysLocked',
    { action: 's3:DeleteObjectVersion', resource: `${archive}/ledger/x/1.json`, by: deployment },
  ],
  [
    'LOG-3',
    "an operator cannot stop the archive's replication",
    'OnlyDeploymentsChangeTheArchive',
    { action: 's3:PutBucketVersioning', resource: archive },
  ],
  [
    'SEC-5',
    'nobody deletes a backup',
    'NobodyStopsTheWatch',
    {
      action: 'backup:DeleteRecoveryPoint',
      resource: `arn:aws:backup:ap-northeast-1:${account}:recovery-point:x`,
      by: deployment,
    },
  ],
  [
    'CRY-3',
    'an operator cannot schedule the deletion of a project key',
    'OnlyTheProvisionerEndsProjectKeys',
    {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  ],
  [
    'VIS-6',
    "an operator cannot revive an ended project's key",
    'OnlyTheProvisionerEndsProjectKeys',
    { action: 'kms:EnableKey', resource: key, context: ofProject },
  ],
  [
    'CRY-3',
    'nobody deletes a key of the platform, the provisioner neither',
    'NobodyEndsPlatformKeys',
    {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  ],
  [
    'CRY-3',
    'the provisioner cannot hurry a deletion',
    'SlowDeletion',
    {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' },
    },
  ],
  [
    'AUTH-5',
    'an operator cannot decrypt project data',
    'NobodyElseDecryptsProjectData',
    { action: 'kms:Decrypt', resource: key, context: ofProject },
  ],
  [
    'AUTH-5',
    'an operator cannot let others decrypt project data',
    'NobodyElseDecryptsProjectData',
    { action: 'kms:CreateGrant', resource: key, context: ofProject },
  ],
  [
    'VIS-5',
    'no snapshot is shared',
    'NothingIsSharedOutside',
    { action: 'ec2:ModifySnapshotAttribute', resource: 'arn:aws:ec2:ap-northeast-1::snapshot/snap-1' },
  ],
  [
    'VIS-5',
    'no image is shared',
    'NothingIsSharedOutside',
    { action: 'ec2:ModifyImageAttribute', resource: 'arn:aws:ec2:ap-northeast-1::image/ami-1' },
  ],
  [
    'VIS-5',
    'no desktop image is shared',
    'NothingIsSharedOutside',
    {
      action: 'workspaces:UpdateWorkspaceImagePermission',
      resource: `arn:aws:workspaces:ap-northeast-1:${account}:workspaceimage/wsi-1`,
      by: deployment,
    },
  ],
  [
    'VIS-5',
    'no file system is copied elsewhere',
    'NothingIsSharedOutside',
    {
      action: 'elasticfilesystem:CreateReplicationConfiguration',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
      by: reconciler,
    },
  ],
  [
    'VIS-5',
    'nothing is shared with another organisation',
    'NoResourceShareOutside',
    { action: 'ram:CreateResourceShare', resource: '*', context: { 'ram:RequestedAllowsExternalPrincipals': 'true' } },
  ],
  [
    'VIS-5',
    'no public object',
    'NoPublicAcl',
    {
      action: 's3:PutObjectAcl',
      resource: 'arn:aws:s3:::x/y',
      by: deployment,
      context: { 's3:x-amz-acl': 'public-read' },
    },
  ],
  [
    'VIS-5',
    'an operator cannot lift the block on public buckets',
    'OnlyDeploymentsOpenBuckets',
    { action: 's3:PutBucketPublicAccessBlock', resource: 'arn:aws:s3:::x' },
  ],
  [
    'ARC-4',
    'no function that everybody may call',
    'NoPublicFunction',
    {
      action: 'lambda:AddPermission',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:x`,
      by: deployment,
      context: { 'lambda:Principal': '*' },
    },
  ],
  [
    'NET-5',
    "an operator cannot open a project's file system",
    'FileSystemsStayClosed',
    {
      action: 'elasticfilesystem:PutFileSystemPolicy',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
    },
  ],
]

/** What the platform itself does, and what people may do. */
const permitted: [requirement: string, posture: string, call: Call][] = [
  [
    'ARC-5',
    'work in Tokyo',
    { action: 'dynamodb:CreateTable', resource: `arn:aws:dynamodb:ap-northeast-1:${account}:table/x`, by: deployment },
  ],
  [
    'ARC-5',
    'copies in Osaka',
    {
      action: 'backup:CopyIntoBackupVault',
      resource: `arn:aws:backup:ap-northeast-3:${account}:backup-vault:renkei-production-replica`,
      region: 'ap-northeast-3',
    },
  ],
  ['ARC-5', 'global services', { action: 'iam:CreateRole', resource: role, region: 'us-east-1', by: deployment }],
  ['ARC-5', 'the quota check', { action: 'servicequotas:ListServiceQuotas', region: 'us-east-1' }],
  [
    'AUTH-5',
    'a deployment gives a role its duty',
    { action: 'iam:CreateRole', resource: role, by: deployment, context: { 'aws:TagKeys': ['renkei:duty'] } },
  ],
  [
    'AUTH-4',
    'the reconciler sets a one-time password',
    {
      action: 'ds:ResetUserPassword',
      resource: `arn:aws:ds:ap-northeast-1:${account}:directory/d-1234567890`,
      by: reconciler,
    },
  ],
  ['NET-2', 'a strong VPN connection', vpn()],
  [
    'NET-2',
    'a deployment changes one option of a tunnel to a strong one',
    {
      action: 'ec2:ModifyVpnTunnelOptions',
      resource: tunnel,
      by: deployment,
      context: { 'ec2:Phase1DHGroup': ['21'] },
    },
  ],
  [
    'NET-2',
    'the gateway that a VPN connection attaches to',
    {
      action: 'ec2:CreateVpnConnection',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:transit-gateway/tgw-1`,
      by: deployment,
    },
  ],
  [
    'NET-4',
    'a private instance',
    {
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:network-interface/eni-1`,
      context: { 'ec2:AssociatePublicIpAddress': 'false' },
    },
  ],
  [
    'NET-4',
    'a subnet without public addresses',
    {
      action: 'ec2:ModifySubnetAttribute',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:subnet/subnet-1`,
      by: deployment,
      context: { 'ec2:Attribute/MapPublicIpOnLaunch': 'false' },
    },
  ],
  [
    'LOG-1',
    "a deployment sets the trail's events",
    {
      action: 'cloudtrail:PutEventSelectors',
      resource: `arn:aws:cloudtrail:ap-northeast-1:${account}:trail/renkei-production`,
      by: deployment,
    },
  ],
  ['LOG-4', 'reading findings', { action: 'guardduty:GetFindings' }],
  ['LOG-3', 'writing to the archive', { action: 's3:PutObject', resource: `${archive}/ledger/x/1.json` }],
  [
    'VIS-6',
    "the provisioner ends a project's key",
    {
      action: 'kms:ScheduleKeyDeletion',
      resource: key,
      by: reconciler,
      context: { ...ofProject, 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
    },
  ],
  [
    'VIS-6',
    "the provisioner disables a project's key",
    { action: 'kms:DisableKey', resource: key, by: reconciler, context: ofProject },
  ],
  [
    'CRY-3',
    "the provisioner lets WorkSpaces use a project's key",
    { action: 'kms:CreateGrant', resource: key, by: reconciler, context: ofProject },
  ],
  ['CRY-3', 'a key of the platform decrypts for its users', { action: 'kms:Decrypt', resource: key }],
  [
    'AUTH-5',
    'a deployment changes a function',
    {
      action: 'lambda:UpdateFunctionCode',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Reconcile1A2B`,
      by: deployment,
    },
  ],
  [
    'NET-5',
    "the provisioner closes a project's file system",
    {
      action: 'elasticfilesystem:PutFileSystemPolicy',
      resource: `arn:aws:elasticfilesystem:ap-northeast-1:${account}:file-system/fs-1`,
      by: reconciler,
    },
  ],
]

describe('service control policies', () => {
  let statements: { Sid: string; Effect: string }[] = []
  beforeAll(() => {
    statements = policies.flatMap(({ policy }) => policy.Statement)
  })

  for (const [requirement, posture, statement, call] of refused) {
    test(`[${requirement}] ${posture}`, async () => {
      expect(await decide(call)).toBe('ExplicitlyDenied')
      expectThat(
        await decide(call, statement),
        `another statement than ${statement} refuses it too, so this case does not show that statement`,
      ).toBe('Allowed')
    })
  }

  for (const [name] of Object.entries(strong).filter(([option]) => !option.endsWith('LifetimeSeconds'))) {
    test(`[NET-2] a tunnel that leaves ${name.slice(4)} to AWS's defaults is refused`, async () => {
      const { [name]: _, ...rest } = strong
      const call = { ...vpn(), context: rest }
      expect(await decide(call)).toBe('ExplicitlyDenied')
      expect(await decide(call, `Explicit${name.slice(4)}`)).toBe('Allowed')
    })
  }

  for (const [requirement, posture, call] of permitted) {
    test(`[${requirement}] permitted: ${posture}`, async () => {
      expect(await decide(call)).toBe('Allowed')
    })
  }

  test('[ARC-5] every statement only denies, and each is shown by a case above', () => {
    expect(statements.filter(({ Effect }) => Effect !== 'Deny')).toEqual([])
    const shown = new Set([
      ...refused.map(([, , statement]) => statement),
      ...Object.keys(strong).map((name) => `Explicit${name.slice(4)}`),
    ])
    expect(statements.map(({ Sid }) => Sid).filter((sid) => !shown.has(sid))).toEqual([])
  })

  test('[ARC-5] the policies fit: 5,120 characters each, and with FullAWSAccess no more than five on one account', () => {
    for (const file of files) {
      const { length } = readFileSync(join(folder, file), 'utf8')
      assert.ok(length <= 5120, `${file} has ${length} characters`)
    }
    assert.ok(files.length <= 4)
  })
})
