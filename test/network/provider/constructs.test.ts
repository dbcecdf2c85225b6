import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { Template } from 'aws-cdk-lib/assertions'
import { Key } from 'aws-cdk-lib/aws-kms'
import { directoryProperties } from '#lambda/network/provider/workspace-directory-settings.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { DirectoryDataAccess } from '#lib/network/provider/directory-data-access.ts'
import { MembersGroupEgress } from '#lib/network/provider/members-group-egress.ts'
import { NetworkProvider } from '#lib/network/provider/network-provider.ts'
import { VpnAttachment } from '#lib/network/provider/vpn-attachment.ts'
import { WorkspaceDirectory } from '#lib/network/provider/workspace-directory.ts'
import { DIRECTORY, SUBNETS } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

interface Resource {
  readonly Type: string
  readonly Properties: Record<string, unknown>
  readonly UpdateReplacePolicy?: string
}
interface Statement {
  readonly Sid?: string
  readonly Effect: string
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Condition?: Record<string, Record<string, unknown>>
}

function synthesized() {
  const stack = new Stack(new App(), 'Test', { env: { account: '000000000000', region: 'ap-northeast-1' } })
  const config = loadConfig('config/demo.yaml', new Date('2026-11-22'))
  const key = Key.fromKeyArn(
    stack,
    'Key',
    'arn:aws:kms:ap-northeast-1:000000000000:key/00000000-0000-0000-0000-000000000000',
  )
  const { serviceToken } = new NetworkProvider(stack, 'Provider', { config, logKey: key, queueKey: key })
  new VpnAttachment(stack, 'Attachment', { serviceToken, vpnConnectionId: 'vpn-0a', transitGatewayId: 'tgw-0a' })
  const directory = new WorkspaceDirectory(stack, 'Registration', {
    serviceToken,
    directoryId: DIRECTORY,
    subnetIds: [SUBNETS[0]!, SUBNETS[1]!],
    workspaceCreationProperties: {
      userEnabledAsLocalAdministrator: true,
      enableInternetAccess: true,
      enableMaintenanceMode: true,
      defaultOu: 'OU=a,DC=b,DC=c',
    },
    workspaceAccessProperties: {
      deviceTypeWeb: 'DENY',
      deviceTypeChromeOs: 'DENY',
      deviceTypeWorkSpacesThinClient: 'DENY',
      accessEndpointConfig: { accessEndpoints: [{ accessEndpointType: 'STREAMING_WSP', vpcEndpointId: 'vpce-0a' }] },
    },
    samlProperties: {
      status: 'ENABLED',
      userAccessUrl: 'https://idp.renkei.example/sso',
      relayStateParameterName: 'RelayState',
    },
    streamingProperties: { userSettings: [{ action: 'CLIPBOARD_COPY_TO_LOCAL_DEVICE', permission: 'DISABLED' }] },
    tags: [{ key: 'renkei:environment', value: 'demo' }],
  })
  new MembersGroupEgress(stack, 'Egress', {
    serviceToken,
    securityGroupId: directory.membersSecurityGroupId,
    directoryCidrs: ['172.24.0.0/24', '172.24.1.0/24'],
  })
  new DirectoryDataAccess(stack, 'Data', { serviceToken, directoryId: DIRECTORY })
  return Template.fromStack(stack).toJSON() as { Resources: Record<string, Resource> }
}

const resources = Object.values(synthesized().Resources)
const only = (type: string) => {
  const found = resources.filter(({ Type }) => Type === type)
  expectThat(found.length, type).toBe(1)
  return found[0]!.Properties
}
/** Inline policies of roles and policies of their own: wherever the function's rights are written. */
const documents = resources.flatMap(({ Type, Properties }) =>
  Type === 'AWS::IAM::Role'
    ? ((Properties['Policies'] ?? []) as { PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument)
    : /^AWS::IAM::(Managed)?Policy$/.test(Type)
      ? [Properties['PolicyDocument']]
      : [],
)
const statements = documents.flatMap((document) => (document as { Statement: Statement[] }).Statement)
const allowed = statements.filter(({ Effect }) => Effect === 'Allow')
const actions = ({ Action }: Statement) => [Action].flat()

test('[VIS-2] whatever the caller asks: no local administrators, no public addresses, no self-service', () => {
  const directory = only('Custom::RenkeiWorkspaceDirectory')
  expect(directory['WorkspaceCreationProperties']).toEqual({
    UserEnabledAsLocalAdministrator: false,
    EnableInternetAccess: false,
    EnableMaintenanceMode: true,
    DefaultOu: 'OU=a,DC=b,DC=c',
  })
  assert.ok(
    Object.values(directory['SelfservicePermissions'] as object).every((permission) => permission === 'DISABLED'),
  )
})

test('[NET-1] the function understands every property that the template gives a directory', () => {
  const { ServiceToken: _, ...directory } = only('Custom::RenkeiWorkspaceDirectory')
  const asText = JSON.parse(
    JSON.stringify(directory, (__, value: unknown) => (typeof value === 'boolean' ? String(value) : value)),
  ) as unknown
  const parsed = directoryProperties.parse(asText)
  expect(parsed.WorkspaceAccessProperties?.AccessEndpointConfig?.AccessEndpoints[0]?.VpcEndpointId).toBe('vpce-0a')
})

test('[NET-4] desktops may reach the directory on its ports only: no DNS, no time, no NetBIOS, nothing else', () => {
  const rules = only('Custom::RenkeiMembersGroupEgress')['Egress'] as {
    IpProtocol: string
    FromPort: number
    ToPort: number
    CidrIp: string
  }[]
  expect([...new Set(rules.map(({ CidrIp }) => CidrIp))]).toEqual(['172.24.0.0/24', '172.24.1.0/24'])
  for (const closed of [22, 53, 80, 123, 137, 139, 443, 853, 3389, 4172, 4195, 5432]) {
    assert.ok(!rules.some(({ FromPort, ToPort }) => FromPort <= closed && closed <= ToPort), `port ${closed} is open`)
  }
  for (const open of [88, 389, 445, 464, 636, 3268])
    assert.ok(
      rules.some(({ FromPort, ToPort }) => FromPort <= open && open <= ToPort),
      `port ${open} is closed`,
    )
  // With the originals that stay for a moment while the egress narrows, still below EC2's 60 rules in a group.
  assert.ok(rules.length <= 50)
})

test('[AUTH-5] the function may delete no group, desktop or directory, and writes on named types only', () => {
  const denied = statements.find(({ Effect }) => Effect === 'Deny')!
  expect(actions(denied)).toEqual(['ec2:DeleteSecurityGroup', 'workspaces:TerminateWorkspaces', 'ds:DeleteDirectory'])
  for (const statement of allowed) {
    assert.ok(
      actions(statement).every((action) => !action.includes('*')),
      `a wildcard action in ${statement.Sid}`,
    )
    const everywhere = [statement.Resource].flat().includes('*')
    // CreateTags of WorkSpaces takes no resource: the one key that may be written is its limit.
    if (everywhere && statement.Sid === 'MarkAsOurs')
      expect(statement.Condition).toEqual({
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['renkei:registered-by'] },
        Null: { 'aws:TagKeys': 'false' },
      })
    else if (everywhere)
      assert.ok(
        actions(statement).every((action) => /:(Describe|Get|List)|^xray:/.test(action)),
        `${statement.Sid} writes to everything`,
      )
  }
})

test('[AUTH-5] the function may tag a group only to keep its original egress', () => {
  const tagging = allowed.filter((statement) =>
    actions(statement).some((action) => action.startsWith('ec2:') && action.endsWith('Tags')),
  )
  expect(tagging.length).toBe(1)
  expect(tagging[0]!.Condition).toEqual({
    'ForAllValues:StringLike': { 'aws:TagKeys': ['renkei:original-egress*'] },
    Null: { 'aws:TagKeys': 'false' },
  })
})

test('[AUTH-5] the function hands no role to anything but workspaces_DefaultRole', () => {
  const passing = allowed.filter((statement) => actions(statement).includes('iam:PassRole'))
  expect(passing.length).toBe(1)
  expect(JSON.stringify(passing[0]!.Resource)).toMatch(/role\/workspaces_DefaultRole/)
})

test('[LOG-3] the function has 15 minutes, an encrypted log and an encrypted queue for what never started', () => {
  expect(only('AWS::Lambda::Function')['Timeout']).toBe(900)
  assert.ok(only('AWS::Logs::LogGroup')['KmsKeyId'])
  assert.ok(only('AWS::SQS::Queue')['KmsMasterKeyId'])
})

test('[NET-1] every custom resource gives up a little later than its function, not after an hour', () => {
  for (const { Type, Properties } of resources.filter((resource) => resource.Type.startsWith('Custom::'))) {
    expectThat(Properties['ServiceTimeout'], Type).toBe('960')
  }
})

test('[ARC-3] other stacks find the function by its parameter', () => {
  expect(only('AWS::SSM::Parameter')['Name']).toBe('/renkei/demo/hub/network-provider')
})
