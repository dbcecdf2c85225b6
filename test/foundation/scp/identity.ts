import { account, deployment, role, type RefusedCall } from './call.ts'

/** What `policies/foundation/scp/identity.json` refuses: regions, the organisation, credentials and duties. */
export const identity: readonly RefusedCall[] = [
  {
    requirement: 'ARC-5',
    posture: 'no database outside Japan',
    statement: 'OnlyJapan',
    call: {
      action: 'dynamodb:CreateTable',
      resource: `arn:aws:dynamodb:us-east-1:${account}:table/x`,
      region: 'us-east-1',
    },
  },
  {
    requirement: 'ARC-5',
    posture: 'no bucket outside Japan, by a deployment either',
    statement: 'OnlyJapan',
    call: { action: 's3:CreateBucket', resource: 'arn:aws:s3:::x', region: 'eu-west-1', by: deployment },
  },
  {
    requirement: 'ARC-5',
    posture: 'no region is enabled',
    statement: 'StaysInTheOrganisation',
    call: { action: 'account:EnableRegion' },
  },
  {
    requirement: 'ARC-5',
    posture: 'the account does not leave the organisation',
    statement: 'StaysInTheOrganisation',
    call: { action: 'organizations:LeaveOrganization' },
  },
  {
    requirement: 'AUTH-3',
    posture: 'no user',
    statement: 'NoLongLivedCredentials',
    call: { action: 'iam:CreateUser', resource: `arn:aws:iam::${account}:user/x` },
  },
  {
    requirement: 'AUTH-3',
    posture: 'no access key',
    statement: 'NoLongLivedCredentials',
    call: { action: 'iam:CreateAccessKey', resource: `arn:aws:iam::${account}:user/x` },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot give a role a duty',
    statement: 'OnlyDeploymentsGiveDuties',
    call: { action: 'iam:TagRole', resource: role, context: { 'aws:TagKeys': ['renkei:duty'] } },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot make a role with a duty',
    statement: 'OnlyDeploymentsGiveDuties',
    call: { action: 'iam:CreateRole', resource: role, context: { 'aws:TagKeys': ['Name', 'renkei:duty'] } },
  },
  {
    requirement: 'AUTH-5',
    posture: 'nobody takes a duty by a session tag',
    statement: 'NoDutyBySessionTag',
    call: { action: 'sts:TagSession', resource: role, by: deployment, context: { 'aws:TagKeys': ['renkei:duty'] } },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot become the provisioner by its trust policy',
    statement: 'OnlyDeploymentsChangeDutyRoles',
    call: {
      action: 'iam:UpdateAssumeRolePolicy',
      resource: role,
      context: { 'aws:ResourceTag/renkei:duty': 'provisioner' },
    },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot put their own code into a function, and with it take its duty',
    statement: 'OnlyDeploymentsChangeFunctions',
    call: {
      action: 'lambda:UpdateFunctionCode',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Reconcile1A2B`,
    },
  },
  {
    requirement: 'AUTH-5',
    posture: 'an operator cannot call a function past the queue and the ledger',
    statement: 'OnlyDeploymentsChangeFunctions',
    call: {
      action: 'lambda:InvokeFunction',
      resource: `arn:aws:lambda:ap-northeast-1:${account}:function:Renkei-production-control-Suspend1A2B`,
    },
  },
  {
    requirement: 'AUTH-4',
    posture: "an operator cannot set a person's password",
    statement: 'OnlyTheProvisionerSetsPasswords',
    call: { action: 'ds:ResetUserPassword', resource: `arn:aws:ds:ap-northeast-1:${account}:directory/d-1234567890` },
  },
]
