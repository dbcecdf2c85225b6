import { endpointVariables } from '../simulator/serve.ts'

/** Where the services answer. Everything else in the project knows endpoints only as environment variables. */
export interface Endpoints {
  /** the emulator: every service that the simulator does not answer for */
  readonly emulator: string
  /** the simulator: what the emulator lacks */
  readonly simulator?: string
}

/** The emulator's KMS encrypts what the emulator keeps; the simulator's stands in tests that have no emulator. */
const OF_THE_EMULATOR: readonly string[] = ['AWS_ENDPOINT_URL_KMS']

/** The variables with which the AWS SDK and the CDK CLI speak to the local AWS instead of a real one. */
export function localEnvironment({ emulator, simulator }: Endpoints, region: string): Record<string, string> {
  const simulated = simulator === undefined ? [] : endpointVariables.filter((name) => !OF_THE_EMULATOR.includes(name))
  return {
    AWS_ENDPOINT_URL: emulator,
    ...Object.fromEntries(simulated.map((name) => [name, simulator!])),
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  }
}

/** What is on this machine is asked directly, whatever proxy the shell names. */
const DIRECT = ['127.0.0.1', 'localhost']

/**
 * The environment of a shell with `local` in it, and without what could lead an AWS client elsewhere: any other `AWS_*`
 * variable (a profile, a session token, an endpoint of one service, which counts more than that of all), and a proxy
 * for addresses of this machine. Both spellings of `NO_PROXY`: the CDK CLI and Python read the small one first.
 */
export function withLocalAws(shell: NodeJS.ProcessEnv, local: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(shell).filter(([name]) => !name.startsWith('AWS_'))
  const direct = (name: string) =>
    [...new Set([...(shell[name] ?? '').split(','), ...DIRECT])].filter(Boolean).join(',')
  return { ...Object.fromEntries(kept), NO_PROXY: direct('NO_PROXY'), no_proxy: direct('no_proxy'), ...local }
}

/** From now on this process, and every one it starts, speaks to the local AWS alone. */
export function useLocalAws(local: Readonly<Record<string, string>>): void {
  const next = withLocalAws(process.env, local)
  for (const name of Object.keys(process.env)) if (!(name in next)) delete process.env[name]
  Object.assign(process.env, next)
}
