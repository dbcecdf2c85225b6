/**
 * Tests are TypeScript, made CommonJS by esbuild: so aws-cdk-lib is loaded lazily, once a worker, and no flag of Node
 * is needed (docs/adr/0022-jest.md). `npm test` prepares what the chosen files need; `node_modules/.bin/jest <file>`
 * works too once that has run.
 */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'mjs', 'js', 'cjs', 'json', 'node'],
  // canonicalize is published for `import` only
  moduleNameMapper: { '^canonicalize$': '<rootDir>/node_modules/canonicalize/lib/canonicalize.js' },
  transform: { '\\.(ts|mjs)$|/node_modules/canonicalize/.*\\.js$': '<rootDir>/test/support/transform.cjs' },
  setupFiles: ['<rootDir>/test/support/quiet.ts'],
  transformIgnorePatterns: ['/node_modules/(?!canonicalize/)'],
  modulePathIgnorePatterns: ['<rootDir>/.renkei', '<rootDir>/cdk.out', '<rootDir>/reports'],
  cacheDirectory: '<rootDir>/.renkei/jest',
  testTimeout: 120_000,
  watchman: false,
  workerIdleMemoryLimit: '900MB',
}
