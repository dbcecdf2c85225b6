/** TypeScript and ES modules as CommonJS with source maps, by esbuild. */
const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { transformSync, version } = require('esbuild')

const own = readFileSync(__filename)

module.exports = {
  getCacheKey: (source, path) =>
    createHash('sha256').update(own).update(version).update(path).update(source).digest('hex'),
  process(source, path) {
    const { code } = transformSync(source, {
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      sourcefile: path,
      sourcemap: 'inline',
      sourcesContent: false,
      define: { 'import.meta': 'importMeta' },
      // jest has no dynamic import without a flag: require is as good
      supported: { 'dynamic-import': false },
      banner: `const importMeta = {
        dirname: __dirname,
        filename: __filename,
        main: false,
        get url() { return require('node:url').pathToFileURL(__filename).href },
      };`.replaceAll('\n', ' '),
    })
    return { code }
  },
}
