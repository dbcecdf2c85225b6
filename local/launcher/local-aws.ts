import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { published } from '#cli/platform-view.ts'
import { archiveBucketName } from '#lib/foundation/archive/names.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { writeWhole } from '#scripts/tools/claim.ts'
import { secondsSince, step } from '#scripts/tools/console.ts'
import { stateDirectory } from '#scripts/tools/folders.ts'
import { preparePython } from '#scripts/tools/python.ts'
import { readStacks } from '#scripts/tools/templates.ts'
import { serve } from '../simulator/serve.ts'
import { Simulator } from '../simulator/simulator.ts'
import { VirtualClock } from '../simulator/clock.ts'
import { clockOptions, moveClock } from './clock.ts'
import { assemblyDirectory, bootstrap, CONTROL_PLANE, deployControlPlane, judge, synthesize } from './deploy.ts'
import { forgetPeople } from '#scripts/tools/demonstration-people.ts'
import { emulatorEndpoint, startEmulator } from './emulator.ts'
import { localEnvironment, useLocalAws, type Endpoints } from './environment.ts'
import { chosenPort, noteEmulator, requireFreePort, takeLock } from './lock.ts'
import { simulateNetworkPlane } from './network-plane.ts'
import { applyDroppedProperties, verifyDeployment, type Verified } from './repair.ts'

/** Virtual seconds that pass in the simulator in one real second: WorkSpaces' 20 minutes take four seconds. */
const TIME_SCALE = 300

/** One part of the start, and how long it took. */
interface Phase {
  readonly phase: string
  readonly seconds: number
}

/** A running local AWS with the control plane deployed. */
export interface LocalAws {
  readonly config: Config
  readonly endpoints: Required<Endpoints>
  readonly simulator: Simulator
  readonly apiUrl: string
  readonly userPool: { readonly id: string; readonly clientId: string }
  readonly archiveBucket: string
  readonly phases: readonly Phase[]
  readonly verified: readonly Verified[]
}

/** Starts emulator and simulator, deploys the control plane with the CDK CLI, repairs and verifies it. */
export async function startLocalAws(config: Config): Promise<LocalAws> {
  const port = chosenPort()
  const endpoints = { emulator: emulatorEndpoint(port), simulator: `http://127.0.0.1:${port + 1}` }
  const environment = localEnvironment(endpoints, config.region)
  await takeLock()
  await requireFreePort(port)
  await requireFreePort(port + 1)
  moveClock(0)
  forgetPeople()
  useLocalAws(environment)
  const phases = new Phases()
  await phases.run('Python tools: emulator and cfn-lint in a private virtual environment', preparePython)
  await Promise.all([
    phases.run('Platform synthesized', () => synthesize('demo')),
    startEmulator({
      port,
      region: config.region,
      folder: stateDirectory,
      environment: { ...environment, ...clockOptions() },
      started: noteEmulator,
    }),
  ])
  await phases.run('Platform judged (cdk-nag, template validation, cfn-lint, Guard, limits)', () => judge('demo'))
  const simulator = new Simulator({ clock: new VirtualClock({ start: Date.now(), scale: TIME_SCALE }) })
  simulator.seed({ keysElsewhere: true, bundles: [{ id: config.desktop.bundleId }] })
  await serve(simulator, port + 1)
  announce(environment)
  const verified = await deploy(config, simulator, phases)
  const value = await published(config.environment)
  return {
    config,
    endpoints,
    simulator,
    phases: phases.done,
    verified,
    apiUrl: `${endpoints.emulator}/restapis/${value(parameterNames.apiId())}/v1/_user_request_`,
    userPool: { id: value(parameterNames.userPoolId()), clientId: value(parameterNames.userPoolClientId()) },
    archiveBucket: archiveBucketName(config, config.region),
  }
}

/** Brings up both planes: the network in the simulator, the control plane in the emulator. */
async function deploy(config: Config, simulator: Simulator, phases: Phases): Promise<readonly Verified[]> {
  const stacks = readStacks(assemblyDirectory)
  await phases.run('Account bootstrapped (cdk bootstrap)', (progress) =>
    bootstrap(config.accounts.workload, config.region, progress),
  )
  const parameters = await phases.run('Network plane simulated, its custom resources run', () =>
    simulateNetworkPlane(stacks, simulator),
  )
  if (parameters === 0) throw new Error('the network plane published no parameter')
  await phases.run(`Control plane deployed (cdk deploy ${CONTROL_PLANE.join(', ')})`, (progress) =>
    deployControlPlane(config.environment, progress),
  )
  const deployed = stacks.filter((stack) => (CONTROL_PLANE as readonly string[]).includes(stack.name))
  return await phases.run('What the emulator ignores applied, posture verified', async () => {
    await applyDroppedProperties(deployed)
    return await verifyDeployment(deployed)
  })
}

/** The parts of the start: each is a step on the screen, and a row of the report. */
class Phases {
  readonly done: Phase[] = []

  async run<T>(title: string, work: (progress: (detail: string) => void) => Promise<T>): Promise<T> {
    const started = Date.now()
    const result = await step(title, work)
    this.done.push({ phase: title, seconds: secondsSince(started) })
    return result
  }
}

/** Tells `renkei` in another window where to find this local AWS, until it stops. */
function announce(environment: Readonly<Record<string, string>>): void {
  const file = join(stateDirectory, 'running.json')
  writeWhole(file, JSON.stringify({ pid: process.pid, environment }))
  process.on('exit', () => rmSync(file, { force: true }))
}
