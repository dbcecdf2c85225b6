import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildSync } from 'esbuild'

const root = join(import.meta.dirname, '..', '..')
const outdir = join(root, '.renkei', 'functions')
let bundled = false

/**
 * Bundles every `lambda/<use-case>/index.ts` in one esbuild pass, once a process, and gives the folder of one of them.
 * The AWS SDK is bundled too: the function runs the version that was tested, not the one the runtime carries.
 */
export function functionCode(useCase: string): string {
  if (!bundled) {
    const sources = join(root, 'lambda')
    const useCases = readdirSync(sources).filter((folder) => existsSync(join(sources, folder, 'index.ts')))
    mkdirSync(outdir, { recursive: true })
    buildSync({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(useCases.map((folder) => [join(folder, 'index'), join(sources, folder, 'index.ts')])),
      outdir,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      minifySyntax: true,
      mainFields: ['module', 'main'],
      loader: { '.cedar': 'text', '.cedarschema': 'text', '.wasm': 'binary' },
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    })
    bundled = true
  }
  return join(outdir, useCase)
}
