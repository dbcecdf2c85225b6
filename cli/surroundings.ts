import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig, type Config } from '../lib/config/load.ts'
import { Mistake } from './output.ts'

const root = join(import.meta.dirname, '..')

/** Options that every command takes. */
export interface CommonOptions {
  readonly env: string
  readonly json: boolean
}

/** The configuration of the environment named on the command line. */
export function configOf({ env }: Pick<CommonOptions, 'env'>): Config {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(env)) throw new Mistake(`--env ${JSON.stringify(env)}`, 'it names a file of config/', 'letters, digits and hyphens, e.g. --env demo')
  return loadConfig(join(root, 'config', `${env}.yaml`), new Date())
}

/** The local AWS that `npm start` runs, where one is running. */
interface LocalAws {
  readonly pid: number
  readonly environment: Readonly<Record<string, string>>
}

function runningLocalAws(): LocalAws | undefined {
  const file = join(root, '.renkei', 'local', 'running.json')
  if (!existsSync(file)) return undefined
  const local = JSON.parse(readFileSync(file, 'utf8')) as LocalAws
  try {
    process.kill(local.pid, 0)
    return local
  } catch {
    return undefined
  }
}

/**
 * Chooses the AWS that is spoken to: for `demo` the local one while it runs; else whatever the SDK's own settings name.
 * Gives the words in which answers name it.
 */
export function useAws({ env }: Pick<CommonOptions, 'env'>): string {
  const local = env === 'demo' ? runningLocalAws() : undefined
  if (local) {
    Object.assign(process.env, local.environment)
    return 'the local AWS of this checkout'
  }
  const credentials = process.env.AWS_ACCESS_KEY_ID ?? process.env.AWS_PROFILE ?? process.env.AWS_WEB_IDENTITY_TOKEN_FILE ?? process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI
  if (credentials) return `AWS ${process.env.AWS_PROFILE ?? ''}`.trim()
  throw new Mistake('no AWS to ask', env === 'demo' ? 'the local AWS is not running and no credentials are set' : 'no credentials are set', env === 'demo' ? 'npm start in another window, or set AWS_PROFILE' : 'set AWS_PROFILE, e.g. after aws sso login')
}
