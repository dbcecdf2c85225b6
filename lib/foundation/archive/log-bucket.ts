import { RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, ObjectOwnership, type BucketProps } from 'aws-cdk-lib/aws-s3'

/**
 * What every bucket of logs is, whatever else it is: versioned, closed to the public and to ACLs, reached by TLS
 * alone, and kept when its stack goes (LOG-3). TLS 1.1 is refused; that 1.2 is not, where CRY-2 asks for 1.3, is an
 * exception that no register records yet. Spread last, so that nothing before it weakens it.
 */
export const LOG_BUCKET = {
  versioned: true,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies BucketProps
