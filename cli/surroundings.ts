import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { loadConfig, type Config } from '#lib/kernel/config/load.ts'
import { stateDirectory } from '#scripts/tools/folders.ts'
import { movedDate } from '#scripts/tools/platform-clock.ts'
import type { CommonOptions } from './command.ts'
import { quoted } from './output.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const root = join(import.meta.dirname, '..')

/** The configuration of the environment named on the command line. */
export function configOf({ env }: Pick<CommonOptions, 'env'>): Config {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(env))
    throw new Obstacle({
      code: 'cli.no-environment',
      what: `--env ${quoted(env)} names no environment`,
      why: 'an environment is a file of config/: letters, digits and hyphens',
      next: 'e.g. --env demo',
    })
  return loadConfig(join(root, 'config', `${env}.yaml`), new Date())
}

/** The local AWS that `npm start` runs, where one is running. */
interface LocalAws {
  readonly pid: number
  readonly environment: Readonly<Record<string, string>>
}

function runningLocalAws(): LocalAws | undefined {
  const file = join(stateDirectory, 'running.json')
  try {
    const local = JSON.parse(readFileSync(file, 'utf8')) as LocalAws
    process.kill(local.pid, 0)
    return local
  } catch {
    return undefined
  }
}

/** The day that the local AWS believes it is, where the demonstration moved its clock. */
export const dateOfLocalAws = ({ env }: Pick<CommonOptions, 'env'>): string | undefined =>
  env === 'demo' && runningLocalAws() ? movedDate(new Date()) : undefined

/** Where the SDK finds who it speaks for: the environment, or the files that `aws configure` writes. */
function credentials(): string | undefined {
  const {
    AWS_PROFILE,
    AWS_ACCESS_KEY_ID,
    AWS_WEB_IDENTITY_TOKEN_FILE,
    AWS_CONTAINER_CREDENTIALS_FULL_URI,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI,
  } = process.env
  if (AWS_PROFILE) return `AWS ${AWS_PROFILE}`
  if (
    AWS_ACCESS_KEY_ID ??
    AWS_WEB_IDENTITY_TOKEN_FILE ??
    AWS_CONTAINER_CREDENTIALS_FULL_URI ??
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  )
    return 'AWS'
  const files = [
    process.env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), '.aws', 'credentials'),
    process.env.AWS_CONFIG_FILE ?? join(homedir(), '.aws', 'config'),
  ]
  return files.some((file) => existsSync(file)) ? 'AWS default' : undefined
}

/**
 * Chooses the AWS that is spoken to: for `demo` the local one while it runs; else whatever the SDK's own settings name.
 * Gives the words in which answers name it.
 */
export function useAws({ env }: Pick<CommonOptions, 'env'>): string {
  const local = env === 'demo' ? runningLocalAws() : undefined
  if (local) {
    // whatever the shell says of AWS, a profile or the endpoint of one service, would outrank the local one or end the
    // command
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
    Object.assign(process.env, local.environment)
    return 'the local AWS of this checkout'
  }
  // the platform's region is the configuration's, whatever a profile says
  process.env.AWS_REGION = configOf({ env }).region
  const found = credentials()
  if (found) return found
  throw new Obstacle({
    code: 'cli.no-aws',
    what: 'no AWS to ask',
    why: env === 'demo' ? 'the local AWS is not running and no credentials are set' : 'no credentials are set',
    next:
      env === 'demo' ? 'npm start in another window, or set AWS_PROFILE' : 'set AWS_PROFILE, e.g. after aws sso login',
  })
}
