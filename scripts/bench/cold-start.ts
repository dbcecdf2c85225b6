import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { functionCode } from '#lib/kernel/bundle.ts'
import { root } from '../tools/folders.ts'
import { cpuMs, inTurns, rounded } from './measure.ts'

/** Clients by package, as the functions construct them. */
const CLIENTS: Readonly<Record<string, string>> = {
  'client-dynamodb': 'DynamoDBClient',
  'client-kms': 'KMSClient',
  'client-ssm': 'SSMClient',
  'client-sqs': 'SQSClient',
  'client-s3': 'S3Client',
  'client-ec2': 'EC2Client',
  'client-efs': 'EFSClient',
  'client-workspaces': 'WorkSpacesClient',
  'client-directory-service': 'DirectoryServiceClient',
  'client-network-firewall': 'NetworkFirewallClient',
}

/** Functions that a person waits for; they load Cedar's WebAssembly, and are measured by what is felt (`api.ts`). */
const FELT = ['ledger/command', 'ledger/query']

/**
 * CPU time of importing each bundled function in a fresh process, against a bundle that constructs the same SDK clients
 * and nothing else.
 */
export function coldStarts(rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'renkei-cold-'))
  try {
    return Object.fromEntries(
      globSync('lambda/*/*/index.ts', { cwd: root })
        .map((file) => file.split('/').slice(1, 3).join('/'))
        .filter((useCase) => !FELT.includes(useCase))
        .sort()
        .map((useCase) => {
          const bundle = join(functionCode(useCase), 'index.mjs')
          const clients = clientsOf(useCase, folder)
          const baseline = clientsOnly(clients, join(folder, `${useCase}.mjs`))
          const load = (path: string) => () =>
            cpuMs(['-e', `import(${JSON.stringify(path)})`], { LEDGER_TABLE: 'x', VIEW_TABLE: 'x' })
          const { own, same, nothing } = inTurns(rounds, {
            own: load(bundle),
            same: load(baseline),
            nothing: () => cpuMs(['-e', '0']),
          })
          return [
            useCase,
            {
              clients: clients.length,
              kilobytes: rounded(statSync(bundle).size / 1024, 0),
              importCpuMs: rounded(own - nothing, 0),
              sameClientsCpuMs: rounded(same - nothing, 0),
              ratio: rounded(own / same),
              goal: 1.3,
            },
          ]
        }),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The SDK clients that are in a function's bundle. */
function clientsOf(useCase: string, folder: string): string[] {
  const { metafile } = buildSync({
    entryPoints: [join(root, 'lambda', useCase, 'index.ts')],
    outdir: folder,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    define: { COMPILED_POLICIES: '""' },
    absWorkingDir: root,
    logLevel: 'silent',
  })
  return [
    ...new Set(
      Object.values(metafile.outputs)
        .flatMap(({ inputs }) => Object.keys(inputs))
        .flatMap((input) => /@aws-sdk\/(client-[a-z0-9-]+)\//.exec(input)?.[1] ?? []),
    ),
  ]
    .filter((name) => CLIENTS[name])
    .sort()
}

function clientsOnly(clients: readonly string[], outfile: string): string {
  const lines = clients.flatMap((name, index) => [
    `import { ${CLIENTS[name]} as C${index} } from '@aws-sdk/${name}'`,
    `export const c${index} = new C${index}({ region: 'ap-northeast-1' })`,
  ])
  buildSync({
    stdin: { contents: lines.join('\n'), resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    mainFields: ['module', 'main'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  if (readFileSync(outfile).length === 0) throw new Error(`the baseline ${outfile} is empty`)
  return outfile
}
