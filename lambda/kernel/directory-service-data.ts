import { HttpRequest, type HttpHandler } from '@smithy/core/protocols'
import { Hash } from '@smithy/core/serde'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider, Provider } from '@smithy/types'

/**
 * AWS Directory Service Data (REST-JSON, API version 2023-05-31), the operations the platform uses.
 * Its SDK package is not in the registry; shapes follow the service's published API model.
 */

export interface DirectoryUser {
  /** at most 20 characters of `[\w.-]` */
  readonly SAMAccountName: string
  readonly Enabled?: boolean
  readonly SID?: string
  readonly GivenName?: string
  readonly Surname?: string
}
/** A value of an LDAP attribute; exactly one member is set. */
type AttributeValue = { S: string } | { N: number } | { BOOL: boolean } | { SS: string[] }

interface InDirectory {
  readonly DirectoryId: string
}
interface OfUser extends InDirectory {
  readonly SAMAccountName: string
  readonly ClientToken?: string
}
export interface UserAttributes extends OfUser {
  readonly GivenName?: string
  readonly Surname?: string
  readonly OtherAttributes?: Readonly<Record<string, AttributeValue>>
}
export interface DescribedUser extends DirectoryUser {
  readonly DirectoryId?: string
  readonly DistinguishedName?: string
  readonly UserPrincipalName?: string
  readonly OtherAttributes?: Readonly<Record<string, AttributeValue>>
}

export interface DirectoryServiceDataConfig {
  readonly region: string | Provider<string>
  readonly credentials: AwsCredentialIdentity | AwsCredentialIdentityProvider
  /** default: `AWS_ENDPOINT_URL_DIRECTORY_SERVICE_DATA`, then `AWS_ENDPOINT_URL`, then AWS itself */
  readonly endpoint?: string
  readonly requestHandler?: HttpHandler
  /** how often a throttled or unanswered call is tried; default 3 */
  readonly maxAttempts?: number
}

/** The error AWS answered; `name` is its shape name (`ConflictException`, `ResourceNotFoundException`, …). */
export class DirectoryServiceDataException extends Error {
  readonly $metadata: { readonly httpStatusCode: number }
  constructor(name: string, message: string, httpStatusCode: number) {
    super(message)
    this.name = name
    this.$metadata = { httpStatusCode }
  }
}

const pause = (milliseconds: number) =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
const transient = (error: unknown) =>
  !(error instanceof DirectoryServiceDataException) ||
  error.name === 'ThrottlingException' ||
  error.$metadata.httpStatusCode >= 500

export class DirectoryServiceDataClient {
  readonly #config: DirectoryServiceDataConfig
  readonly #handler: HttpHandler | NodeHttpHandler
  readonly #signer: SignatureV4

  constructor(config: DirectoryServiceDataConfig) {
    this.#config = config
    this.#handler = config.requestHandler ?? new NodeHttpHandler({ connectionTimeout: 3_000, requestTimeout: 10_000 })
    this.#signer = new SignatureV4({
      service: 'ds-data',
      region: config.region,
      credentials: config.credentials,
      sha256: Hash.bind(null, 'sha256'),
    })
  }

  /** Creates a user, disabled until `ds:ResetUserPassword` sets a password. `ConflictException`: the name is taken. */
  createUser(input: UserAttributes): Promise<{ SAMAccountName?: string; SID?: string }> {
    return this.#call('CreateUser', input)
  }
  /** `ResourceNotFoundException` where there is no such user. */
  describeUser(input: OfUser & { readonly OtherAttributes?: readonly string[] }): Promise<DescribedUser> {
    return this.#call('DescribeUser', input)
  }
  /** One page, at most 250 users. */
  listUsers(
    input: InDirectory & { readonly MaxResults?: number; readonly NextToken?: string },
  ): Promise<{ Users?: DirectoryUser[]; NextToken?: string }> {
    return this.#call('ListUsers', input)
  }

  updateUser(input: UserAttributes & { readonly UpdateType?: 'ADD' | 'REPLACE' | 'REMOVE' }): Promise<object> {
    return this.#call('UpdateUser', input)
  }
  /** Disables; the way back is `ds:ResetUserPassword`. */
  disableUser(input: OfUser): Promise<object> {
    return this.#call('DisableUser', input)
  }
  deleteUser(input: OfUser): Promise<object> {
    return this.#call('DeleteUser', input)
  }

  async #call<Output>(operation: string, input: InDirectory): Promise<Output> {
    const attempts = this.#config.maxAttempts ?? 3
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once<Output>(operation, input)
      } catch (error) {
        if (attempt >= attempts || !transient(error)) throw error
        await pause(100 * 2 ** attempt)
      }
    }
  }

  async #once<Output>(operation: string, { DirectoryId, ...body }: InDirectory): Promise<Output> {
    const endpoint = new URL(await this.#endpoint())
    const request = new HttpRequest({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      port: endpoint.port === '' ? undefined : Number(endpoint.port),
      path: `${endpoint.pathname.replace(/\/$/, '')}/Users/${operation}`,
      query: { DirectoryId },
      headers: { host: endpoint.host, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const signed = await this.#signer.sign(request)
    const { response } = await this.#handler.handle(new HttpRequest(signed))
    const text = await readAll(response.body)
    if (response.statusCode < 300) return (text === '' ? {} : JSON.parse(text)) as Output
    throw toException(response.statusCode, response.headers, text)
  }

  async #endpoint(): Promise<string> {
    const { endpoint, region } = this.#config
    const configured =
      endpoint ?? process.env['AWS_ENDPOINT_URL_DIRECTORY_SERVICE_DATA'] ?? process.env['AWS_ENDPOINT_URL']
    return configured ?? `https://ds-data.${typeof region === 'string' ? region : await region()}.amazonaws.com`
  }
}

async function readAll(body: unknown): Promise<string> {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8')
  const parts: Buffer[] = []
  for await (const part of body as AsyncIterable<Uint8Array | string>) parts.push(Buffer.from(part as Uint8Array))
  return Buffer.concat(parts).toString('utf8')
}

/**
 * REST-JSON names an error in `x-amzn-errortype`, or in the body's `__type` or `code`; a namespace or address may
 * surround it.
 */
function toException(status: number, headers: Record<string, string>, text: string): DirectoryServiceDataException {
  let body: Record<string, unknown> = {}
  try {
    body = JSON.parse(text) as Record<string, unknown>
  } catch {
    body = {}
  }
  const named = String(headers['x-amzn-errortype'] ?? body['__type'] ?? body['code'] ?? 'UnknownError')
  const name = named.split(':')[0]?.split('#').at(-1) ?? named
  return new DirectoryServiceDataException(name, String(body['Message'] ?? body['message'] ?? text), status)
}
