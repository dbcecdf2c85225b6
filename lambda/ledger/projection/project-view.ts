import type { ApplicationEvent } from '#domain/application/events.ts'
import { evolve as evolveApplication, noApplication } from '#domain/application/evolve.ts'
import { databasesOf } from '#domain/application/state.ts'
import { isMachine, replay } from '#domain/kernel/decider.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import { evolve, noProject } from '#domain/project/evolve.ts'
import { putView, type PersonSeen, type ViewPort } from '../view.ts'

/** Stores the state that the whole stream gives, so that order and repetition of deliveries do not matter. */
export async function projectView(port: ViewPort, stream: string, records: readonly LedgerRecord[]): Promise<void> {
  const [aggregate, id] = stream.split('/')
  const version = records.at(-1)?.sequence
  if (id === undefined || version === undefined) return
  if (aggregate === 'project') {
    const state = replay(
      { initial: noProject, evolve },
      records.map(({ event }) => event as ProjectEvent),
    )
    await putView(port, { view: 'project', id, version, state })
  }
  if (aggregate === 'application') {
    const application = replay(
      { initial: noApplication, evolve: evolveApplication },
      records.map(({ event }) => event as ApplicationEvent),
    )
    // The form itself is read from the ledger; a list needs only this.
    const { status, applicationId, revision, submittedBy } = application
    await putView(port, {
      view: 'application',
      id,
      version,
      state: { status, applicationId, revision, submittedBy, databases: databasesOf(application) },
    })
  }
}

/** Remembers with which organisation a person last acted; a late delivery of an earlier act changes nothing. */
export async function personView(port: ViewPort, { actor, at }: Pick<LedgerRecord, 'actor' | 'at'>): Promise<void> {
  if (isMachine(actor)) return
  const state: PersonSeen = { organisation: actor.organisation }
  await putView(port, { view: 'person', id: actor.id, version: Date.parse(at), state })
}
