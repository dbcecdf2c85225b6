import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LostAnswer, ServiceError } from './errors.ts'
import type { PlannedFault } from './faults.ts'
import type { Seed } from './seed.ts'
import type { Simulator } from './simulator.ts'

/** The simulator over HTTP. */
export interface Served {
  readonly port: number
  /** for `AWS_ENDPOINT_URL_<SERVICE>` */
  readonly url: string
  close(): Promise<void>
}

/** Names of the services as in `AWS_ENDPOINT_URL_<SERVICE>`, for a process whose AWS is this simulator. */
export const endpointVariables = [
  'AWS_ENDPOINT_URL_EC2',
  'AWS_ENDPOINT_URL_WORKSPACES',
  'AWS_ENDPOINT_URL_DIRECTORY_SERVICE',
  'AWS_ENDPOINT_URL_DIRECTORY_SERVICE_DATA',
  'AWS_ENDPOINT_URL_NETWORK_FIREWALL',
  'AWS_ENDPOINT_URL_RESOURCE_GROUPS',
  'AWS_ENDPOINT_URL_SERVICE_QUOTAS',
  'AWS_ENDPOINT_URL_EFS',
  'AWS_ENDPOINT_URL_KMS',
] as const

/**
 * Serves `simulator` on 127.0.0.1 (`port` 0: any free one). What is not a call to AWS is under `/_simulator/`:
 * `GET snapshot`, `GET calls`, `GET health`, and with a JSON body `POST seed`, `POST advance {ms}`, `POST fault`,
 * `POST connect {interfaceId, destination, port}`. A lost answer closes the connection.
 */
export async function serve(simulator: Simulator, port = 0): Promise<Served> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await read(incoming)
      const url = new URL(incoming.url ?? '/', 'http://simulator')
      if (url.pathname.startsWith('/_simulator/')) {
        outgoing.setHeader('content-type', 'application/json')
        outgoing.end(
          JSON.stringify(control(simulator, `${incoming.method} ${url.pathname.slice('/_simulator/'.length)}`, body)),
        )
        return
      }
      const query = Object.fromEntries(
        [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]),
      )
      const answer = simulator.answer({
        method: incoming.method ?? 'GET',
        path: url.pathname,
        query,
        headers: incoming.headers as Record<string, string>,
        body,
      })
      outgoing.writeHead(answer.status, answer.headers)
      outgoing.end(answer.body)
    } catch (error) {
      if (error instanceof LostAnswer) {
        incoming.socket.destroy()
        return
      }
      const refused = error instanceof ServiceError || error instanceof SyntaxError
      outgoing.writeHead(refused ? 400 : 500, { 'content-type': 'application/json' })
      outgoing.end(
        JSON.stringify({ __type: 'SimulatorError', message: error instanceof Error ? error.message : String(error) }),
      )
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const bound = (server.address() as AddressInfo).port
  return { port: bound, url: `http://127.0.0.1:${bound}`, close: () => close(server) }
}

function control(simulator: Simulator, what: string, body: string): unknown {
  const given = (): unknown => JSON.parse(body === '' ? '{}' : body)
  switch (what) {
    case 'GET health':
      return { ok: true, now: simulator.world.date().toISOString(), scale: simulator.clock.scale }
    case 'GET snapshot':
      return simulator.snapshot()
    case 'GET calls':
      return simulator.calls
    case 'POST seed':
      simulator.seed(given() as Seed)
      return { ok: true }
    case 'POST advance':
      simulator.advance((given() as { ms: number }).ms)
      return { ok: true, now: simulator.world.date().toISOString() }
    case 'POST fault':
      simulator.fault(given() as PlannedFault)
      return { ok: true }
    case 'POST connect': {
      const { interfaceId, destination, port } = given() as { interfaceId: string; destination: string; port: number }
      return simulator.connect(interfaceId, destination, port)
    }
    default:
      throw new ServiceError(
        'SimulatorError',
        `there is no /_simulator/ ${what}; ` +
          'there are GET health, snapshot, calls and POST seed, advance, fault, connect',
      )
  }
}

async function read(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
