import { App } from 'aws-cdk-lib'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { Platform } from '#lib/platform.ts'
import { readAssembly } from './assembly.ts'
import { addRuntimeStack } from './runtime.ts'
import { reachVerdict, type Verdict } from './verdict.ts'

/**
 * Synthesizes `config/<name>.yaml` and judges it. The assembly goes to a folder of its own, so that two checks at once
 * do not meet.
 * @throws ConfigRefused, Obstacle
 */
export async function checkEnvironment(root: string, name: string, now: Date): Promise<Verdict> {
  const config = loadConfig(join(root, 'config', `${name}.yaml`), now)
  const parent = join(root, '.renkei', 'check')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, `${name}-`))
  // The same validation runs as a check, where its findings are data and meet the acknowledgements.
  process.env['CDK_VALIDATION'] = 'false'
  try {
    const app = new App({ outdir: join(folder, 'assembly'), analyticsReporting: false })
    const platform = new Platform(app, `Renkei-${config.environment}`, { config })
    addRuntimeStack(platform, config, folder)
    app.synth()
    return await reachVerdict({ config, app, assembly: readAssembly(app), root }, now)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
