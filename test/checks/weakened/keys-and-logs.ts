import { change, resource, type Weakening } from './weakening.ts'

/** Keys, and the logs that are encrypted under them. */
export const keysAndLogs: readonly Weakening[] = [
  {
    name: 'a key is not rotated',
    requirement: 'CRY-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_3_key_rotated',
    weaken: change('AWS::KMS::Key', (key) => {
      key['EnableKeyRotation'] = false
    }),
  },
  {
    name: 'a key policy has a wildcard principal',
    requirement: 'CRY-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_3_no_key_for_everyone',
    weaken: change('AWS::KMS::Key', ({ KeyPolicy }) => {
      KeyPolicy.Statement.push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' })
    }),
  },
  {
    name: 'a key goes with its stack',
    requirement: 'C-11',
    stack: 'foundation',
    check: 'guard',
    rule: 'C_11_key_outlives_stack',
    weaken: (template) => {
      resource(template, 'AWS::KMS::Key').DeletionPolicy = 'Delete'
    },
  },
  {
    name: 'a key is gone at once',
    requirement: 'CRY-3',
    stack: 'foundation',
    check: 'guard',
    rule: 'CRY_3_key_waits_before_deletion',
    weaken: change('AWS::KMS::Key', (key) => {
      key['PendingWindowInDays'] = 1
    }),
  },
  {
    name: "a function's calls are not traced",
    requirement: 'LOG-1',
    stack: 'control',
    check: 'guard',
    rule: 'LOG_1_function_traced',
    weaken: change('AWS::Lambda::Function', (properties) => {
      delete properties['TracingConfig']
    }),
  },
  {
    name: 'receipts are signed with RSA-2048',
    requirement: 'CRY-1',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_1_strong_key_spec',
    weaken: change(
      'AWS::KMS::Key',
      (key) => {
        key['KeySpec'] = 'RSA_2048'
      },
      (key) => key['KeySpec'] === 'ECC_NIST_P384',
    ),
  },
  {
    name: 'a log group has no retention',
    requirement: 'LOG-3',
    stack: 'hub',
    check: 'guard',
    rule: 'LOG_3_log_group_kept_a_year',
    weaken: change('AWS::Logs::LogGroup', (group) => {
      delete group['RetentionInDays']
    }),
  },
  {
    name: 'a log group is kept half a year',
    requirement: 'LOG-3',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'LOG_3_log_group_kept_a_year',
    weaken: change('AWS::Logs::LogGroup', (group) => {
      group['RetentionInDays'] = 180
    }),
  },
  {
    name: "a log group's key is dropped",
    requirement: 'CRY-3',
    stack: 'control',
    check: 'guard',
    rule: 'CRY_3_log_group_under_our_key',
    weaken: change('AWS::Logs::LogGroup', (group) => {
      delete group['KmsKeyId']
    }),
  },
  {
    name: 'a changed trail file would not be found',
    requirement: 'LOG-3',
    stack: 'detection',
    check: 'guard',
    rule: 'LOG_3_trail_validated',
    weaken: change('AWS::CloudTrail::Trail', (trail) => {
      trail['EnableLogFileValidation'] = false
    }),
  },
  {
    name: 'the trail is switched off',
    requirement: 'LOG-1',
    stack: 'detection',
    check: 'guard',
    rule: 'LOG_1_trail_records_everything',
    weaken: change('AWS::CloudTrail::Trail', (trail) => {
      trail['IsLogging'] = false
    }),
  },
  {
    name: "the trail is under AWS's key",
    requirement: 'CRY-3',
    stack: 'detection',
    check: 'guard',
    rule: 'CRY_3_trail_under_our_key',
    weaken: change('AWS::CloudTrail::Trail', (trail) => {
      delete trail['KMSKeyId']
    }),
  },
  {
    name: 'calls of the API are not logged',
    requirement: 'LOG-1',
    stack: 'control',
    check: 'guard',
    rule: 'LOG_1_api_access_logged',
    weaken: change('AWS::ApiGateway::Stage', (stage) => {
      delete stage['AccessLogSetting']
    }),
  },
  {
    name: 'bodies of calls of the API reach a log',
    requirement: 'LOG-2',
    stack: 'control',
    check: 'guard',
    rule: 'LOG_2_api_bodies_not_logged',
    weaken: change('AWS::ApiGateway::Stage', (stage) => {
      stage['MethodSettings'] = [{ HttpMethod: '*', ResourcePath: '/*', DataTraceEnabled: true }]
    }),
  },
]
