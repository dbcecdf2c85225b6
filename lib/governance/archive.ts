import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Config } from '../config/load.ts'

/** The locked bucket in the log account; named by rule, since its account may be another (docs: archive stack). */
export function archiveBucketName(config: Pick<Config, 'environment' | 'accounts' | 'region'>): string {
  return `renkei-${config.environment}-archive-${config.accounts.log}-${config.region}`
}

/** May add objects below `prefix` of the archive; may neither read, nor list, nor delete, nor touch its lock. */
export function grantArchiveWrite(stack: Stack, grantee: IGrantable, config: Pick<Config, 'environment' | 'accounts' | 'region'>, prefix: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['s3:PutObject'],
    resources: [`arn:${stack.partition}:s3:::${archiveBucketName(config)}/${prefix}/*`],
  }))
  // The key lives in the log account and its id is not known here; its alias is (kms:ResourceAliases).
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({
    actions: ['kms:GenerateDataKey'],
    resources: [`arn:${stack.partition}:kms:${config.region}:${config.accounts.log}:key/*`],
    conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/renkei-${config.environment}-archive` } },
  }))
}
