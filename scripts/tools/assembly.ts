import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { claim, releaseClaim } from './claim.ts'
import { cacheDirectory, root } from './folders.ts'
import { readStacks, stageFolder } from './templates.ts'

/** A resource of a synthesized template. */
export interface Resource {
  readonly Type: string
  readonly Properties: Record<string, any>
  readonly DependsOn?: string | string[]
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
  readonly Metadata?: Record<string, unknown>
}

export interface Template {
  readonly Resources: Record<string, Resource>
  readonly Parameters?: Record<string, any>
  readonly Outputs?: Record<string, any>
}

/** A synthesized environment, read from disk. */
export interface Assembly {
  readonly directory: string
  /** stack names without the environment, e.g. `hub`, `link-NDB` */
  readonly stacks: readonly string[]
  template(stack: string): Template
}

/** The inputs whose change makes a synthesized assembly stale. */
function inputsHash(): string {
  const hash = createHash('sha256')
  for (const file of globSync('{bin,lib,domain,lambda,policies,config}/**/*', { cwd: root }).sort()) {
    const path = join(root, file)
    if (statSync(path).isFile()) hash.update(file).update(readFileSync(path))
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

/** Waits until no other process synthesizes the same environment. */
function withLock(directory: string, work: () => void): void {
  const lock = `${directory}.claim`
  const pause = new Int32Array(new SharedArrayBuffer(4))
  while (claim(lock)) Atomics.wait(pause, 0, 0, 100)
  try {
    work()
  } finally {
    releaseClaim(lock)
  }
}

/**
 * Synthesizes an environment as `cdk synth` would, in a child process, unless what is on disk is of the same inputs.
 */
export function synthesize(environment: string): string {
  const directory = join(cacheDirectory, 'assembly', environment)
  mkdirSync(join(directory, '..'), { recursive: true })
  const stamp = `${directory}.hash`
  const fresh = (hash: string) => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
  const hash = inputsHash()
  if (!fresh(hash))
    withLock(directory, () => {
      if (fresh(hash)) return
      rmSync(directory, { recursive: true, force: true })
      const result = spawnSync(process.execPath, ['bin/renkei.ts'], {
        cwd: root,
        encoding: 'utf8',
        env: {
          ...process.env,
          CDK_OUTDIR: directory,
          CDK_CONTEXT_JSON: JSON.stringify({
            ...JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context,
            env: environment,
          }),
        },
      })
      if (result.status !== 0) throw new Error(`synthesis of ${environment} failed:\n${result.stderr}`)
      writeFileSync(stamp, hash)
    })
  return directory
}

function read(environment: string): Assembly {
  const directory = synthesize(environment)
  const templates = new Map(readStacks(directory).map(({ name, template }) => [name, template as Template]))
  return {
    directory: stageFolder(directory),
    stacks: [...templates.keys()],
    template(stack) {
      const template = templates.get(stack)
      if (template === undefined)
        throw new Error(`no stack ${stack} in ${environment}; there are ${[...templates.keys()].join(', ')}`)
      return template
    },
  }
}

const cache = new Map<string, Assembly>()

/** An environment of `config/`, synthesized where that is needed, and read once a process. */
export function assemblyOf(environment: string): Assembly {
  if (!cache.has(environment)) cache.set(environment, read(environment))
  return cache.get(environment)!
}
