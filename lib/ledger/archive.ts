import type { Stack } from 'aws-cdk-lib'
import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { archiveBucketArn, archiveKeyAlias, archiveWriters, assignDuty } from '../foundation/archive/names.ts'
import type { Config } from '../kernel/config/load.ts'

/** Lets a function add to the archive the copies of the ledger; not read, list, delete or touch the lock. */
export function grantLedgerArchive(stack: Stack, writer: IFunction, config: Config): void {
  const { duty, prefix } = archiveWriters.ledger
  if (writer.role !== undefined) assignDuty(writer.role, duty)
  writer.addToRolePolicy(
    new PolicyStatement({
      sid: 'CopyToTheArchive',
      actions: ['s3:PutObject'],
      resources: [`${archiveBucketArn(config)}/${prefix}*`],
    }),
  )
  // The key lives in the log account and its id is not known here; its alias is.
  writer.addToRolePolicy(
    new PolicyStatement({
      sid: 'EncryptForTheArchive',
      actions: ['kms:GenerateDataKey'],
      resources: [`arn:${stack.partition}:kms:${config.region}:${config.accounts.log}:key/*`],
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': archiveKeyAlias(config) } },
    }),
  )
}
