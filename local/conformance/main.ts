import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import { EC2Client } from '@aws-sdk/client-ec2'
import { EFSClient } from '@aws-sdk/client-efs'
import { KMSClient } from '@aws-sdk/client-kms'
import { NetworkFirewallClient } from '@aws-sdk/client-network-firewall'
import { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { z } from 'zod'
import { DirectoryServiceDataClient } from '#lambda/kernel/directory-service-data.ts'
import { serve } from '../simulator/serve.ts'
import { Simulator } from '../simulator/simulator.ts'
import type { Clients, ServiceName } from './context.ts'
import { simulatorFixture, simulatorSeed } from './fixture.ts'
import { checks, runSuite } from './suite.ts'

const usage = `npm run conformance                                        against the simulator, started for it
npm run conformance -- --endpoint URL --fixture FILE       against any endpoint
npm run conformance -- --aws --fixture FILE                against AWS itself, with the account of the environment
                                                           (makes one desktop; about an hour)
  --only ec2,workspaces,directory,efs,kms,firewall         some services only
  --region ap-northeast-1
The fixture is JSON: { vpcId, subnetIds: [two], directoryId, bundleId, prefixListId, firewallArn? };
see docs/simulator.md.`

const fixtureSchema = z.strictObject({
  vpcId: z.string(),
  subnetIds: z.tuple([z.string(), z.string()]),
  directoryId: z.string(),
  bundleId: z.string(),
  prefixListId: z.string(),
  firewallArn: z.string().optional(),
})

/** The caller's mistake: said plainly, exit code 2. */
function mistaken(what: string): never {
  console.error(`${what}\n\n${usage}`)
  process.exit(2)
}

function options() {
  try {
    return parseArgs({
      options: {
        endpoint: { type: 'string' },
        aws: { type: 'boolean' },
        fixture: { type: 'string' },
        only: { type: 'string' },
        region: { type: 'string', default: 'ap-northeast-1' },
      },
    }).values
  } catch (error) {
    return mistaken(error instanceof Error ? error.message : String(error))
  }
}

function readFixture(path: string | undefined) {
  if (path === undefined) return mistaken('--fixture: say which directory, VPC and bundle the suite may use')
  try {
    const parsed = fixtureSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (parsed.success) return parsed.data
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    return mistaken(`--fixture ${path}: ${issues.join('; ')}`)
  } catch (error) {
    return mistaken(`--fixture ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function clientsFor(endpoint: string | undefined, region: string): Clients {
  const credentials =
    endpoint === undefined ? {} : { credentials: { accessKeyId: 'conformance', secretAccessKey: 'conformance' } }
  const common = { region, ...(endpoint === undefined ? {} : { endpoint }), ...credentials }
  const directory = new DirectoryServiceClient(common)
  return {
    ec2: new EC2Client(common),
    workspaces: new WorkSpacesClient(common),
    directory,
    data: new DirectoryServiceDataClient({ region, credentials: directory.config.credentials, endpoint }),
    efs: new EFSClient(common),
    kms: new KMSClient(common),
    firewall: new NetworkFirewallClient(common),
  }
}

/** At a simulator time is moved; elsewhere it has to pass. */
function passing(endpoint: string | undefined, simulated: boolean) {
  if (!simulated)
    return (ms: number) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, ms)
      })
  return async (ms: number) => {
    await fetch(`${endpoint}/_simulator/advance`, { method: 'POST', body: JSON.stringify({ ms }) })
  }
}

/** How an outcome is marked in the list. */
const MARKS = { 'as documented': '✓', otherwise: '✗', 'not run': '–' } as const

const given = options()
if (given.endpoint !== undefined && given.aws) mistaken('--endpoint and --aws: one of the two')
const services = new Set<string>(checks.map((check) => check.service))
const only = given.only?.split(',')
for (const name of only ?? [])
  if (!services.has(name)) mistaken(`--only ${name}: there are ${[...services].join(', ')}`)
const own = given.endpoint === undefined && !given.aws ? await serve(new Simulator().seed(simulatorSeed)) : undefined
const fixture = own ? simulatorFixture : readFixture(given.fixture)
const endpoint = own?.url ?? given.endpoint
const simulated =
  endpoint !== undefined &&
  (await fetch(`${endpoint}/_simulator/health`).then(
    (answer) => answer.ok,
    () => false,
  ))
const results = await runSuite({
  clients: clientsFor(endpoint, given.region),
  fixture,
  pass: passing(endpoint, simulated),
  only: only as ServiceName[] | undefined,
  report: ({ check, outcome, reason }) => {
    console.log(`${MARKS[outcome]} ${check.service}: ${check.name}`)
    if (reason) console.log(`    ${outcome}: ${reason}\n    documented: ${check.source}`)
  },
})
await own?.close()
const count = (outcome: string) => results.filter((result) => result.outcome === outcome).length
console.log(`${count('as documented')} as documented, ${count('otherwise')} otherwise, ${count('not run')} not run`)
process.exitCode = count('otherwise') > 0 ? 1 : 0
