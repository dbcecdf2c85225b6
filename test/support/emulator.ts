import type { LedgerPort } from '#lambda/ledger/ledger.ts'
import { ledgerPort } from '#lambda/ledger/sources.ts'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { CONTROL_PLANE } from '#local/launcher/deploy.ts'
import { emulatorEndpoint, startEmulator as startEmulatorIn, type Emulator } from '#local/launcher/emulator.ts'
import { localEnvironment, useLocalAws } from '#local/launcher/environment.ts'
import { freePort } from '#scripts/tools/free-port.ts'
import { preparePython } from '#scripts/tools/python.ts'
import { demoAssembly } from './assembly.ts'

const root = join(import.meta.dirname, '..', '..')
const REGION = 'ap-northeast-1'

export type { Emulator } from '#local/launcher/emulator.ts'

/** Starts an emulator of this test file alone, empty, and points every SDK client of this process at it. */
export async function startEmulator(): Promise<Emulator> {
  await preparePython(() => {})
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'renkei-emulator-'))
  const environment = localEnvironment({ emulator: emulatorEndpoint(port) }, REGION)
  useLocalAws(environment)
  const emulator = await startEmulatorIn({ port, region: REGION, folder, environment })
  return {
    ...emulator,
    async stop() {
      await emulator.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Deploys the control plane with the ordinary CDK CLI. */
export function deployControlPlane(): void {
  const cdk = (...args: string[]) => {
    const run = spawnSync(join(root, 'node_modules', '.bin', 'cdk'), [...args, '--no-notices', '--ci'], {
      encoding: 'utf8',
      env: process.env,
    })
    if (run.status !== 0) throw new Error(`cdk ${args[0]} failed\n${run.stdout}\n${run.stderr}`)
  }
  const app = join(demoAssembly().directory, '..')
  const output = mkdtempSync(join(tmpdir(), 'renkei-cdk-'))
  cdk('bootstrap', `aws://000000000000/${REGION}`, '--app', app, '--output', output)
  cdk(
    'deploy',
    ...CONTROL_PLANE.map((stack) => `Renkei-demo/${stack}`),
    '--exclusively',
    '--require-approval',
    'never',
    '--app',
    app,
    '--output',
    output,
  )
  rmSync(output, { recursive: true, force: true })
}

/** Tables, key, bucket and queues as the control stack makes them, for handlers that run in this process. */
export async function makeLedger(): Promise<LedgerPort> {
  const dynamoDb = new DynamoDBClient({})
  const table = async (name: string, hash: string, range: string, type: 'N' | 'S') => {
    await dynamoDb.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: hash, AttributeType: 'S' },
          { AttributeName: range, AttributeType: type },
        ],
        KeySchema: [
          { AttributeName: hash, KeyType: 'HASH' },
          { AttributeName: range, KeyType: 'RANGE' },
        ],
      }),
    )
  }
  await table('ledger', 'stream', 'sequence', 'N')
  await table('view', 'view', 'id', 'S')
  await table('requests', 'actor', 'key', 'S')
  const { KeyMetadata } = await new KMSClient({}).send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' }),
  )
  await new S3Client({}).send(
    new CreateBucketCommand({ Bucket: 'archive', CreateBucketConfiguration: { LocationConstraint: REGION } }),
  )
  const queue = async (name: string) =>
    (
      await new SQSClient({}).send(
        new CreateQueueCommand({ QueueName: `${name}.fifo`, Attributes: { FifoQueue: 'true' } }),
      )
    ).QueueUrl
  Object.assign(process.env, {
    RENKEI_ENVIRONMENT: 'demo',
    LEDGER_TABLE: 'ledger',
    REQUEST_TABLE: 'requests',
    VIEW_TABLE: 'view',
    RECEIPT_KEY_ID: KeyMetadata?.Arn,
    ARCHIVE_BUCKET: 'archive',
    RECONCILE_QUEUE_URL: await queue('reconcile'),
    SUSPEND_QUEUE_URL: await queue('suspend'),
  })
  return ledgerPort()
}
