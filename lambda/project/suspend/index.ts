import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda'
import { realTime, sharedBucket, workSpacesTokens } from '../provisioning/api-tokens.ts'
import { directoryServiceData, dynamoDb, ec2, networkFirewall, ssm, workSpaces } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { log } from '#lambda/kernel/log.ts'
import { deployment } from '../provisioning/deployment.ts'
import { publishedPlatform, readParameters } from '../provisioning/published-platform.ts'
import { errorName } from '../provisioning/aws.ts'
import { tableSuspensionMark } from '../provisioning/memory.ts'
import { loadProject } from '../provisioning/project-ledger.ts'
import { suspend, type Cut, type Perimeter, type Suspension } from './suspend.ts'

/** The queue would bring a message back only after minutes, so what fails is tried again here (VIS-7: 60 s for all of it). */
const PAUSE_MS = 1_000
const MARGIN_MS = 5_000
/** A call that the reconciler made just before the mark was left has landed by then; what it undid is cut once more. */
const SECOND_LOOK_MS = 3_000

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = []
  for (const { body, messageId } of event.Records) {
    const suspension = JSON.parse(body) as Suspension
    const { projectId } = suspension
    const about = {
      actor: 'system/suspend',
      role: 'system',
      project: projectId,
      action: 'Suspend',
      object: `project/${projectId}#${suspension.sequence}`,
      requestId: context.awsRequestId,
    } as const
    try {
      const cut = await untilDone(suspension, context)
      if (cut.failures.length > 0) throw new Error(cut.failures.join('; '))
      log({ ...about, result: 'ok', reason: `${cut.people} people, ${cut.interfaces} interfaces` })
    } catch (error) {
      log({
        ...about,
        result: 'failed',
        reason: error instanceof Error ? `${errorName(error)}: ${error.message}`.slice(0, 1_000) : errorName(error),
      })
      batchItemFailures.push({ itemIdentifier: messageId })
    }
  }
  return { batchItemFailures }
}

async function untilDone(suspension: Suspension, context: Context): Promise<Cut> {
  const views = { dynamoDb: dynamoDb(), view: setting('VIEW_TABLE') }
  const place = deployment(context)
  const port = {
    // Nothing is held back from this lane: what the reconciler must leave in the bucket is for here.
    aws: {
      ec2: ec2(),
      workSpaces: workSpaces(),
      directoryServiceData: directoryServiceData(),
      tokens: workSpacesTokens(sharedBucket(views), 0),
    },
    networkFirewall: networkFirewall(),
    suspensionMark: tableSuspensionMark(views),
    load: (projectId: string) => loadProject({ dynamoDb: dynamoDb(), table: setting('LEDGER_TABLE') }, projectId),
    platform: (project: Parameters<typeof publishedPlatform>[2]) => publishedPlatform(ssm(), place, project),
    perimeter: () => perimeter(place.environment),
    now: () => Date.now(),
  }
  for (let clean = 0; ;) {
    const cut = await suspend(port, suspension)
    clean = cut.failures.length === 0 ? clean + 1 : 0
    const pause = clean > 0 ? SECOND_LOOK_MS : PAUSE_MS
    if (clean === 2 || (cut.people === 0 && clean > 0) || context.getRemainingTimeInMillis() < MARGIN_MS + pause)
      return cut
    await realTime.sleep(pause)
  }
}

/** The terminals' endpoint and the hub's firewall; either may not be deployed. */
async function perimeter(environment: string): Promise<Perimeter> {
  const names = {
    clientVpnEndpointId: `/renkei/${environment}/terminals/client-vpn`,
    firewallArn: `/renkei/${environment}/hub/firewall`,
  }
  const values = await readParameters(ssm(), Object.values(names))
  return { clientVpnEndpointId: values.get(names.clientVpnEndpointId), firewallArn: values.get(names.firewallArn) }
}
