import type { Construct } from 'constructs'
import { StringListParameter, StringParameter } from 'aws-cdk-lib/aws-ssm'
import { parameterPath } from '#domain/kernel/parameter-names.ts'

export { parameterNames, parameterPath, type KeyPurpose } from '#domain/kernel/parameter-names.ts'

/** Publishes one value of this stack under its agreed name. */
export function publish(scope: Construct, environment: string, name: string, value: string): void {
  new StringParameter(scope, `Parameter-${name.replaceAll('/', '-')}`, {
    parameterName: parameterPath(environment, name),
    stringValue: value,
  })
}

/** Publishes a list, joined with commas. */
export function publishList(scope: Construct, environment: string, name: string, values: string[]): void {
  new StringListParameter(scope, `Parameter-${name.replaceAll('/', '-')}`, {
    parameterName: parameterPath(environment, name),
    stringListValue: values,
  })
}

/** The value another stack published, resolved by CloudFormation at deploy time. */
export function consume(scope: Construct, environment: string, name: string): string {
  return StringParameter.valueForStringParameter(scope, parameterPath(environment, name))
}
