import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Names in package-lock.json every optional platform package that its parents ask for. A registry mirror that holds
 * only some platforms leaves the others out of the lock file, and `npm ci` of npm 11 then refuses the whole file. Run
 * after changing dependencies: `node scripts/run.mjs scripts/complete-lock.ts`.
 */
const file = join(import.meta.dirname, '..', 'package-lock.json')

interface LockedPackage {
  readonly version?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}

/** `<scope>/binding-<os>-<cpu>[-<libc>]`: how the platform packages of the tools we use are named. */
const PLATFORM = /^@[a-z-]+\/binding-(?<os>[a-z0-9]+)-(?<cpu>[a-z0-9]+)(?:-(?<abi>[a-z]+))?$/
const LIBC: Readonly<Record<string, string>> = { gnu: 'glibc', musl: 'musl' }

/** The lock file with what was missing, and the names that were. */
export function complete(lock: { readonly packages: Record<string, LockedPackage> }) {
  const packages = { ...lock.packages }
  const added: string[] = []
  for (const { optionalDependencies = {} } of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const { os, cpu, abi } = PLATFORM.exec(name)?.groups ?? {}
      if (packages[`node_modules/${name}`] || !os || !cpu) continue
      packages[`node_modules/${name}`] = {
        version,
        cpu: [cpu],
        dev: true,
        license: 'MIT',
        optional: true,
        os: [os],
        ...(LIBC[abi ?? ''] ? { libc: [LIBC[abi ?? '']] } : {}),
      }
      added.push(name)
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { lock: { ...lock, packages: sorted }, added }
}

if (process.argv[1] === import.meta.filename) {
  const { lock, added } = complete(JSON.parse(readFileSync(file, 'utf8')))
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(added.length === 0 ? 'package-lock.json is complete' : `added ${added.length}: ${added.join(', ')}`)
}
