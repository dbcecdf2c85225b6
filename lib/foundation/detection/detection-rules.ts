import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { CfnRule } from 'aws-cdk-lib/aws-events'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import type { Alarms } from '#lib/kernel/alarms.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { FailureQueue } from '#lib/kernel/failure-queue.ts'
import {
  type DetectionRule,
  type FilterRule,
  loadRules,
  type PatternRule,
  substitute,
  type Substitutions,
} from './rules.ts'

/** What the rules are given. */
export interface DetectionRulesProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Where every rule reports. */
  readonly alarms: Alarms
  /** Encrypts what could not be delivered. */
  readonly key: IKey
  /** Where the multi-region trail writes. */
  readonly trailLog: ILogGroup
  /** The `_workspacesMembers` group of every cell. */
  readonly membersGroups: readonly string[]
}

/** A pattern may have 2,048 characters (EventBridge quota); this many group ids stay well below. */
const groupsPerRule = 24

/** What every message says of its rule, so that whoever gets it knows what to do and by when (LOG-4). */
const instructions = ({ id, title, severity, owner, runbook, ackWithin }: DetectionRule) => ({
  rule: id,
  title: title.en,
  severity,
  owner,
  runbook,
  ackWithin,
})

/**
 * The rules of `policies/foundation/detection/`, deployed: rules of EventBridge, or metric filters with alarms (LOG-4).
 */
export class DetectionRules extends Construct {
  constructor(scope: Construct, id: string, props: DetectionRulesProps) {
    super(scope, id)
    const undelivered = this.undelivered(props)
    for (const rule of loadRules()) {
      if ('pattern' in rule) this.onEvent(rule, props, undelivered)
      else this.onTrailRecord(rule, props)
    }
  }

  private onEvent(rule: PatternRule, props: DetectionRulesProps, undelivered: FailureQueue): void {
    const { config } = props
    const environment: Substitutions = {
      environment: config.environment,
      account: config.accounts.workload,
      ledgerTable: ledgerTablePrefix(config),
    }
    const perCell = JSON.stringify(rule.pattern).includes('${membersGroups}')
    for (const [index, membersGroups] of (perCell ? chunks(props.membersGroups, groupsPerRule) : [[]]).entries()) {
      new CfnRule(this, index === 0 ? rule.id : `${rule.id}-${index + 1}`, {
        description: `${rule.severity}: ${rule.title.en}. ${rule.runbook}`,
        eventPattern: substitute(rule.pattern, { ...environment, membersGroups }),
        state: 'ENABLED',
        targets: [
          {
            id: 'alarms',
            arn: props.alarms.topic.topicArn,
            deadLetterConfig: { arn: undelivered.queueArn },
            retryPolicy: { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 },
            inputTransformer: {
              inputTemplate: `${JSON.stringify(instructions(rule)).slice(0, -1)},"event":<aws.events.event.json>}`,
            },
          },
        ],
      })
    }
  }

  private onTrailRecord(rule: FilterRule, { trailLog, alarms }: DetectionRulesProps): void {
    const filter = new MetricFilter(this, rule.id, {
      logGroup: trailLog,
      filterPattern: FilterPattern.literal(rule.filter),
      metricNamespace: 'Renkei/Detection',
      metricName: rule.id,
      metricValue: '1',
    })
    alarms.raise(this, `${rule.id}-alarm`, {
      description: JSON.stringify(instructions(rule)),
      metric: filter.metric({ statistic: 'Sum', period: Duration.minutes(5) }),
      threshold: rule.threshold,
    })
  }

  /** A detection that does not reach the topic waits here, and its waiting is itself an alarm. */
  private undelivered({ config, key, alarms }: DetectionRulesProps): FailureQueue {
    const queue = new FailureQueue(this, 'Undelivered', { key, removalPolicy: RemovalPolicy.RETAIN })
    queue.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DetectionsThatFailed',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': config.accounts.workload },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }),
          },
        },
      }),
    )
    alarms.raise(queue, 'Waiting', {
      description:
        'A detection did not reach the alarm topic; read it in the queue, see docs/runbooks/security-finding.md',
      metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: 1,
    })
    return queue
  }
}

/** The ledger table has no physical name; CloudFormation begins it with stack and construct, and cuts neither. */
export const ledgerTablePrefix = ({ environment, region, accounts }: Config) =>
  `arn:aws:dynamodb:${region}:${accounts.workload}:table/Renkei-${environment}-control-LedgerTable`

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
