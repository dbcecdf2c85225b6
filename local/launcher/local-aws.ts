import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { published } from '#cli/platform-view.ts'
import { archiveBucketName } from '#lib/foundation/archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames } from '#lib/kernel/parameters.ts'
import { serve } from '../simulator/serve.ts'
import { Simulator } from '../simulator/simulator.ts'
import { VirtualClock } from '../simulator/clock.ts'
import { writeWhole } from '#scripts/tools/claim.ts'
import { moveClock } from './clock.ts'
import { secondsSince, step } from '#scripts/tools/console.ts'
import { assemblyDirectory, bootstrap, CONTROL_PLANE, deployControlPlane, judge, synthesize } from './deploy.ts'
import { localEnvironment, startEmulator, type Endpoints } from './emulator.ts'
import { chosenPort, requireFreePort, takeLock } from './lock.ts'
import { standInForNetworkPlane } from './network-plane.ts'
import { preparePython } from '#scripts/tools/python.ts'
import { applyDroppedProperties, verifyDeployment, type Verified } from './repair.ts'
import { stateDirectory } from '#scripts/tools/folders.ts'
import { readStacks } from '#scripts/tools/templates.ts'

/** Virtual seconds that pass in the simulator in one real second: WorkSpaces' 20 minutes take four seconds. */
const TIME_SCALE = 300

/** A running local AWS with the control plane deployed. */
export interface LocalAws {
  readonly config: Config
  readonly endpoints: Endpoints
  readonly simulator: Simulator
  readonly apiUrl: string
  readonly userPool: { readonly id: string; readonly clientId: string }
  readonly archiveBucket: string
  readonly phases: readonly { readonly phase: string; readonly seconds: number }[]
  readonly verified: readonly Verified[]
}

/** Starts emulator and simulator, deploys the control plane with the CDK CLI, repairs and verifies it. */
export async function startLocalAws(config: Config): Promise<LocalAws> {
  const port = chosenPort()
  const endpoints = { emulator: `http://127.0.0.1:${port}`, simulator: `http://127.0.0.1:${port + 1}` }
  const env = localEnvironment(endpoints, config.region)
  const phases: { phase: string; seconds: number }[] = []
  const phase = async <T>(title: string, work: (progress: (detail: string) => void) => Promise<T>): Promise<T> => {
    const started = Date.now()
    const result = await step(title, work)
    phases.push({ phase: title, seconds: secondsSince(started) })
    return result
  }

  await takeLock()
  await requireFreePort(port)
  await requireFreePort(port + 1)
  moveClock(0)
  await phase('Python tools: emulator and cfn-lint in a private virtual environment', preparePython)
  await Promise.all([
    phase('Platform synthesized', () => synthesize('demo')),
    startEmulator(port, endpoints, config.region),
  ])
  await phase('Platform judged (cdk-nag, template validation, cfn-lint, Guard, limits)', () => judge('demo'))
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
  const simulator = new Simulator({ clock: new VirtualClock({ start: Date.now(), scale: TIME_SCALE }) })
  simulator.seed({ keysElsewhere: true, bundles: [{ id: config.desktop.bundleId }] })
  await serve(simulator, port + 1)

  announce(env)

  const stacks = readStacks(assemblyDirectory)
  await phase('Account bootstrapped (cdk bootstrap)', (progress) =>
    bootstrap(config.accounts.workload, config.region, env, progress),
  )
  const parameters = await phase('Network plane stood in for by the simulator, its custom resources run', () =>
    standInForNetworkPlane(stacks, simulator),
  )
  if (parameters === 0) throw new Error('the network plane published no parameter')
  await phase(`Control plane deployed (cdk deploy ${CONTROL_PLANE.join(', ')})`, (progress) =>
    deployControlPlane(config.environment, env, progress),
  )
  const deployed = stacks.filter((stack) => (CONTROL_PLANE as readonly string[]).includes(stack.name))
  const verified = await phase('What the emulator drops from templates applied, posture read back', async () => {
    await applyDroppedProperties(deployed)
    return await verifyDeployment(deployed)
  })
  const value = await published(config.environment)
  return {
    config,
    endpoints,
    simulator,
    phases,
    verified,
    apiUrl: `${endpoints.emulator}/restapis/${value(parameterNames.apiId())}/v1/_user_request_`,
    userPool: { id: value(parameterNames.userPoolId()), clientId: value(parameterNames.userPoolClientId()) },
    archiveBucket: archiveBucketName(config, config.region),
  }
}

/** Tells `renkei` in another window where to find this local AWS, until it stops. */
function announce(env: NodeJS.ProcessEnv): void {
  const file = join(stateDirectory, 'running.json')
  writeWhole(file, JSON.stringify({ pid: process.pid, environment: env }))
  process.on('exit', () => rmSync(file, { force: true }))
}
