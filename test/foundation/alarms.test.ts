import assert from 'node:assert/strict'
import { test } from '@jest/globals'
import { demoAssembly, resourcesOf } from '../support/assembly.ts'
import { expectThat } from '../support/expect.ts'

/**
 * Metrics of AWS services that we alarm on, as their guides document them: an alarm on any other name would never fire,
 * and look well.
 */
const documented: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda Errors': ['FunctionName'],
  'AWS/Lambda Throttles': ['FunctionName'],
  'AWS/Lambda IteratorAge': ['FunctionName'],
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
  'AWS/SQS ApproximateAgeOfOldestMessage': ['QueueName'],
  'AWS/Firehose DeliveryToS3.DataFreshness': ['DeliveryStreamName'],
  'AWS/S3 OperationsFailedReplication': ['DestinationBucket', 'RuleId', 'SourceBucket'],
  'AWS/VPN TunnelState': ['VpnId'],
  'AWS/TransitGateway PacketDropCountBlackhole': ['TransitGateway'],
}

test("[LOG-4] every alarm is on a metric that exists: a service's as documented, or a filter's of its stack", () => {
  for (const stack of demoAssembly().stacks) {
    const template = demoAssembly().template(stack)
    const filtered = new Map(
      resourcesOf(template, 'AWS::Logs::MetricFilter').flatMap(([id, { Properties }]) =>
        Properties['MetricTransformations'].map((metric: any) => [
          `${metric.MetricNamespace} ${metric.MetricName}`,
          id,
        ]),
      ),
    )
    const used = new Set<string>()
    for (const [id, { Properties }] of resourcesOf(template, 'AWS::CloudWatch::Alarm')) {
      const name = `${Properties['Namespace']} ${Properties['MetricName']}`
      const dimensions = (Properties['Dimensions'] ?? []).map(({ Name }: { Name: string }) => Name).sort()
      used.add(name)
      if (filtered.has(name)) expectThat(dimensions, `${stack} ${id}: a filter's metric has no dimension`).toEqual([])
      else expectThat(dimensions, `${stack} ${id}: ${name}`).toEqual(documented[name])
      assert.ok(
        ['Sum', 'Maximum', 'Minimum'].includes(Properties['Statistic']),
        `${stack} ${id}: an average hides a single event`,
      )
      expectThat(Properties['ActionsEnabled'], `${stack} ${id}`).not.toBe(false)
    }
    for (const [name, id] of filtered)
      assert.ok(used.has(name as string), `${stack} ${id}: counted, and no alarm looks`)
  }
})

test('[LOG-4] every rule of EventBridge has a target, is on and can match: its sources and its names agree', () => {
  const rules = demoAssembly().stacks.flatMap((stack) =>
    resourcesOf(demoAssembly().template(stack), 'AWS::Events::Rule'),
  )
  assert.ok(rules.length > 10)
  for (const [id, { Properties }] of rules) {
    expectThat(Properties['State'], id).toBe('ENABLED')
    assert.ok(Properties['Targets'].length > 0, id)
    const { source = [], detail } = Properties['EventPattern'] ?? {}
    // What EventBridge calls a service is not always what CloudTrail calls it; where both are asked for, they must be
    // the same service.
    for (const service of detail?.eventSource ?? [])
      assert.ok(
        source.some((one: string) => one.replace('aws.', '') === service.replace('.amazonaws.com', '')),
        `${id}: ${source} and ${service}`,
      )
  }
})
