import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { readAssembly } from '#checks/assembly.ts'
import type { Assembly } from '#checks/assembly.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { Platform } from '#lib/platform.ts'

/** The templates of a configuration as they would be deployed now; nothing is left on disk. */
export function synthesized(config: Config): Assembly {
  const parent = join(import.meta.dirname, '..', '.renkei', 'cli')
  mkdirSync(parent, { recursive: true })
  const outdir = mkdtempSync(join(parent, `${config.environment}-`))
  // Validation is for `renkei check`.
  process.env['CDK_VALIDATION'] = 'false'
  try {
    const app = new App({ outdir, analyticsReporting: false })
    new Platform(app, `Renkei-${config.environment}`, { config })
    app.synth()
    return readAssembly(app)
  } finally {
    rmSync(outdir, { recursive: true, force: true })
  }
}
