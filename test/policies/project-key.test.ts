import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyPolicy } from '../../domain/provisioning/policies.ts'
import { ask } from '../archive/policy.ts'

const account = '111111111111'
const region = 'ap-northeast-1'
const resource = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`
const operator = `arn:aws:iam::${account}:role/Operator`
const reconciler = `arn:aws:iam::${account}:role/Renkei-production-governance-ReconcileRole`
const via = (service: string) => ({
  'kms:CallerAccount': account,
  'kms:ViaService': `${service}.${region}.amazonaws.com`,
})
const decide = (principal: string, action: string, context: Record<string, string>, duty?: string) =>
  ask(keyPolicy({ account, region }), account, { principal, action, resource, context, duty })

// Everybody who asks here may do everything by their own policies: only the key's policy can refuse.
for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:CreateGrant']) {
  test(`[AUTH-5] an operator who may do everything cannot ${action} with a project's key, through a service either`, async () => {
    for (const context of [
      {},
      via('workspaces'),
      via('elasticfilesystem'),
      via('ec2'),
      via('s3'),
      { ...via('ec2'), 'kms:GrantIsForAWSResource': 'true' },
    ]) {
      assert.equal(
        await decide(operator, action, context as Record<string, string>),
        'refused',
        JSON.stringify(context),
      )
    }
  })
}

test("[CRY-3] the provisioner uses a project's key through the services of desktops and store only, never by calling KMS", async () => {
  for (const service of ['workspaces', 'elasticfilesystem', 'ec2']) {
    assert.equal(await decide(reconciler, 'kms:Decrypt', via(service), 'provisioner'), 'allowed', service)
    assert.equal(
      await decide(
        reconciler,
        'kms:CreateGrant',
        { ...via(service), 'kms:GrantIsForAWSResource': 'true' },
        'provisioner',
      ),
      'allowed',
      service,
    )
    assert.equal(
      await decide(
        reconciler,
        'kms:CreateGrant',
        { ...via(service), 'kms:GrantIsForAWSResource': 'false' },
        'provisioner',
      ),
      'refused',
      service,
    )
  }
  assert.equal(await decide(reconciler, 'kms:Decrypt', { 'kms:CallerAccount': account }, 'provisioner'), 'refused')
  assert.equal(await decide(reconciler, 'kms:Decrypt', via('s3'), 'provisioner'), 'refused')
  assert.equal(await decide(reconciler, 'kms:DisableKey', {}, 'provisioner'), 'allowed')
})

test("[CRY-3] nobody of another account is admitted to a project's key for anything", async () => {
  const stranger = 'arn:aws:iam::222222222222:role/Anybody'
  for (const action of ['kms:Decrypt', 'kms:DescribeKey', 'kms:PutKeyPolicy', 'kms:CreateGrant'])
    assert.equal(await decide(stranger, action, via('workspaces'), 'provisioner'), 'refused', action)
})
