import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import * as z from 'zod'
import type { Clock } from '#domain/kernel/clock.ts'
import { defaultSecurityGroup } from './default-security-group.ts'
import { directoryDataAccess } from './directory-data-access.ts'
import { membersGroupEgress } from './members-group-egress.ts'
import { Refusal, type NetworkClients, type ResourceType } from './resource.ts'
import { vpnAttachment } from './vpn-attachment.ts'
import { WaitedTooLong } from './wait.ts'
import { workspaceDirectory } from './workspace-directory.ts'

/** What CloudFormation is answered ("Custom resource response objects", CloudFormation user guide). */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED'
  readonly PhysicalResourceId: string
  readonly Reason?: string
  readonly Data?: Record<string, string>
}

export interface Surroundings {
  readonly clients: NetworkClients
  readonly clock: Clock
  /** Instant (milliseconds since 1970) at which the answer has to be on its way. */
  readonly deadline: number
}

const resourceTypes: ReadonlyMap<string, ResourceType<unknown, unknown>> = new Map<
  string,
  ResourceType<unknown, unknown>
>([
  ['Custom::RenkeiVpnAttachment', vpnAttachment],
  ['Custom::RenkeiWorkspaceDirectory', workspaceDirectory],
  ['Custom::RenkeiMembersGroupEgress', membersGroupEgress],
  ['Custom::RenkeiDirectoryDataAccess', directoryDataAccess],
  // cdk-nag knows the act by this name.
  ['Custom::VpcRestrictDefaultSG', defaultSecurityGroup],
])

/** The physical id of a create that was refused before anything was touched; its delete touches nothing either. */
const UNTOUCHED = 'untouched/'

/**
 * Performs one request of CloudFormation and gives the answer; it never throws.
 * `properties.parse` stands before anything is touched, and a delete parses only what it needs.
 */
export async function handle(event: CloudFormationCustomResourceEvent, surroundings: Surroundings): Promise<Answer> {
  const former = event.RequestType === 'Create' ? undefined : event.PhysicalResourceId
  let physicalId = former ?? `${UNTOUCHED}${event.LogicalResourceId}`
  try {
    const type = resourceTypes.get(event.ResourceType)
    if (type === undefined)
      throw new Refusal(`${event.ResourceType} is not one of ${[...resourceTypes.keys()].join(', ')}.`)
    const context = { ...surroundings, owner: `${stackName(event.StackId)}/${event.LogicalResourceId}` }
    if (event.RequestType === 'Delete') {
      if (!physicalId.startsWith(UNTOUCHED)) await type.remove(type.identity.parse(event.ResourceProperties), context)
      return { Status: 'SUCCESS', PhysicalResourceId: physicalId }
    }
    const properties = type.properties.parse(event.ResourceProperties)
    // From here on a failed create is followed by a delete that has to undo it. A failed update keeps the id it had.
    const wantedId = type.physicalId(properties)
    if (event.RequestType === 'Create') physicalId = wantedId
    const data = await type.converge(properties, context)
    return { Status: 'SUCCESS', PhysicalResourceId: wantedId, Data: data }
  } catch (error) {
    return { Status: 'FAILED', PhysicalResourceId: physicalId, Reason: reasonOf(error, event) }
  }
}

/** The answer when a call to AWS hangs beyond the function's time. */
export function lateAnswer(event: CloudFormationCustomResourceEvent): Answer {
  return {
    Status: 'FAILED',
    PhysicalResourceId: event.RequestType === 'Create' ? createdId(event) : event.PhysicalResourceId,
    Reason: reasonOf(
      new WaitedTooLong('AWS did not answer in time. Nothing is lost: deploy again and it goes on from here.'),
      event,
    ),
  }
}

/** What a create is called; without readable properties nothing can have been touched. */
function createdId(event: CloudFormationCustomResourceEvent): string {
  const type = resourceTypes.get(event.ResourceType)
  const identity = type?.identity.safeParse(event.ResourceProperties)
  return type && identity?.success ? type.physicalId(identity.data) : `${UNTOUCHED}${event.LogicalResourceId}`
}

const stackName = (arn: string) => arn.split('/')[1] ?? arn

/** CloudFormation allows an answer of 4096 bytes in all, and a console line shows little more than this. */
const REASON_LENGTH = 500

function reasonOf(error: unknown, event: CloudFormationCustomResourceEvent): string {
  return `${event.ResourceType} ${event.LogicalResourceId}: ${explain(error)}`.slice(0, REASON_LENGTH)
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map(({ path, message }) => `${path.join('.') || 'properties'}: ${message}`).join('; ')
  if (error instanceof Refusal || error instanceof WaitedTooLong) return error.message
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
