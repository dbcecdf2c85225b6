import { Key, type IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { consume, parameterNames, type KeyPurpose } from './parameters.ts'

/** The platform's key of one purpose (CRY-3), as the stack `foundation` publishes it. Once a scope and purpose. */
export function platformKey(scope: Construct, environment: string, purpose: KeyPurpose): IKey {
  return Key.fromKeyArn(scope, `Key-${purpose}`, consume(scope, environment, parameterNames.keyArn(purpose)))
}
