import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { demoAssembly, productionAssembly, resourcesOf, type Resource, type Template } from '../support/assembly.ts'
import { aggregates } from '#domain/registry.ts'
import { expectThat } from '../support/expect.ts'

const demo = () => demoAssembly().template('control')
const production = () => productionAssembly().template('control')
const both = () => [demo(), production()]
const only = (template: Template, type: string): Resource => {
  const found = resourcesOf(template, type)
  expectThat(found.length, `${type}: ${found.length}`).toBe(1)
  return found[0]![1]
}
const tables = (template: Template) => {
  const all = resourcesOf(template, 'AWS::DynamoDB::Table').map(([, table]) => table)
  const ledger = all.find(({ Properties }) => Properties['StreamSpecification'] !== undefined)
  assert.ok(ledger)
  return { all, ledger }
}

test('[AUTH-3] nobody may write what decides about them', () => {
  for (const template of both()) {
    for (const [, client] of resourcesOf(template, 'AWS::Cognito::UserPoolClient'))
      expect(client.Properties['WriteAttributes']).toEqual(['email'])
  }
  const edge = only(productionAssembly().template('edge'), 'AWS::Cognito::UserPoolClient').Properties
  // The mapping needs the one attribute writable; without this scope no token of the client can write it.
  expect(edge['WriteAttributes']).toEqual(['custom:factors'])
  expect(edge['AllowedOAuthScopes']).toEqual(['openid'])
})

test('[AUTH-4] a forgotten password is not reset by mail or phone, but by an operator who checks who asks', () => {
  for (const template of both()) {
    expect(only(template, 'AWS::Cognito::UserPool').Properties['AccountRecoverySetting'].RecoveryMechanisms).toEqual([
      { Name: 'admin_only', Priority: 1 },
    ])
  }
})

test('[AUTH-1] production has no password of its own: people come from the identity provider only', () => {
  expect(resourcesOf(production(), 'AWS::Cognito::UserPoolClient').length).toBe(0)
  const edge = productionAssembly().template('edge')
  const provider = only(edge, 'AWS::Cognito::UserPoolIdentityProvider').Properties
  expect(provider['ProviderType']).toBe('SAML')
  const client = only(edge, 'AWS::Cognito::UserPoolClient').Properties
  expect(client['SupportedIdentityProviders']).toEqual([provider['ProviderName']])
  expect(client['GenerateSecret']).toBe(false)
  // Only the factors that the provider checked are taken from it; rights are not.
  expect(Object.keys(provider['AttributeMapping'])).toEqual(['custom:factors'])
})

test('[AUTH-3] tokens live 15 minutes and a session at most 12 hours', () => {
  const clients = [
    ...resourcesOf(demo(), 'AWS::Cognito::UserPoolClient'),
    ...resourcesOf(productionAssembly().template('edge'), 'AWS::Cognito::UserPoolClient'),
  ]
  expect(clients.length).toBe(2)
  for (const [, { Properties }] of clients) {
    expect(Properties['TokenValidityUnits']).toEqual({
      AccessToken: 'minutes',
      IdToken: 'minutes',
      RefreshToken: 'minutes',
    })
    assert.ok(
      Properties['IdTokenValidity'] <= 15 &&
        Properties['AccessTokenValidity'] <= 15 &&
        Properties['RefreshTokenValidity'] <= 12 * 60,
    )
    expect(Properties['EnableTokenRevocation']).toBe(true)
    expect(Properties['PreventUserExistenceErrors']).toBe('ENABLED')
  }
})

test('[ARC-4] every method of the API asks for a token of the user pool, and there is no key or open method', () => {
  for (const template of both()) {
    const methods = resourcesOf(template, 'AWS::ApiGateway::Method')
    // commands, the ledger, the document of the API, and of each aggregate one and a list
    expect(methods.length).toBe(3 + 2 * aggregates.filter(({ authorization }) => authorization).length)
    const authorizers = resourcesOf(template, 'AWS::ApiGateway::Authorizer')
    expect(authorizers.length).toBe(1)
    expect(authorizers[0]![1].Properties['Type']).toBe('COGNITO_USER_POOLS')
    for (const [id, { Properties }] of methods) {
      expectThat(Properties['AuthorizationType'], id).toBe('COGNITO_USER_POOLS')
      expectThat(Properties['AuthorizerId'], id).toEqual({ Ref: authorizers[0]![0] })
      assert.ok(Properties['RequestValidatorId'], id)
    }
  }
})

test('[CRY-2] the API refuses a host name other than the one in the TLS handshake', () => {
  for (const template of both())
    expect(only(template, 'AWS::ApiGateway::RestApi').Properties['EndpointAccessMode']).toBe('STRICT')
})

test('[ARC-4] the API and the sign-in pages stand behind a web application firewall that logs without tokens', () => {
  const edge = demoAssembly().template('edge')
  const associations = resourcesOf(edge, 'AWS::WAFv2::WebACLAssociation')
  const targets = JSON.stringify(associations.map(([, { Properties }]) => Properties['ResourceArn']))
  expect(associations.length).toBe(2)
  expect(targets).toMatch(/apigateway:.*\/stages\/v1/)
  expect(targets).toMatch(/:userpool\//)
  expect(only(edge, 'AWS::WAFv2::LoggingConfiguration').Properties['RedactedFields']).toEqual([
    { SingleHeader: { Name: 'authorization' } },
  ])
})

test('[LOG-1] the API logs every access, and its execution, without any body', () => {
  for (const template of both()) {
    const { Properties } = only(template, 'AWS::ApiGateway::Stage')
    assert.ok(Properties['AccessLogSetting'].DestinationArn)
    const format = JSON.parse(Properties['AccessLogSetting'].Format)
    for (const field of ['time', 'requestId', 'actor', 'role', 'sourceIp', 'action', 'object', 'result'])
      assert.ok(field in format, field)
    expect(Properties['MethodSettings'][0].LoggingLevel).toBe('INFO')
    expect(Properties['MethodSettings'][0].DataTraceEnabled).toBe(false)
    expect(Properties['TracingEnabled']).toBe(true)
  }
})

test("[LOG-3] every function and the gateway's executions log into a group that the stack makes", () => {
  for (const template of both()) {
    const functions = resourcesOf(template, 'AWS::Lambda::Function')
    for (const [id, { Properties }] of functions) assert.ok(Properties['LoggingConfig'].LogGroup, id)
    assert.ok(
      resourcesOf(template, 'AWS::Logs::LogGroup').some(([, { Properties }]) =>
        JSON.stringify(Properties['LogGroupName'] ?? '').includes('API-Gateway-Execution-Logs_'),
      ),
    )
  }
})

test('[SEC-5] every table is in the backup, and a replaced one stays', () => {
  for (const template of both()) {
    const { all } = tables(template)
    expect(all.length).toBe(3)
    for (const { Properties, DeletionPolicy, UpdateReplacePolicy } of all) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain'])
      assert.ok(
        Properties['Tags'].some(
          ({ Key, Value }: { Key: string; Value: string }) => Key === 'renkei:backup' && Value === 'true',
        ),
      )
    }
  }
})

test('[CRY-1] receipts are signed with a P-384 key that outlives its stack', () => {
  for (const template of both()) {
    const key = only(template, 'AWS::KMS::Key')
    expect(key.Properties['KeySpec']).toBe('ECC_NIST_P384')
    expect(key.Properties['KeyUsage']).toBe('SIGN_VERIFY')
    expect(key.DeletionPolicy).toBe('Retain')
  }
})

test('[C-5] the projection gets every item, retries, isolates what is bad, and alarms before 60 seconds', () => {
  for (const template of both()) {
    expect(tables(template).ledger.Properties['StreamSpecification'].StreamViewType).toBe('NEW_IMAGE')
    const mapping = resourcesOf(template, 'AWS::Lambda::EventSourceMapping')
      .map(([, one]) => one.Properties)
      .find(({ StartingPosition }) => StartingPosition !== undefined)
    assert.ok(mapping)
    expect(mapping['StartingPosition']).toBe('TRIM_HORIZON')
    expect(mapping['BisectBatchOnFunctionError']).toBe(true)
    expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures'])
    assert.ok(mapping['DestinationConfig'].OnFailure.Destination)
    const lag = resourcesOf(template, 'AWS::CloudWatch::Alarm')
      .map(([, one]) => one.Properties)
      .find(({ MetricName }) => MetricName === 'IteratorAge')
    assert.ok(lag && lag['Threshold'] < 60_000 && lag['Period'] <= 60)
  }
})

test('[C-5] a changed or removed ledger item raises an alarm', () => {
  for (const template of both()) {
    const filter = only(template, 'AWS::Logs::MetricFilter').Properties
    expect(filter['FilterPattern']).toMatch(/LedgerItemRewritten/)
    const { MetricName, MetricNamespace } = filter['MetricTransformations'][0]
    assert.ok(
      resourcesOf(template, 'AWS::CloudWatch::Alarm').some(
        ([, { Properties }]) =>
          Properties['MetricName'] === MetricName &&
          Properties['Namespace'] === MetricNamespace &&
          Properties['Threshold'] === 1,
      ),
    )
  }
})

test('[VIS-7] suspending has its own lane: queue without delay, function, an alarm well before 60 seconds', () => {
  for (const template of both()) {
    const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(([id]) => id.includes('SuspendLane'))
    expect(queues.length).toBe(2)
    for (const [, { Properties }] of queues) {
      expect(Properties['FifoQueue']).toBe(true)
      expect(Properties['DelaySeconds'] ?? 0).toBe(0)
    }
    const suspend = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id.includes('Suspend'))
    assert.ok(
      suspend && suspend[1].Properties['Timeout'] <= 60 && suspend[1].Properties['ReservedConcurrentExecutions'] > 0,
    )
    const age = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(([id]) => id.includes('SuspendLaneQueueAge'))
    assert.ok(age && age[1].Properties['Threshold'] < 60)
  }
})

test('[LOG-4] every alarm reaches the alarm topic and says what it means', () => {
  for (const template of both()) {
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm')
    for (const [id, { Properties }] of alarms) {
      expectThat(Properties['AlarmActions']?.length, id).toBe(1)
      assert.ok(Properties['AlarmDescription']?.length > 20, id)
    }
    const watched = JSON.stringify(alarms.map(([, { Properties }]) => Properties['Dimensions']))
    for (const [id] of resourcesOf(template, 'AWS::Lambda::Function'))
      assert.ok(watched.includes(`"${id}"`), `${id} has no alarm`)
    const deadLetters = resourcesOf(template, 'AWS::SQS::Queue').filter(([id]) => /DeadLetters|Failures/.test(id))
    expect(deadLetters.length).toBe(4)
    for (const [id] of deadLetters) assert.ok(watched.includes(`"${id}"`), `${id} has no alarm`)
  }
})

test('[CRY-2] every queue has a policy of its own', () => {
  for (const template of both())
    expect(resourcesOf(template, 'AWS::SQS::QueuePolicy').length).toBe(resourcesOf(template, 'AWS::SQS::Queue').length)
})

test('[SEC-4] every function runs on Node.js 24 on ARM, and has a bound on its concurrency', () => {
  for (const template of both()) {
    const functions = resourcesOf(template, 'AWS::Lambda::Function')
    expect(functions.length).toBe(6)
    for (const [id, { Properties }] of functions) {
      expectThat(Properties['Runtime'], id).toBe('nodejs24.x')
      expectThat(Properties['Architectures'], id).toEqual(['arm64'])
      assert.ok(Properties['ReservedConcurrentExecutions'] > 0, id)
    }
  }
})
