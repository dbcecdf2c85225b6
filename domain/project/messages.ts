import type { Instant } from '../kernel/decider.ts'
import type { LaneMessage } from '../ledger/aggregate.ts'
import type { LedgerRecord } from '../ledger/record.ts'
import type { ProjectEvent } from './events.ts'

/** What the provisioner itself reports changes no desire; acting on it would make the reconciler chase its own tail. */
const REPORTS: readonly ProjectEvent['type'][] = [
  'ProvisioningConverged',
  'ResourcesDestroyed',
  'RemovalHeld',
  'UnknownResourceQuarantined',
]

/**
 * The work that an event asks of the provisioner; none for its own reports. A suspension goes into the lane that never
 * waits too.
 */
export function messagesFor({
  stream,
  sequence,
  event,
}: Pick<LedgerRecord<ProjectEvent>, 'stream' | 'sequence' | 'event'>): readonly LaneMessage[] {
  const projectId = stream.slice(stream.indexOf('/') + 1)
  if (REPORTS.includes(event.type)) return []
  const message = (lane: LaneMessage['lane'], body: object): LaneMessage => ({
    lane,
    MessageBody: JSON.stringify({ projectId, ...body }),
    MessageGroupId: projectId,
    MessageDeduplicationId: `${stream}#${sequence}`,
  })
  const reconcile = message('reconcile', { cause: 'event', sequence })
  if (event.type !== 'ProjectSuspended') return [reconcile]
  const { personId } = event
  return [message('suspend', { sequence, ...(personId !== undefined && { personId }) }), reconcile]
}

/**
 * Has a project compared with AWS again, event or no event; a second one in the same hour is a duplicate, which the
 * queue drops.
 */
export const comparison = (projectId: string, now: Instant): LaneMessage => ({
  lane: 'reconcile',
  MessageBody: JSON.stringify({ projectId, cause: 'drift' }),
  MessageGroupId: projectId,
  MessageDeduplicationId: `drift.${projectId}.${now.slice(0, 13)}`,
})
