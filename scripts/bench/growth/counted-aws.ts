import { createHash } from 'node:crypto'
import { HttpResponse } from '@smithy/core/protocols'
import { dynamoDb, kms, s3, sqs } from '#lambda/kernel/clients.ts'
import { Refused, type Tables } from './tables.ts'

/** What one operation asked of AWS: how many requests, and how many bytes were answered. */
export interface Effort {
  readonly requests: number
  readonly bytes: number
}

/** The settings of the functions that run here; the queues and the bucket take everything. */
const SETTINGS = {
  AWS_REGION: 'ap-northeast-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  RENKEI_ENVIRONMENT: 'bench',
  LEDGER_TABLE: 'ledger',
  VIEW_TABLE: 'view',
  REQUEST_TABLE: 'requests',
  RECEIPT_KEY_ID: 'receipts',
  ARCHIVE_BUCKET: 'archive',
  RECONCILE_QUEUE_URL: 'https://sqs.ap-northeast-1.amazonaws.com/000000000000/reconcile.fifo',
  SUSPEND_QUEUE_URL: 'https://sqs.ap-northeast-1.amazonaws.com/000000000000/suspend.fifo',
}

interface SdkRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Stands before the clients of the functions, answers from memory and counts. */
export class CountedAws {
  #tables: Tables | undefined
  #requests = 0
  #bytes = 0

  /**
   * Runs work with the clients of this process pointed here, and standard output kept for what it returns: the
   * functions write a log record for every call.
   */
  async serve<T>(work: () => Promise<T>): Promise<T> {
    const before = Object.keys(SETTINGS).map((name) => [name, process.env[name]] as const)
    const write = process.stdout.write
    Object.assign(process.env, SETTINGS)
    process.stdout.write = () => true
    const requestHandler = {
      handle: async (request: SdkRequest) => ({ response: this.#answer(request) }),
      destroy: () => {},
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    }
    for (const client of [dynamoDb(), kms(), s3(), sqs()]) Object.assign(client.config, { requestHandler })
    try {
      return await work()
    } finally {
      process.stdout.write = write
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
    }
  }

  /** Runs one operation on the tables of one platform. */
  async count(tables: Tables, operation: () => Promise<void>): Promise<Effort> {
    this.#tables = tables
    ;[this.#requests, this.#bytes] = [0, 0]
    await operation()
    return { requests: this.#requests, bytes: this.#bytes }
  }

  #answer({ headers, body }: SdkRequest): HttpResponse {
    const target = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1] ?? ''
    const [service = '', operation = ''] = target.split('.')
    const { status, text } = this.#said(service.split('_')[0]!, operation, body)
    this.#requests += 1
    this.#bytes += Buffer.byteLength(text)
    return new HttpResponse({
      statusCode: status,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Buffer.from(text),
    })
  }

  #said(service: string, operation: string, body: unknown): { readonly status: number; readonly text: string } {
    try {
      const input: unknown = service === '' ? undefined : JSON.parse(textOf(body))
      if (service === 'DynamoDB') return { status: 200, text: this.#tables!.answer(operation, input as never) }
      if (service === 'TrentService') return { status: 200, text: '{"KeyId":"receipts","Signature":"c2lnbmF0dXJl"}' }
      if (service === 'AmazonSQS') return { status: 200, text: sent(input as { readonly MessageBody: string }) }
      return { status: 200, text: '' }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { status: 400, text: JSON.stringify({ __type: `bench#${error.exception}`, ...error.more }) }
    }
  }
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array)

const sent = ({ MessageBody }: { readonly MessageBody: string }) =>
  JSON.stringify({ MessageId: '1', MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex') })
