import { Tags } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'

/**
 * The names by which the workload account knows the archive of the log account. They are agreed, not published: an SSM
 * parameter does not cross accounts, and the archive must exist before anything that writes to it.
 */
export const archiveBucketName = (config: Config, region: string = config.region) =>
  `renkei-${config.environment}-archive-${config.accounts.log}-${region}`

/** The ARN of the archive, or with `region` of its replica. */
export const archiveBucketArn = (config: Config, region: string = config.region) =>
  `arn:aws:s3:::${archiveBucketName(config, region)}`

/** The alias of the archive's key, the same in both regions. */
export const archiveKeyAlias = (config: Config) => `alias/renkei-${config.environment}-archive`

/**
 * A cross-account user gives CloudTrail and S3 replication this ARN, and names the key in its policy by
 * `kms:ResourceAliases`.
 */
export const archiveKeyAliasArn = (config: Config, region: string = config.region) =>
  `arn:aws:kms:${region}:${config.accounts.log}:${archiveKeyAlias(config)}`

/** The trail has a physical name because the archive's policies, in another account, admit exactly this one trail. */
export const trailName = (config: Config) => `renkei-${config.environment}`
/** The one trail that the archive's policies admit. */
export const trailArn = (config: Config) =>
  `arn:aws:cloudtrail:${config.region}:${config.accounts.workload}:trail/${trailName(config)}`

/** What AWS services deliver themselves; everything else comes from a role with a duty. */
export const deliveryPrefix = {
  trail: 'cloudtrail',
  /** VPC flow logs, firewall logs and resolver query logs: `arn:aws:s3:::<archive>/network/` as destination. */
  network: 'network',
} as const

/** The roles of the workload account that write to the archive: each one prefix, and no other. */
export const archiveWriters = {
  ledger: { duty: 'archive-ledger', prefix: 'ledger/', replicates: false },
  config: { duty: 'archive-config', prefix: 'config/', replicates: true },
  access: { duty: 'archive-access', prefix: 'access/', replicates: true },
  logs: { duty: 'archive-logs', prefix: 'logs/', replicates: false },
} as const

type ArchiveWriter = keyof typeof archiveWriters

/** The prefix under which a bucket's server access logs must stand in the access bucket, or they are refused there. */
export const accessLogPrefix = (bucket: string) => `${archiveWriters.access.prefix}${bucket}/`

/**
 * A role's duty, a principal tag. The archive's policies and the service control policies admit roles by it, because
 * no role of the platform has a physical name. `policies/foundation/scp/identity.json` lets only deployments set it.
 */
export const dutyTag = 'renkei:duty'

/** The role (or a function, whose role it reaches) that may change what was provisioned for projects. */
export const provisionerDuty = 'provisioner'

/** Every duty that a role of the platform can have. */
export type Duty = typeof provisionerDuty | (typeof archiveWriters)[ArchiveWriter]['duty']

/** Gives a role, or the function that holds it, its duty. */
export function assignDuty(scope: IConstruct, duty: Duty): void {
  Tags.of(scope).add(dutyTag, duty)
}
