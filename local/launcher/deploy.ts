import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { tail } from '#scripts/tools/console.ts'
import { root, stateDirectory } from '#scripts/tools/folders.ts'
import { run } from '#scripts/tools/run.ts'

/**
 * The stacks the emulator can hold. The network plane cannot be emulated; it is proved instead
 * (docs/architecture.md, Planes).
 */
export const CONTROL_PLANE = ['archive', 'foundation', 'control'] as const

export const assemblyDirectory = join(stateDirectory, 'assembly')

/** Synthesizes an environment as the CDK CLI would, and gives the folder of the cloud assembly. */
export async function synthesize(environment: string, outdir = assemblyDirectory): Promise<string> {
  rmSync(outdir, { recursive: true, force: true })
  // Validation is the judge's, a moment later.
  const outcome = await run(process.execPath, [join(root, 'bin', 'renkei.ts')], {
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ env: environment }),
      CDK_VALIDATION: 'false',
    },
  })
  if (outcome.code !== 0) throw new Error(`synthesis of ${environment} failed\n${tail(outcome.output)}`)
  return outdir
}

/** Judges an environment as `npm run check` does; an open finding stops the start before anything is deployed. */
export async function judge(environment: string): Promise<void> {
  const outcome = await run(process.execPath, [join(root, 'scripts', 'check.ts'), '--env', environment])
  if (outcome.code !== 0)
    throw new Error(`npm run check -- --env ${environment} finds something open\n${tail(outcome.output, 40)}`)
}

/** Runs the ordinary CDK CLI on the synthesized assembly. */
async function cdk(args: readonly string[], progress: (detail: string) => void): Promise<string> {
  const outcome = await run(
    join(root, 'node_modules', '.bin', 'cdk'),
    [...args, '--app', assemblyDirectory, '--no-notices', '--ci'],
    { onLine: progress },
  )
  if (outcome.code !== 0) throw new Error(`cdk ${args[0]} failed\n${tail(outcome.output, 25)}`)
  return outcome.output
}

export const bootstrap = (account: string, region: string, progress: (detail: string) => void) =>
  cdk(['bootstrap', `aws://${account}/${region}`], progress)

/** Deploys the control plane, each stack by itself: what they share are SSM parameters, and the order is theirs. */
export const deployControlPlane = (environment: string, progress: (detail: string) => void) =>
  cdk(
    [
      'deploy',
      ...CONTROL_PLANE.map((stack) => `Renkei-${environment}/${stack}`),
      '--exclusively',
      '--require-approval',
      'never',
      '--progress',
      'events',
      '--output',
      stateDirectory,
    ],
    progress,
  )
