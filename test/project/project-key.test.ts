import { expect, test } from '@jest/globals'
import { keyPolicy } from '#domain/project/provisioning/policies.ts'
import { ask } from '#test/support/iam-policy.ts'
import { expectThat } from '../support/expect.ts'

const account = '111111111111'
const region = 'ap-northeast-1'
const resource = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`
const operator = `arn:aws:iam::${account}:role/Operator`
const reconciler = `arn:aws:iam::${account}:role/Renkei-production-control-ReconcileRole`
const via = (service: string) => ({
  'kms:CallerAccount': account,
  'kms:ViaService': `${service}.${region}.amazonaws.com`,
})
const decide = (principal: string, action: string, context: Record<string, string>, duty?: string) =>
  ask(keyPolicy({ account, region }), account, { principal, action, resource, context, duty })

// Everybody who asks here may do everything by their own policies: only the key's policy can refuse.
for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:CreateGrant']) {
  test(`[AUTH-5] an operator who may do everything cannot ${action} with a project's key`, async () => {
    for (const context of [
      {},
      via('workspaces'),
      via('elasticfilesystem'),
      via('ec2'),
      via('s3'),
      { ...via('ec2'), 'kms:GrantIsForAWSResource': 'true' },
    ]) {
      expectThat(await decide(operator, action, context as Record<string, string>), JSON.stringify(context)).toBe(
        'refused',
      )
    }
  })
}

test("[CRY-3] the provisioner uses a project's key through desktops and store only, never by calling KMS", async () => {
  for (const service of ['workspaces', 'elasticfilesystem', 'ec2']) {
    expectThat(await decide(reconciler, 'kms:Decrypt', via(service), 'provisioner'), service).toBe('allowed')
    expectThat(
      await decide(
        reconciler,
        'kms:CreateGrant',
        { ...via(service), 'kms:GrantIsForAWSResource': 'true' },
        'provisioner',
      ),
      service,
    ).toBe('allowed')
    expectThat(
      await decide(
        reconciler,
        'kms:CreateGrant',
        { ...via(service), 'kms:GrantIsForAWSResource': 'false' },
        'provisioner',
      ),
      service,
    ).toBe('refused')
  }
  expect(await decide(reconciler, 'kms:Decrypt', { 'kms:CallerAccount': account }, 'provisioner')).toBe('refused')
  expect(await decide(reconciler, 'kms:Decrypt', via('s3'), 'provisioner')).toBe('refused')
  expect(await decide(reconciler, 'kms:DisableKey', {}, 'provisioner')).toBe('allowed')
})

test("[CRY-3] nobody of another account is admitted to a project's key for anything", async () => {
  const stranger = 'arn:aws:iam::222222222222:role/Anybody'
  for (const action of ['kms:Decrypt', 'kms:DescribeKey', 'kms:PutKeyPolicy', 'kms:CreateGrant'])
    expectThat(await decide(stranger, action, via('workspaces'), 'provisioner'), action).toBe('refused')
})
