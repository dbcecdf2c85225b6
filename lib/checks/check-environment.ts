import { App } from 'aws-cdk-lib'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../config/load.ts'
import { Platform } from '../platform.ts'
import { readAssembly } from './assembly.ts'
import { addRuntimeStack } from './runtime.ts'
import { reachVerdict, type Verdict } from './verdict.ts'

/**
 * Synthesizes `config/<name>.yaml` into `.renkei/check/<name>` and judges it.
 * @throws ConfigRefused, CallerMistake
 */
export async function checkEnvironment(root: string, name: string, now: Date): Promise<Verdict> {
  const config = loadConfig(join(root, 'config', `${name}.yaml`), now)
  const outdir = join(root, '.renkei', 'check', name)
  rmSync(outdir, { recursive: true, force: true })
  // The same validation runs as a check, where its findings are data and meet the acknowledgements.
  process.env['CDK_VALIDATION'] = 'false'
  const app = new App({ outdir, analyticsReporting: false })
  const platform = new Platform(app, `Renkei-${config.environment}`, { config })
  addRuntimeStack(platform, config, `${outdir}.runtime`)
  app.synth()
  return reachVerdict({ config, app, assembly: readAssembly(app), root }, now)
}
