import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { sharedCallQueue, workSpacesTokens } from '../provisioning/api-tokens.ts'
import { realClock } from '#lambda/kernel/clock.ts'
import { directoryServiceData, dynamoDb, ec2, networkFirewall, ssm, workSpaces } from '#lambda/kernel/clients.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { parametersOf } from '#lambda/kernel/published-parameters.ts'
import { viewPort } from '#lambda/ledger/sources.ts'
import { deployment } from '../provisioning/deployment.ts'
import { publishedPlatform } from '../provisioning/published-platform.ts'
import { workOff } from '../provisioning/lane.ts'
import { tableSuspensionMark } from '../provisioning/memory.ts'
import { loadProject } from '../provisioning/load-project.ts'
import { suspend, type Cut, type Perimeter, type Suspension } from './suspend.ts'

/**
 * The queue would bring a message back only after minutes, so what fails is tried again here (VIS-7: 60 s for all of
 * it).
 */
const PAUSE_MS = 1_000
const MARGIN_MS = 5_000
/** A call that the reconciler made just before the mark was left has landed by then; what it undid is cut once more. */
const SECOND_LOOK_MS = 3_000

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return workOff<Suspension>(event, context, {
    actor: 'system/suspend',
    action: 'Suspend',
    object: ({ projectId, sequence }) => `project/${projectId}#${sequence}`,
    async work(suspension) {
      const { people, interfaces, failures } = await untilDone(suspension, context)
      if (failures.length > 0) throw new Error(failures.join('; '))
      return { result: 'ok', reason: `${people} people, ${interfaces} interfaces` }
    },
  })
}

async function untilDone(suspension: Suspension, context: Context): Promise<Cut> {
  const views = viewPort()
  const deployed = deployment(context)
  const port = {
    aws: {
      ec2: ec2(),
      workSpaces: workSpaces(),
      directoryServiceData: directoryServiceData(),
      tokens: workSpacesTokens(sharedCallQueue(views), 'suspend'),
    },
    networkFirewall: networkFirewall(),
    suspensionMark: tableSuspensionMark(views),
    load: (projectId: string) => loadProject({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') }, projectId),
    platform: (project: Parameters<typeof publishedPlatform>[2]) => publishedPlatform(ssm(), deployed, project),
    perimeter: () => perimeter(deployed.environment),
    now: () => Date.now(),
  }
  for (let clean = 0; ;) {
    const cut = await suspend(port, suspension)
    clean = cut.failures.length === 0 ? clean + 1 : 0
    const pause = clean > 0 ? SECOND_LOOK_MS : PAUSE_MS
    if (clean === 2 || (cut.people === 0 && clean > 0) || context.getRemainingTimeInMillis() < MARGIN_MS + pause)
      return cut
    await realClock.sleep(pause)
  }
}

/**
 * The endpoint through which terminals come in, once terminals are built (NET-3), and the hub's firewall, where it is
 * deployed.
 */
async function perimeter(environment: string): Promise<Perimeter> {
  const names = {
    clientVpnEndpointId: parameterPath(environment, parameterNames.clientVpnEndpointId()),
    firewallArn: parameterPath(environment, parameterNames.firewallArn()),
  }
  const values = await parametersOf(ssm(), Object.values(names))
  return { clientVpnEndpointId: values.get(names.clientVpnEndpointId), firewallArn: values.get(names.firewallArn) }
}
