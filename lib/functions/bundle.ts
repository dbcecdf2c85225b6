import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { CEDAR_BINARY, cedarBinaryPath, compiledPolicies } from './cedar.ts'

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
    const { metafile } = buildSync({
      absWorkingDir: root,
      entryPoints: Object.fromEntries(useCases.map((folder) => [join(folder, 'index'), join(sources, folder, 'index.ts')])),
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
      if (Object.keys(inputs).some((input) => input.includes('@cedar-policy/cedar-wasm'))) copyFileSync(cedarBinaryPath(), join(root, dirname(output), CEDAR_BINARY))
    }
    bundled = true
  }
  return join(outdir, useCase)
}
