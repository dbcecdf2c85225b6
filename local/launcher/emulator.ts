import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { clockOptions } from './clock.ts'
import { tail } from '#scripts/tools/console.ts'
import { endGroup, noteEmulator } from './lock.ts'
import { pythonProgram } from '#scripts/tools/python.ts'
import { root, stateDirectory } from '#scripts/tools/folders.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** Where the services answer. Everything else in the project knows endpoints only as environment variables. */
export interface Endpoints {
  /** the emulator: every service that is not named below */
  readonly emulator: string
  /** the simulator: what the emulator lacks */
  readonly simulator: string
}

/** The services the simulator answers for, as the AWS SDK names them in `AWS_ENDPOINT_URL_<SERVICE>`. */
const SIMULATED_SERVICES = [
  'WORKSPACES',
  'DIRECTORY_SERVICE',
  'DIRECTORY_SERVICE_DATA',
  'EC2',
  'EFS',
  'NETWORK_FIREWALL',
  'RESOURCE_GROUPS',
  'SERVICE_QUOTAS',
] as const

/** The variables with which the AWS SDK and the CDK CLI speak to the local AWS instead of a real one. */
export function localEnvironment(endpoints: Endpoints, region: string): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: endpoints.emulator,
    ...Object.fromEntries(SIMULATED_SERVICES.map((service) => [`AWS_ENDPOINT_URL_${service}`, endpoints.simulator])),
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  }
}

/** Starts the emulator and waits until it answers. Its state is in memory: every start begins with an empty account. */
export async function startEmulator(port: number, endpoints: Endpoints, region: string): Promise<ChildProcess> {
  const logFile = join(stateDirectory, 'emulator.log')
  const log = openSync(logFile, 'w')
  const scratch = join(stateDirectory, 'emulator')
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch, { recursive: true })
  // its workers are CommonJS; the checkout's own package.json must not make them modules
  writeFileSync(join(scratch, 'package.json'), '{"type":"commonjs"}\n')
  const child = spawn(pythonProgram('ministack'), [], {
    cwd: stateDirectory,
    stdio: ['ignore', log, log],
    // a group of its own: the functions it starts end with it
    detached: true,
    env: {
      ...process.env,
      ...localEnvironment(endpoints, region),
      // functions run on the project's own Node 24 and load the real SDK, not the emulator's stand-ins
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      NODE_PATH: join(root, 'node_modules'),
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      MINISTACK_REGION: region,
      IOT_MTLS_ENABLED: '0',
      // unpacked functions and token keys: nothing of it is left in the machine's temporary folder
      TMPDIR: scratch,
      STATE_DIR: scratch,
      S3_DATA_DIR: scratch,
      ...clockOptions(),
      LOG_LEVEL: 'WARNING',
    },
  })
  let fault = ''
  child.once('error', (error) => {
    fault = error.message
  })
  if (child.pid) {
    const { pid } = child
    process.on('exit', () => {
      endGroup(pid)
      rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
    })
    noteEmulator(pid)
  }
  for (
    let waited = 0;
    waited < 60_000 && child.pid && child.exitCode === null && child.signalCode === null;
    waited += 200
  ) {
    const answer = await fetch(`${endpoints.emulator}/_ministack/health`).catch(() => undefined)
    if (answer?.ok) return child
    await sleep(200)
  }
  throw new Obstacle({
    code: 'launcher.emulator',
    what: 'the emulator did not start',
    why: tail(readFileSync(logFile, 'utf8'), 6) || fault || 'it did not answer within a minute',
    next: `read ${logFile}; if its virtual environment is damaged, delete .renkei and run the command again`,
  })
}
