import { SendMessageBatchCommand } from '@aws-sdk/client-sqs'
import type { AnyAggregate, LaneMessage, Typed } from '#domain/ledger/aggregate.ts'
import { replayRecords } from '#domain/ledger/earlier-records.ts'
import { sqs } from '#lambda/kernel/clients.ts'
import { setting } from '#lambda/kernel/configuration.ts'
import { log, projectOf } from '#lambda/kernel/log.ts'
import { commandOn, machine } from '../command-on.ts'
import { readStream } from '../ledger.ts'
import { sources } from '../sources.ts'
import { allOfView } from '../view.ts'

/** `deadlines`: command what time brings. `drift`: have everything that is open compared with AWS again. */
export interface SweepEvent {
  readonly task: 'deadlines' | 'drift'
}

/** What is open, as the view lists it. */
interface OpenRow {
  /** when time next brings something; absent where it never does */
  readonly due?: string
}

/** Deadlines that fall together (a fiscal year ends for all) are commanded this many at a time. */
const AT_ONCE = 10
const actor = machine('sweep')

/**
 * The view only suggests where to look: a deadline is decided on the ledger itself, so an empty or lagging view ends
 * nothing that is not over (C-11). Running late or twice changes nothing but the time (C-10). Only what is open is
 * looked at.
 */
export async function sweep(
  aggregates: readonly AnyAggregate[],
  { task }: SweepEvent,
  requestId: string,
): Promise<void> {
  const now = new Date().toISOString()
  for (const aggregate of aggregates) {
    if (task === 'drift' && aggregate.comparison) await compareAgain(aggregate, aggregate.comparison, now)
    if (task === 'deadlines' && aggregate.deadlines) await keepDeadlines(aggregates, aggregate, now, requestId)
  }
}

async function* openOnes(aggregate: AnyAggregate): AsyncGenerator<{ readonly id: string; readonly due?: string }> {
  for await (const { id, state } of allOfView<OpenRow>(sources().views, `${aggregate.name}/open`))
    yield { id, due: state.due }
}

async function keepDeadlines(
  aggregates: readonly AnyAggregate[],
  aggregate: AnyAggregate,
  now: string,
  requestId: string,
): Promise<void> {
  const due: string[] = []
  for await (const each of openOnes(aggregate)) if (each.due !== undefined && each.due <= now) due.push(each.id)
  const failures: unknown[] = []
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const settled = await Promise.allSettled(
      due.slice(from, from + AT_ONCE).map((id) => commandWhatIsDue(aggregates, aggregate, id, { now, requestId })),
    )
    // One that fails must not keep the others in use beyond their period (VIS-6).
    failures.push(...settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : [])))
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} deadline commands failed; the next sweep issues them again`)
}

async function commandWhatIsDue(
  aggregates: readonly AnyAggregate[],
  aggregate: AnyAggregate,
  id: string,
  { now, requestId }: { readonly now: string; readonly requestId: string },
): Promise<void> {
  const given = sources()
  const stream = `${aggregate.name}/${id}`
  const state = replayRecords(aggregate.decider, await readStream(given.port, stream))
  for (const command of aggregate.deadlines!.due(state, now) as readonly Typed[]) {
    const outcome = await commandOn(given, aggregates, { aggregate, id, command, context: { now, actor } })
    log({
      actor: actor.id,
      role: 'system',
      project: projectOf(stream),
      action: command.type,
      object: stream,
      requestId,
      result: outcome.outcome === 'done' ? 'ok' : 'rejected',
      reason: 'refusals' in outcome ? outcome.refusals[0]?.code : undefined,
    })
  }
}

async function compareAgain(
  aggregate: AnyAggregate,
  comparison: (id: string, now: string) => LaneMessage,
  now: string,
): Promise<void> {
  const messages: LaneMessage[] = []
  for await (const { id } of openOnes(aggregate)) messages.push(comparison(id, now))
  const failed: string[] = []
  for (let from = 0; from < messages.length; from += 10) {
    const { Failed } = await sqs().send(
      new SendMessageBatchCommand({
        QueueUrl: setting('RECONCILE_QUEUE_URL'),
        Entries: messages
          .slice(from, from + 10)
          .map(({ lane: _, ...message }, index) => ({ Id: String(index), ...message })),
      }),
    )
    failed.push(...(Failed ?? []).map(({ Code }) => Code ?? 'unknown'))
  }
  if (failed.length > 0)
    throw new Error(
      `${failed.length} of ${aggregate.plural} could not be queued (${[...new Set(failed)].join(', ')}); ` +
        'the next sweep queues them',
    )
}
