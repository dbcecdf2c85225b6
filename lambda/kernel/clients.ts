import { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { EC2Client } from '@aws-sdk/client-ec2'
import { EFSClient } from '@aws-sdk/client-efs'
import { KMSClient } from '@aws-sdk/client-kms'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { S3Client } from '@aws-sdk/client-s3'
import { SQSClient } from '@aws-sdk/client-sqs'
import { SSMClient } from '@aws-sdk/client-ssm'
import { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import type { HttpHandler } from '@smithy/core/protocols'
import type { AwsCredentialIdentity } from '@smithy/types'
import { DirectoryServiceDataClient } from './directory-service-data.ts'

/**
 * How the clients of one caller are made. Everything left out is the SDK's default: region and credentials of the
 * function, endpoints from `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`.
 */
export interface ClientOptions {
  /** answers requests in the process itself: the simulator in tests */
  readonly requestHandler?: HttpHandler
  readonly region?: string
  readonly credentials?: AwsCredentialIdentity
  /** how often one call is tried; 1 where the caller is itself a loop that converges */
  readonly maxAttempts?: number
}

/** The options a deployed function uses: none. */
const ambient: ClientOptions = {}
const made = new WeakMap<ClientOptions, Map<string, unknown>>()

/** One client per service and options, made at first use: a function that never calls a service never loads it. */
function once<Client>(options: ClientOptions, service: string, make: () => Client): Client {
  const clients = made.get(options) ?? new Map<string, unknown>()
  made.set(options, clients)
  const client = (clients.get(service) as Client | undefined) ?? make()
  clients.set(service, client)
  return client
}

/*
 * Separate functions, not one object: what a function does not name is dropped from its bundle.
 */
export const ec2 = (options = ambient) => once(options, 'ec2', () => new EC2Client({ ...options }))
export const efs = (options = ambient) => once(options, 'efs', () => new EFSClient({ ...options }))
export const kms = (options = ambient) => once(options, 'kms', () => new KMSClient({ ...options }))
export const workSpaces = (options = ambient) => once(options, 'workspaces', () => new WorkSpacesClient({ ...options }))
export const directoryService = (options = ambient) =>
  once(options, 'ds', () => new DirectoryServiceClient({ ...options }))
export const networkFirewall = (options = ambient) =>
  once(options, 'network-firewall', () => new NetworkFirewallClient({ ...options }))
export const dynamoDb = (options = ambient) => once(options, 'dynamodb', () => new DynamoDBClient({ ...options }))
export const s3 = (options = ambient) => once(options, 's3', () => new S3Client({ ...options }))
export const sqs = (options = ambient) => once(options, 'sqs', () => new SQSClient({ ...options }))
export const ssm = (options = ambient) => once(options, 'ssm', () => new SSMClient({ ...options }))

/** Takes region and credentials from an SDK client, so that there is one credential chain. */
export const directoryServiceData = (options = ambient) =>
  once(options, 'ds-data', () => {
    const { region, credentials } = directoryService(options).config
    return new DirectoryServiceDataClient({
      region,
      credentials,
      requestHandler: options.requestHandler,
      maxAttempts: options.maxAttempts,
    })
  })
