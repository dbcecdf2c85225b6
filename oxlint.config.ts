/**
 * Lint, and with it the arrows of the project: which folder may import which, types included (docs/architecture.md).
 * Layers and contexts are tables here; the rules are made from them.
 */

/** Top-level folders, and which of the others each of them may not import. */
const layers: Readonly<Record<string, { readonly denies: readonly string[]; readonly message: string }>> = {
  domain: {
    denies: ['lambda', 'lib', 'proof', 'checks', 'cli', 'local', 'lab', 'scripts', 'test', 'bin', 'policies'],
    message: 'domain/ imports nothing of the project but itself.',
  },
  lambda: {
    denies: ['lib', 'proof', 'checks', 'cli', 'local', 'lab', 'scripts', 'test', 'bin'],
    message: 'lambda/ stands on domain/ and policies/ alone.',
  },
  lib: {
    denies: ['lambda', 'proof', 'checks', 'cli', 'local', 'lab', 'scripts', 'test', 'bin'],
    message: 'lib/ stands on policies/ and the pure domain/; functions are bundled, not imported.',
  },
  proof: {
    denies: ['lambda', 'cli', 'local', 'lab', 'scripts', 'test', 'bin'],
    message: 'proof/ reads what was synthesized, and the pure domain/.',
  },
  checks: {
    denies: ['lambda', 'cli', 'local', 'lab', 'scripts', 'test', 'bin'],
    message: 'checks/ reads what was synthesized, and the pure domain/.',
  },
  cli: {
    denies: ['lambda', 'local', 'lab', 'test', 'bin'],
    message: 'cli/ stands on domain/, proof/, checks/ and lib/.',
  },
  scripts: {
    denies: ['cli', 'local', 'lab', 'test', 'bin'],
    message: 'scripts/ holds tools that cli/, local/, lab/ and test/ stand on; it starts those as programs only.',
  },
  local: { denies: ['test', 'bin'], message: 'What is run stands on no helper of tests; share it in scripts/tools/.' },
  lab: { denies: ['test', 'bin'], message: 'What is run stands on no helper of tests; share it in scripts/tools/.' },
}

/** Contexts of a layer, and which of the others each of them stands on. */
const contexts: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  domain: {
    kernel: [],
    ledger: ['kernel'],
    people: ['kernel', 'ledger'],
    application: ['kernel', 'ledger', 'people'],
    project: ['kernel', 'ledger', 'people', 'application'],
  },
  lambda: {
    kernel: [],
    people: ['kernel'],
    ledger: ['kernel', 'people'],
    network: ['kernel'],
    project: ['kernel', 'people', 'ledger'],
  },
  lib: {
    kernel: [],
    foundation: ['kernel'],
    ledger: ['kernel', 'foundation'],
    people: ['kernel'],
    network: ['kernel', 'ledger'],
    project: ['kernel', 'foundation', 'ledger'],
    portal: ['kernel', 'ledger', 'people'],
  },
}

interface Pattern {
  readonly group: readonly string[]
  readonly message: string
}

const AWS = ['@aws-sdk/*', '@smithy/*']
const CDK = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag']
const INPUT_OUTPUT = ['fs', 'net', 'http', 'https', 'child_process', 'timers', 'timers/*', 'os']

/** What a layer may not import beside other layers. */
const packages: Readonly<Record<string, readonly Pattern[]>> = {
  domain: [
    { group: [...AWS, ...CDK], message: 'domain/ holds the rules and knows no AWS.' },
    {
      group: INPUT_OUTPUT.flatMap((name) => [name, `node:${name}`]),
      message: 'domain/ is pure: no input, no output, no clock.',
    },
  ],
  lambda: [
    { group: CDK, message: 'Functions know no CDK.' },
    {
      group: ['../reconcile/**', '../suspend/**', '#lambda/project/reconcile/**', '#lambda/project/suspend/**'],
      message: "A function's folder is its own: what both lanes need stands in lambda/project/provisioning/.",
    },
  ],
}

/** A relative path out of a layer leads there as well as an alias does. */
const UPWARDS = ['../', '../../', '../../../', '../../../../']

const ofLayer = (layer: string): readonly Pattern[] => [
  {
    group: layers[layer]!.denies.flatMap((other) => [`#${other}/**`, ...UPWARDS.map((climb) => `${climb}${other}/**`)]),
    message: layers[layer]!.message,
  },
  ...(packages[layer] ?? []),
]

function ofContext(layer: string, context: string): readonly Pattern[] {
  const below = contexts[layer]![context]!
  const denied = Object.keys(contexts[layer]!).filter((other) => other !== context && !below.includes(other))
  return [
    {
      group: denied.flatMap((other) => [`#${layer}/${other}/**`, `../${other}/**`, `../../${other}/**`]),
      message: `${layer}/${context} stands on ${below.join(', ') || 'no other context'} (docs/architecture.md).`,
    },
  ]
}

const imports = (folder: string, patterns: readonly Pattern[]) => ({
  files: [`${folder}/**`],
  rules: { 'no-restricted-imports': ['error', { patterns: patterns.filter(({ group }) => group.length > 0) }] },
})

export default {
  plugins: ['typescript', 'import', 'node', 'promise', 'unicorn', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error' },
  rules: {
    'no-console': 'off',
    'no-shadow': 'off',
    'no-new': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-unassigned-import': 'off',
    'no-await-in-loop': 'off',
    'import/no-named-as-default-member': 'off',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    'no-underscore-dangle': 'off',
    'no-var': 'error',
    'prefer-const': 'error',
    eqeqeq: 'error',
    'typescript/consistent-type-imports': 'error',
  },
  overrides: [
    ...Object.keys(layers).map((layer) => imports(layer, ofLayer(layer))),
    // A later override replaces the rule of an earlier one, so a context repeats what its layer denies.
    ...Object.entries(contexts).flatMap(([layer, each]) =>
      Object.keys(each).map((context) =>
        imports(`${layer}/${context}`, [...ofLayer(layer), ...ofContext(layer, context)]),
      ),
    ),
    {
      files: ['domain/**'],
      rules: {
        'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'process'],
        'no-restricted-properties': [
          'error',
          { object: 'Date', property: 'now', message: 'Time comes in as a parameter.' },
          { object: 'Math', property: 'random', message: 'Randomness comes in as a parameter.' },
        ],
      },
    },
  ],
  ignorePatterns: ['node_modules', 'cdk.out', '.renkei', 'reports'],
}
