import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { spawn, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')
/** What a fresh clone does not have. */
const MADE_LATER = new Set(['.git', '.renkei', 'node_modules', 'cdk.out', 'reports'])

/** A copy of the checkout in which nothing has been run yet; its packages are those of this one. */
export function freshCheckout(): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'renkei-checkout-'))
  for (const entry of readdirSync(root))
    if (!MADE_LATER.has(entry)) cpSync(join(root, entry), join(directory, entry), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }) }
}

/** A program that runs: what it printed so far, and how it ends. */
export interface Running {
  readonly child: ChildProcess
  output(): string
  readonly ended: Promise<number | null>
}

/** Starts a program; standard output and error together. */
export function start(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Running {
  let text = ''
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += chunk
    })
  return {
    child,
    output: () => text,
    ended: new Promise((resolve, reject) => {
      child.on('error', reject).on('close', resolve)
    }),
  }
}

/** The one form of a refusal: what, why, next, no stack trace. */
export const REFUSAL = /✗ .+\n {2}why: {2}.+[\s\S]*\n {2}next: .+/
