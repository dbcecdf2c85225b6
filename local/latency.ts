import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  LambdaClient,
  paginateListFunctions,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda'
import { parse } from 'yaml'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { reportsDirectory, root } from '#scripts/tools/folders.ts'
import { startLocalAws } from './launcher/local-aws.ts'
import { Api, type Answer } from './story/api.ts'
import { participantsOf } from './story/participants.ts'
import { enrol } from './story/people.ts'

/**
 * Milliseconds that a signed-in person waits at the API of a local AWS, into `latency.json` beside the other reports:
 * `--warm` requests to functions that run, `--cold` ones each to a function whose process was ended before. Started by
 * `npm run bench`.
 */
const { values } = parseArgs({
  options: { warm: { type: 'string', default: '200' }, cold: { type: 'string', default: '7' } },
})
const lambda = new LambdaClient({})

type Ask = () => Promise<Answer>

async function waited(ask: Ask): Promise<number> {
  const started = performance.now()
  const { status, body } = await ask()
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return performance.now() - started
}

async function times(count: number, measure: () => Promise<number>): Promise<number[]> {
  const measured: number[] = []
  while (measured.length < count) measured.push(await measure())
  return measured
}

/** The function of the control plane whose description begins so. */
async function functionDescribed(beginning: string): Promise<FunctionConfiguration> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {}))
    for (const each of Functions) if (each.Description?.startsWith(beginning)) return each
  throw new Error(`no function is described as ${JSON.stringify(beginning)}`)
}

/** Ends the processes of a function: whatever is configured anew is started anew, be it as it was. */
async function endProcess({ FunctionName, Timeout }: FunctionConfiguration): Promise<void> {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }))
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName })
}

async function measured(ask: Ask, described: string) {
  const configuration = await functionDescribed(described)
  await ask()
  const warm = await times(Number(values.warm), () => waited(ask))
  const cold = await times(Number(values.cold), async () => {
    await endProcess(configuration)
    return await waited(ask)
  })
  return { warm, cold }
}

const config = loadConfig(join(root, 'config', 'demo.yaml'), new Date())
const form = parse(readFileSync(join(root, 'config', 'applications', 'demo.yaml'), 'utf8'))
const local = await startLocalAws(config)
const api = new Api(local.apiUrl)
const person = await enrol(participantsOf(form, config).representative, local.userPool)
let submitted = 0
const command = await measured(() => {
  submitted += 1
  return api.command(person, `application/L-${submitted}`, { type: 'SubmitApplication', form })
}, 'Authorizes, decides and appends')
const query = await measured(() => api.get(person, 'applications'), 'Answers')
mkdirSync(reportsDirectory, { recursive: true })
writeFileSync(
  join(reportsDirectory, 'latency.json'),
  JSON.stringify({ phases: local.phases, requests: { command, query } }),
)
process.exit(0)
