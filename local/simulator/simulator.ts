import { HttpResponse } from '@smithy/core/protocols'
import { randomUUID } from 'node:crypto'
import { VirtualClock } from './clock.ts'
import { readQuery } from './codec/ec2.ts'
import { bodyText, failure, nameOf, protocolOf, success } from './codec/envelope.ts'
import { readJson } from './codec/json.ts'
import { requireMembers } from './codec/members.ts'
import { parseBody, readRest, Router } from './codec/rest.ts'
import type { WireRequest, WireResponse } from './codec/wire.ts'
import { LostAnswer, notModelled, ServiceError } from './errors.ts'
import type { FaultRates, PlannedFault } from './faults.ts'
import type { Lags, Latencies } from './latencies.ts'
import type { Operation, Rate, Service } from './operation.ts'
import type { ServiceId } from './service-id.ts'
import { seedWorld, type Seed } from './seed.ts'
import { connectClient } from './services/ec2/client-vpn.ts'
import { carries, membersOf, open, type Attempt } from './services/firewall/flows.ts'
import { services } from './services/index.ts'
import { snapshotOf, type Snapshot } from './snapshot.ts'
import { Throttle } from './throttle.ts'
import { World } from './world.ts'

/** How many calls a service admits: in one bucket for all its operations, or in one for each. */
export interface RateLimit extends Rate {
  readonly per: 'service' | 'operation'
}

/**
 * WorkSpaces: 2 requests a second, 5 in a burst, shared by all calls (WorkSpaces API: request throttling). Services
 * without an entry are not throttled but by fault.
 */
const defaultRates: Partial<Record<ServiceId, RateLimit>> = {
  workspaces: { per: 'service', refill: 2, burst: 5 },
  ec2: { per: 'operation', refill: 10, burst: 50 },
}

export interface SimulatorOptions {
  /** of ids and faults (default 1) */
  readonly seed?: number
  readonly clock?: VirtualClock
  readonly faults?: FaultRates
  readonly latencies?: Partial<Latencies>
  readonly lags?: Partial<Lags>
  /** by service; `false` lifts all limits */
  readonly rates?: Partial<Record<ServiceId, RateLimit>> | false
  readonly account?: string
  readonly region?: string
}

/** One call as the simulator saw it, for tests that look at what was asked and in which order. */
export interface Call {
  readonly at: number
  readonly service: ServiceId | undefined
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** `ok`, or the error's code; `lost` where the effect happened and no answer came */
  readonly outcome: string
}

/** What the SDK's clients take as `requestHandler`. */
export interface RequestHandler {
  handle(request: SdkRequest): Promise<{ response: HttpResponse }>
  destroy(): void
  updateHttpClientConfig(): void
  httpHandlerConfigs(): Record<string, never>
}

interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface Found {
  readonly service: Service
  readonly operation: Operation
  readonly read: () => Record<string, unknown>
}

const keptCalls = 20_000

/** One account's region of what the emulator lacks, answered to real SDK clients. See `docs/simulator.md`. */
export class Simulator {
  readonly clock: VirtualClock
  readonly world: World
  /** the last 20,000 calls */
  readonly calls: Call[] = []
  readonly #throttle: Throttle
  readonly #rates: Partial<Record<ServiceId, RateLimit>>
  readonly #operations = new Map<string, { readonly service: Service; readonly operation: Operation }>()
  readonly #routers: readonly { readonly service: Service; readonly router: Router }[]

  constructor(options: SimulatorOptions = {}) {
    this.clock = options.clock ?? new VirtualClock()
    this.world = new World({
      seed: options.seed ?? 1,
      account: options.account ?? '000000000000',
      region: options.region ?? 'ap-northeast-1',
      clock: this.clock,
      faults: options.faults ?? {},
      latencies: options.latencies ?? {},
      lags: options.lags ?? {},
    })
    this.#throttle = new Throttle(this.clock)
    this.#rates = options.rates === false ? {} : { ...defaultRates, ...options.rates }
    for (const service of services) {
      for (const operation of service.operations)
        this.#operations.set(`${service.protocol === 'ec2-query' ? 'ec2' : service.target}.${operation.name}`, {
          service,
          operation,
        })
    }
    this.#routers = services
      .filter((service) => service.protocol === 'rest-json')
      .map((service) => ({ service, router: new Router(service.operations) }))
  }

  /** Puts what exists before into the world. */
  seed(seed: Seed): this {
    seedWorld(this.world, seed)
    return this
  }

  /** Lets virtual time pass. */
  advance(ms: number): void {
    this.clock.advance(ms)
  }

  /** Plans one fault; see `PlannedFault`. */
  fault(fault: PlannedFault): this {
    this.world.faults.plan(fault)
    return this
  }

  /** What exists now. */
  snapshot(): Snapshot {
    this.clock.settle()
    return snapshotOf(this.world)
  }

  /** A TCP connection from an interface, as packets would find it: an open flow, or the reason why not. */
  connect(interfaceId: string, destination: string, port: number): Attempt {
    this.clock.settle()
    return open(this.world, interfaceId, destination, port)
  }

  /** Whether an open flow still carries packets. */
  carries(flowId: string): boolean {
    this.clock.settle()
    return carries(this.world, flowId)
  }

  /** Ids of the interfaces in a tag-based resource group, such as a database's granted set. */
  membersOf(group: string): string[] {
    return membersOf(this.world, group).map((each) => each.NetworkInterfaceId)
  }

  /** A terminal connects to a Client VPN endpoint; answers the connection's id. */
  connectClient(connection: Parameters<typeof connectClient>[1]): string {
    return connectClient(this.world, connection)
  }

  /** The in-process transport. */
  requestHandler(): RequestHandler {
    return {
      handle: async (request) => {
        const answer = this.answer({
          method: request.method,
          path: request.path,
          query: Object.fromEntries(
            Object.entries(request.query ?? {}).flatMap(([name, value]) =>
              value === null || value === undefined ? [] : [[name, value as string | string[]]],
            ),
          ),
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
          body: bodyText(request.body),
        })
        return {
          response: new HttpResponse({
            statusCode: answer.status,
            headers: answer.headers,
            body: Buffer.from(answer.body),
          }),
        }
      },
      destroy: () => {},
      updateHttpClientConfig: () => {},
      httpHandlerConfigs: () => ({}),
    }
  }

  /**
   * Options for an SDK client that talks to this simulator in the same process. Requests are not signed, which is most
   * of a call's time; `maxAttempts` 1, because the SDK waits in real time between attempts.
   */
  clientOptions() {
    return {
      region: this.world.region,
      credentials: { accessKeyId: 'simulator', secretAccessKey: 'simulator' },
      requestHandler: this.requestHandler(),
      signer: { sign: async <T>(request: T) => request },
      maxAttempts: 1,
    }
  }

  /** Answers one request. Throws `LostAnswer` where no answer arrives. */
  answer(request: WireRequest): WireResponse {
    this.clock.advance(this.world.latencies.call)
    this.world.beginCall()
    const requestId = randomUUID()
    let found: Found | undefined
    let input: Record<string, unknown> = {}
    let outcome = 'ok'
    try {
      found = this.#find(request)
      input = found.read()
      this.#refuseEarly(found, input)
      this.#check(found, input)
      const output = this.#run(found, input)
      return success(found.service, found.operation, output, requestId)
    } catch (error) {
      if (error instanceof LostAnswer) {
        outcome = 'lost'
        throw error
      }
      if (!(error instanceof ServiceError)) throw error
      outcome = error.code
      return failure(found?.service.protocol ?? protocolOf(request), error, requestId)
    } finally {
      if (this.calls.length >= keptCalls) this.calls.splice(0, keptCalls / 2)
      this.calls.push({
        at: this.clock.now(),
        service: found?.service.id,
        operation: found?.operation.name ?? nameOf(request),
        input,
        outcome,
      })
    }
  }

  #find(request: WireRequest): Found {
    const target = request.headers['x-amz-target']
    if (target !== undefined) {
      const found = this.#operations.get(target)
      if (!found) throw new ServiceError('UnknownOperationException', `The simulator does not implement ${target}.`)
      return {
        ...found,
        read: () => readJson(found.operation.input, parseBody(request.body)) as Record<string, unknown>,
      }
    }
    if (protocolOf(request) === 'ec2-query') {
      const form = new URLSearchParams(request.body)
      const action = form.get('Action') ?? ''
      const found = this.#operations.get(`ec2.${action}`)
      if (!found) throw new ServiceError('InvalidAction', `The action ${action} is not valid for this web service.`)
      return { ...found, read: () => readQuery(found.operation.input, form) as Record<string, unknown> }
    }
    for (const { service, router } of this.#routers) {
      const route = router.find(request.method, request.path)
      if (route)
        return { service, operation: route.operation, read: () => readRest(route.operation, route.labels, request) }
    }
    throw new ServiceError(
      'UnknownOperationException',
      `The simulator does not implement ${request.method} ${request.path}.`,
      404,
    )
  }

  /** Throttling and server errors: nothing happens. */
  #refuseEarly({ service, operation }: Found, input: object): void {
    const throttled = new ServiceError(service.throttleCode, 'Rate exceeded', service.throttleStatus)
    const rate = this.#rates[service.id]
    if (rate && !this.#throttle.admits(rate.per === 'service' ? service.id : `${service.id}.${operation.name}`, rate))
      throw throttled
    const { faults } = this.world
    if (faults.strikes('throttle', operation.name, input)) throw throttled
    if (faults.strikes('serverError', operation.name, input))
      throw new ServiceError(service.faultCode, 'An internal error has occurred.', 500)
  }

  /** Required members must be there, and only members that are modelled. */
  #check({ service, operation }: Found, input: Record<string, unknown>): void {
    requireMembers(
      operation.input,
      input,
      service.protocol === 'ec2-query' ? 'MissingParameter' : 'ValidationException',
    )
    for (const name of Object.keys(input)) {
      if (!operation.accepts.has(name)) throw notModelled(`${operation.name}.${name}`)
    }
  }

  #run({ operation }: Found, input: Record<string, unknown>): object {
    const { faults } = this.world
    if (faults.strikes('lostRequest', operation.name, input)) throw new LostAnswer()
    const refused = faults.strikes('refuse', operation.name, input)
    if (refused)
      throw new ServiceError(
        refused.error?.code ?? 'AccessDeniedException',
        refused.error?.message ?? 'refused by a planned fault',
        refused.error?.status,
      )
    const output = operation.run(input as never, this.world)
    if (faults.strikes('lostAnswer', operation.name, input)) throw new LostAnswer()
    return output
  }
}
