import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildSync } from 'esbuild'
import { CEDAR_BINARY, cedarBinaryPath, compiledPolicies } from './cedar.ts'

const root = join(import.meta.dirname, '..', '..')
const bundles = join(root, '.renkei', 'functions')
/**
 * Everything a bundle is made of: the functions, the rules, the policies they carry, the packages, and how it is made.
 */
const INPUTS = [
  'lambda/**/*.ts',
  'domain/**/*.ts',
  'policies/*/*.{cedar,cedarschema}',
  'policies/application/*',
  'lib/kernel/*.ts',
  'package-lock.json',
]
/** Bundles of earlier sources are kept this long, for whoever is still deploying them. */
const KEEP_MS = 86_400_000
let current: string | undefined

/**
 * The folder of one function's bundle. All of `lambda/<context>/<use case>/index.ts` are bundled in one esbuild pass,
 * and again only when their sources change. The AWS SDK is bundled too: the function runs the version that was tested,
 * not the one the runtime carries.
 */
export function functionCode(useCase: string): string {
  current ??= bundleAll()
  return join(current, useCase)
}

function bundleAll(): string {
  const finished = join(bundles, inputsHash())
  if (existsSync(finished)) return finished
  // Made aside and moved into place, so that an interrupted or a second synthesis never sees half a bundle.
  const making = `${finished}.${process.pid}`
  mkdirSync(making, { recursive: true })
  bundleInto(making)
  try {
    renameSync(making, finished)
  } catch (error) {
    if (!existsSync(finished)) throw error
    rmSync(making, { recursive: true })
  }
  dropOld(finished)
  return finished
}

function inputsHash(): string {
  const hash = createHash('sha256')
  for (const file of globSync(INPUTS, { cwd: root }).sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
  return hash.digest('hex').slice(0, 16)
}

function bundleInto(outdir: string): void {
  const entries = globSync('lambda/*/*/index.ts', { cwd: root }).sort()
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      entries.map((entry) => [join(relative('lambda', dirname(entry)), 'index'), join(root, entry)]),
    ),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    mainFields: ['module', 'main'],
    define: { COMPILED_POLICIES: JSON.stringify(compiledPolicies()) },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    if (Object.keys(inputs).some((input) => input.includes('@cedar-policy/cedar-wasm')))
      copyFileSync(cedarBinaryPath(), join(root, dirname(output), CEDAR_BINARY))
  }
}

function dropOld(kept: string): void {
  for (const name of readdirSync(bundles)) {
    const folder = join(bundles, name)
    if (folder !== kept && Date.now() - statSync(folder).mtimeMs > KEEP_MS)
      rmSync(folder, { recursive: true, force: true })
  }
}
