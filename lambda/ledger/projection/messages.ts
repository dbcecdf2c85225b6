import type { ProjectEvent } from '#domain/project/events.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'

/** A FIFO message, as `SendMessage` takes it. */
export interface LaneMessage {
  readonly lane: 'reconcile' | 'suspend'
  readonly MessageBody: string
  readonly MessageGroupId: string
  readonly MessageDeduplicationId: string
}

/** What the provisioner itself reports changes no desire; acting on it would make the reconciler chase its own tail. */
const REPORTS: readonly ProjectEvent['type'][] = [
  'ProvisioningConverged',
  'ResourcesDestroyed',
  'RemovalHeld',
  'UnknownResourceQuarantined',
]

/** The work that an event asks of the provisioner; none for an application, and none for its own reports. */
export function messagesFor({
  stream,
  sequence,
  event,
}: Pick<LedgerRecord, 'stream' | 'sequence' | 'event'>): readonly LaneMessage[] {
  const [aggregate, projectId] = stream.split('/')
  const { type, personId } = event as { readonly type: ProjectEvent['type']; readonly personId?: string }
  if (aggregate !== 'project' || projectId === undefined || REPORTS.includes(type)) return []
  const message = (lane: LaneMessage['lane'], body: object): LaneMessage => ({
    lane,
    MessageBody: JSON.stringify({ projectId, ...body }),
    MessageGroupId: projectId,
    MessageDeduplicationId: `${stream}#${sequence}`,
  })
  const reconcile = message('reconcile', { cause: 'event', sequence })
  return type === 'ProjectSuspended'
    ? [message('suspend', { sequence, ...(personId !== undefined && { personId }) }), reconcile]
    : [reconcile]
}
