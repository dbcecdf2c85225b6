import { App, Stack } from 'aws-cdk-lib'
import { Topic } from 'aws-cdk-lib/aws-sns'

/** The least that a CDK app is: one stack with one resource. What synthesis is measured against. */
const app = new App()
new Topic(new Stack(app, 'empty'), 'Topic')
app.synth()
