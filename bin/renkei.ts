#!/usr/bin/env node
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { acknowledgeOnConstructs, loadAcknowledgements } from '#checks/acknowledgements.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { ConfigRefused } from '#lib/kernel/config/problem.ts'
import { Platform } from '#lib/platform.ts'
import { Obstacle, refusalInWords } from '#domain/kernel/obstacle.ts'

/** The CDK app: `cdk deploy -c env=<name> 'Renkei-<name>/*'` reads `config/<name>.yaml`. */
const app = new App()
const name = String(app.node.tryGetContext('env') ?? 'demo')
try {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new Obstacle({
      code: 'app.no-environment',
      what: `-c env=${JSON.stringify(name)} names no environment`,
      why: 'an environment is a file of config/: letters, digits and hyphens',
      next: 'e.g. -c env=demo',
    })
  const config = loadConfig(join(import.meta.dirname, '..', 'config', `${name}.yaml`), new Date())
  new Platform(app, `Renkei-${config.environment}`, { config })
  acknowledgeOnConstructs(
    app,
    loadAcknowledgements(join(import.meta.dirname, '..', 'policies', 'checks', 'acknowledgements.yaml')),
    config,
  )
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigRefused || error instanceof Obstacle)) throw error
  console.error(error instanceof Obstacle ? refusalInWords(error.refusal) : error.message)
  process.exitCode = 2
}
