import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { samePolicy } from '#domain/project/provisioning/plan-store.ts'
import { fileSystemPolicy } from '#domain/project/provisioning/policies.ts'
import { renderTemplate } from '#domain/project/provisioning/render.ts'
import { desired, NOW, openProject } from './world.ts'

const template = renderTemplate(desired(openProject()), NOW)
const ofType = (type: string) =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)

test("[CRY-3] what the provisioner makes is encrypted under the project's key, as a template shows it", () => {
  expect(
    ofType('AWS::KMS::Key').map(({ EnableKeyRotation, PendingWindowInDays }) => [
      EnableKeyRotation,
      PendingWindowInDays,
    ]),
  ).toEqual([[true, 30]])
  expect(ofType('AWS::EFS::FileSystem').map(({ Encrypted, KmsKeyId }) => [Encrypted, KmsKeyId])).toEqual([
    [true, { 'Fn::GetAtt': ['Key', 'Arn'] }],
  ])
  for (const desktop of ofType('AWS::WorkSpaces::Workspace')) {
    expect([
      desktop['RootVolumeEncryptionEnabled'],
      desktop['UserVolumeEncryptionEnabled'],
      desktop['VolumeEncryptionKey'],
    ]).toEqual([true, true, { 'Fn::GetAtt': ['Key', 'Arn'] }])
  }
})

test("[CRY-3] nobody uses the project's key directly: only storage services do, for principals of this account", () => {
  const [key] = ofType('AWS::KMS::Key')
  assert.ok(key)
  const { Statement } = key['KeyPolicy'] as {
    Statement: {
      Action: string[]
      Principal: { AWS: string }
      Condition?: { StringEquals?: Record<string, unknown> }
    }[]
  }
  for (const { Action, Principal, Condition } of Statement) {
    expect(Principal.AWS).toBe('arn:aws:iam::000000000000:root')
    assert.ok(!Action.some((action) => action.includes('*')), 'no wildcard action')
    const uses = Action.some((action) => /Decrypt|Encrypt|GenerateDataKey|CreateGrant/.test(action))
    expect(uses).toBe(Condition?.StringEquals?.['kms:ViaService'] !== undefined)
  }
})

test("[NET-5] a store lets in by TLS and its access point alone, nobody as root, its project's desktops only", () => {
  const [store] = ofType('AWS::EFS::FileSystem')
  expect(store?.['FileSystemPolicy']).toEqual(fileSystemPolicy())
  expect(
    ofType('AWS::EC2::SecurityGroupIngress').map(({ GroupId, SourceSecurityGroupId, FromPort }) => [
      GroupId,
      SourceSecurityGroupId,
      FromPort,
    ]),
  ).toEqual([[{ 'Fn::GetAtt': ['StoreGroup', 'GroupId'] }, { 'Fn::GetAtt': ['DesktopGroup', 'GroupId'] }, 2049]])
  assert.ok(
    ofType('AWS::EFS::MountTarget').every(
      ({ SecurityGroups }) =>
        JSON.stringify(SecurityGroups) === JSON.stringify([{ 'Fn::GetAtt': ['StoreGroup', 'GroupId'] }]),
    ),
  )
})

test('[C-2] the rendered group names one prefix list and port a database, and the store', () => {
  expect(
    ofType('AWS::EC2::SecurityGroupEgress').map((rule) => [
      rule['DestinationPrefixListId'] ?? rule['DestinationSecurityGroupId'],
      rule['FromPort'],
      rule['ToPort'],
    ]),
  ).toEqual([
    ['pl-ndb', 5432, 5432],
    ['pl-rwd', 5433, 5433],
    [{ 'Fn::GetAtt': ['StoreGroup', 'GroupId'] }, 2049, 2049],
  ])
})

test('[VIS-7] every desktop is one that can be stopped', () => {
  const desktops = ofType('AWS::WorkSpaces::Workspace')
  expect(desktops.length).toBe(2)
  assert.ok(
    desktops.every(
      ({ WorkspaceProperties }) => (WorkspaceProperties as { RunningMode: string }).RunningMode === 'AUTO_STOP',
    ),
  )
})

test('[C-10] a policy that AWS writes down differently is still the same policy, and another one is not', () => {
  const policy = fileSystemPolicy()
  const rewritten = {
    Version: '2012-10-17',
    Statement: policy.Statement.toReversed().map((statement) => ({
      ...statement,
      Action: statement.Action.length === 1 ? statement.Action[0] : [...statement.Action].reverse(),
      Resource: 'arn:aws:elasticfilesystem:ap-northeast-1:000000000000:file-system/fs-1',
    })),
  }
  assert.ok(samePolicy(rewritten, policy))
  assert.ok(!samePolicy({ ...policy, Statement: policy.Statement.slice(1) }, policy))
  assert.ok(
    !samePolicy(
      { ...policy, Statement: policy.Statement.map((statement) => ({ ...statement, Effect: 'Allow' })) },
      policy,
    ),
  )
  assert.ok(!samePolicy(undefined, policy))
})
