import { ArnFormat, Stack } from 'aws-cdk-lib'
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Topic } from 'aws-cdk-lib/aws-sns'
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'

/** What the topic is given. */
export interface AlarmTopicProps {
  /** The parsed configuration: who is told. */
  readonly config: Config
  /** The key for alarms; its policy lets EventBridge and CloudWatch use it. */
  readonly key: IKey
}

/**
 * Where every alarm and detection goes (LOG-4): encrypted, TLS only (CRY-2), written by this account's EventBridge
 * rules and alarms alone.
 */
export class AlarmTopic extends Construct {
  /** The topic itself; its ARN is published. */
  readonly topic: Topic

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id)
    const { workload } = props.config.accounts
    this.topic = new Topic(this, 'Resource', {
      displayName: `Renkei ${props.config.environment}`,
      masterKey: props.key,
      enforceSSL: true,
    })
    const from = (sid: string, service: string, source: string) =>
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          sid,
          principals: [new ServicePrincipal(service)],
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': workload }, ArnLike: { 'aws:SourceArn': source } },
        }),
      )
    const stack = Stack.of(this)
    from(
      'Detections',
      'events.amazonaws.com',
      stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }),
    )
    from(
      'Alarms',
      'cloudwatch.amazonaws.com',
      stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: '*',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    )
    this.topic.addSubscription(new EmailSubscription(props.config.alarmEmail))
  }
}
