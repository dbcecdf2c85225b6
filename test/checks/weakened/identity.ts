import { add, change, dropTlsStatement, statementsOf, type Weakening } from './weakening.ts'

/** Who may sign in, and what a role, a function, a queue or a topic allows. */
export const identity: readonly Weakening[] = [
  {
    name: 'a second factor is optional',
    requirement: 'AUTH-1',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_1_mfa_required',
    weaken: change('AWS::Cognito::UserPool', (pool) => {
      pool['MfaConfiguration'] = 'OPTIONAL'
    }),
  },
  {
    name: 'the second factor comes by SMS',
    requirement: 'AUTH-1',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_1_mfa_required',
    weaken: change('AWS::Cognito::UserPool', (pool) => {
      pool['EnabledMfas'] = ['SOFTWARE_TOKEN_MFA', 'SMS_MFA']
    }),
  },
  {
    name: 'a password of eight characters will do',
    requirement: 'AUTH-2',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_2_password_rule',
    weaken: change('AWS::Cognito::UserPool', (pool) => {
      pool['Policies'].PasswordPolicy.MinimumLength = 8
    }),
  },
  {
    name: 'anybody can sign up',
    requirement: 'AUTH-3',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_3_no_self_sign_up',
    weaken: change('AWS::Cognito::UserPool', (pool) => {
      pool['AdminCreateUserConfig'].AllowAdminCreateUserOnly = false
    }),
  },
  {
    name: 'one method of the API asks for no token',
    requirement: 'ARC-4',
    stack: 'control',
    check: 'guard',
    rule: 'ARC_4_every_call_authorized',
    weaken: change(
      'AWS::ApiGateway::Method',
      (method) => {
        method['AuthorizationType'] = 'NONE'
      },
      (method) => method['HttpMethod'] === 'POST',
    ),
  },
  {
    name: 'a method of the API asks for a shared key',
    requirement: 'AUTH-3',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_3_no_shared_api_key',
    weaken: change(
      'AWS::ApiGateway::Method',
      (method) => {
        method['ApiKeyRequired'] = true
      },
      (method) => method['HttpMethod'] === 'POST',
    ),
  },
  {
    name: 'the API speaks TLS 1.2',
    requirement: 'CRY-2',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_2_api_tls13',
    weaken: change('AWS::ApiGateway::RestApi', (api) => {
      api['SecurityPolicy'] = 'TLS_1_2'
    }),
  },
  {
    name: 'a role may do everything',
    requirement: 'AUTH-5',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_5_no_action_wildcard',
    weaken: change('AWS::IAM::ManagedPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Action: '*', Resource: '*' })
    }),
  },
  {
    name: 'a role may do everything with S3',
    requirement: 'AUTH-5',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_5_no_action_wildcard',
    weaken: change('AWS::IAM::ManagedPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Action: ['s3:*'], Resource: '*' })
    }),
  },
  {
    name: 'a role carries a policy that allows everything',
    requirement: 'AUTH-5',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_5_no_action_wildcard_inline',
    weaken: change('AWS::IAM::Role', (role) => {
      role['Policies'] = [
        { PolicyName: 'open', PolicyDocument: { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] } },
      ]
    }),
  },
  {
    name: 'anybody may take a role',
    requirement: 'AUTH-5',
    stack: 'control',
    check: 'guard',
    rule: 'AUTH_5_no_role_for_everyone',
    weaken: change('AWS::IAM::Role', (role) => {
      role['AssumeRolePolicyDocument'].Statement.push({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
      })
    }),
  },
  {
    name: 'a function is an administrator',
    requirement: 'AUTH-5',
    stack: 'hub',
    check: 'guard',
    rule: 'AUTH_5_no_administrator',
    weaken: change('AWS::IAM::Role', (role) => {
      role['ManagedPolicyArns'] = [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] },
      ]
    }),
  },
  {
    name: 'an IAM user is added',
    requirement: 'AUTH-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'AUTH_3_no_iam_user',
    weaken: add('AWS::IAM::User'),
  },
  {
    name: 'a function gets an address of its own',
    requirement: 'ARC-4',
    stack: 'control',
    check: 'guard',
    rule: 'ARC_4_no_function_url',
    weaken: add('AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: 'f' }),
  },
  {
    name: 'anybody may call a function',
    requirement: 'ARC-4',
    stack: 'control',
    check: 'guard',
    rule: 'ARC_4_function_not_public',
    weaken: change('AWS::Lambda::Permission', (permission) => {
      permission['Principal'] = '*'
    }),
  },
  {
    name: 'a function runs on a runtime without patches',
    requirement: 'SEC-4',
    stack: 'control',
    check: 'guard',
    rule: 'SEC_4_function_runtime',
    weaken: change('AWS::Lambda::Function', (properties) => {
      properties['Runtime'] = 'nodejs16.x'
    }),
  },
  {
    name: "a queue's key is dropped",
    requirement: 'CRY-3',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_3_queue_under_our_key',
    weaken: change('AWS::SQS::Queue', (queue) => {
      delete queue['KmsMasterKeyId']
    }),
  },
  {
    name: 'a queue answers without TLS',
    requirement: 'CRY-2',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_2_queue_tls_only',
    weaken: dropTlsStatement('AWS::SQS::QueuePolicy'),
  },
  {
    name: "the alarm topic's key is dropped",
    requirement: 'CRY-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_3_topic_under_our_key',
    weaken: change('AWS::SNS::Topic', (topic) => {
      delete topic['KmsMasterKeyId']
    }),
  },
  {
    name: 'the alarm topic answers without TLS',
    requirement: 'CRY-2',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_2_topic_tls_only',
    weaken: dropTlsStatement('AWS::SNS::TopicPolicy'),
  },
]
