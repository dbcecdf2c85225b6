import type { Context } from 'aws-lambda'
import { setting } from '#lambda/kernel/configuration.ts'
import type { Deployment } from './published-platform.ts'

/** The account stands in the function's own ARN: `arn:aws:lambda:<region>:<account>:function:<name>`. */
export function deployment({ invokedFunctionArn }: Pick<Context, 'invokedFunctionArn'>): Deployment {
  const [, , , region = '', account = ''] = invokedFunctionArn.split(':')
  return {
    environment: setting('RENKEI_ENVIRONMENT'),
    account,
    region,
    bundleId: setting('DESKTOP_BUNDLE_ID'),
    rootVolumeGib: Number(setting('DESKTOP_ROOT_GIB')),
    userVolumeGib: Number(setting('DESKTOP_USER_GIB')),
  }
}
