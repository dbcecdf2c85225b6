import { Duration } from 'aws-cdk-lib'
import { Alarm, ComparisonOperator, TreatMissingData, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { IQueue } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

export interface AlarmsProps {
  readonly topic: ITopic
}

const minute = Duration.minutes(1)

/** What an operator must hear of; every alarm goes to the alarm topic and says what it means. */
export class Alarms extends Construct {
  private readonly topic: ITopic

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id)
    this.topic = props.topic
  }

  /** Fires when `metric` is at or above `threshold` in one minute. */
  raise(id: string, metric: IMetric, threshold: number, description: string): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    })
    alarm.addAlarmAction(new SnsAction(this.topic))
    return alarm
  }

  forFunction(name: string, target: IFunction): void {
    this.raise(
      `${name}Errors`,
      target.metricErrors({ period: minute, statistic: 'Sum' }),
      1,
      `The ${name} function failed; its log says why`,
    )
    this.raise(
      `${name}Throttles`,
      target.metricThrottles({ period: minute, statistic: 'Sum' }),
      1,
      `The ${name} function was throttled: its concurrency limit is reached`,
    )
  }

  forDeadLetters(name: string, queue: IQueue): void {
    this.raise(
      name,
      queue.metricApproximateNumberOfMessagesVisible({ period: minute, statistic: 'Maximum' }),
      1,
      `Messages that failed for good wait in ${name}; find the cause, then redrive`,
    )
  }

  forAge(name: string, queue: IQueue, seconds: number, description: string): void {
    this.raise(
      name,
      queue.metricApproximateAgeOfOldestMessage({ period: minute, statistic: 'Maximum' }),
      seconds,
      description,
    )
  }
}
