import { Duration, type Stack } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { Function } from 'aws-cdk-lib/aws-lambda'
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { consume, parameterNames } from './parameters.ts'

/** When an alarm goes off, and what it says. */
export interface AlarmCondition {
  /** The number that is watched, with its period and statistic. */
  readonly metric: IMetric
  /** In the metric's own unit. */
  readonly threshold: number
  /** What happened and what to do: the message that an operator gets (LOG-4). */
  readonly description: string
  /** How the number relates to the threshold when something is wrong. @default at or above it */
  readonly comparison?: ComparisonOperator
  /** What a period without a measurement counts as. @default nothing is wrong */
  readonly missing?: TreatMissingData
  /** Whether the operator also hears that it is over. @default false */
  readonly announcesEnd?: boolean
}

const minute = Duration.minutes(1)

/**
 * What an operator must hear of (LOG-4). A construct that knows a number raises the alarm on it, as a child of its own;
 * every alarm of the platform is made by `raise` and goes to the alarm topic.
 */
export class Alarms {
  /** Where alarms go; detection rules name it as their target too. */
  readonly topic: ITopic
  private readonly action: SnsAction

  constructor(topic: ITopic) {
    this.topic = topic
    this.action = new SnsAction(topic)
  }

  /** The alarms of a stack other than `foundation`, which publishes the topic. Once a stack. */
  static of(stack: Stack, environment: string): Alarms {
    const topicArn = consume(stack, environment, parameterNames.alarmTopicArn())
    return new Alarms(Topic.fromTopicArn(stack, 'AlarmTopic', topicArn))
  }

  /** Makes the alarm `id` of `scope`: one period that meets the condition is enough. */
  raise(scope: Construct, id: string, condition: AlarmCondition): void {
    const alarm = new Alarm(scope, id, {
      metric: condition.metric,
      threshold: condition.threshold,
      evaluationPeriods: 1,
      comparisonOperator: condition.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: condition.missing ?? TreatMissingData.NOT_BREACHING,
      alarmDescription: condition.description,
    })
    alarm.addAlarmAction(this.action)
    if (condition.announcesEnd) alarm.addOkAction(this.action)
  }

  /** A function that failed, or was refused because its concurrency is used up. `name` is what the message calls it. */
  watchFunction(target: Function, name: string): void {
    this.raise(target, 'Errors', {
      metric: target.metricErrors({ period: minute, statistic: 'Sum' }),
      threshold: 1,
      description: `The ${name} function failed; its log says why`,
    })
    this.raise(target, 'Throttles', {
      metric: target.metricThrottles({ period: minute, statistic: 'Sum' }),
      threshold: 1,
      description: `The ${name} function was throttled: its concurrency limit is reached`,
    })
  }

  /** A queue in which anything at all means that something failed for good; `name` is what the message calls it. */
  watchDeadLetters(queue: Queue, name: string): void {
    this.raise(queue, 'Waiting', {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
      threshold: 1,
      description: `Messages that failed for good wait in ${name}; find the cause, then redrive`,
    })
  }

  /** A queue whose oldest message has waited for `limit` or longer. */
  watchAge(queue: Queue, limit: Duration, description: string): void {
    this.raise(queue, 'Age', {
      metric: queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: 'Maximum' }),
      threshold: limit.toSeconds(),
      description,
    })
  }
}
