import type { z } from 'zod'
import type { Context, Decider, Decision, Instant } from '../kernel/decider.ts'
import type { Bilingual } from '../kernel/refusal.ts'
import type { LedgerRecord } from './record.ts'

/**
 * An aggregate is one value: everything the platform must know of a kind of stream. `command`, `query`, `projection`,
 * `sweep`, the API with its OpenAPI document, the `renkei` command and the state tables of docs iterate over the list
 * in `domain/registry.ts`; a new aggregate touches its own folder and one line there.
 */
export interface Aggregate<State, Command extends Typed, Event extends Typed, Extra extends object = object> {
  /** the word before the slash of its streams, e.g. `project` in `project/A-0001` */
  readonly name: string
  /** the word of its list in the API, e.g. `projects` */
  readonly plural: string
  readonly title: Bilingual
  readonly idPattern: RegExp
  readonly decider: Decider<State, Command, Event, Context & Extra>
  /** the state as the last event alone tells it, where it does: such a stream is read by its end, however long it is */
  readonly told?: (event: Event) => State | undefined
  /** what may be commanded from outside; absent where only other aggregates continue its streams */
  readonly commands?: CommandSet
  /** what its policies are asked about (ARC-4); absent where nobody outside sees it */
  readonly authorization?: Authorization<State, Command>
  /** what the decision needs beside the clock and the actor, read anew for every attempt */
  readonly surroundings?: (reader: Reader, id: string, command: Command, state: State) => Promise<Extra>
  /** what a list shows of it; absent where it is in no list */
  readonly view?: (state: State) => View
  /** the work an event asks of the provisioner */
  readonly messages?: (record: Pick<LedgerRecord<Event>, 'stream' | 'sequence' | 'event'>) => readonly LaneMessage[]
  /** has one that is open compared with what there is in AWS, event or no event */
  readonly comparison?: (id: string, now: Instant) => LaneMessage
  /** what time brings: the commands that are due now, and when the next one will be */
  readonly deadlines?: {
    due(state: State, now: Instant): readonly Command[]
    next(state: State): Instant | undefined
  }
  /** what this aggregate does in streams of its own context when another one is decided on, in the same transaction */
  readonly companions?: readonly Companion[]
}

export interface Typed {
  readonly type: string
}

/** The commands of an aggregate as one schema, and what a reader of the API must know of each. */
export interface CommandSet {
  /** parses untrusted data; a discriminated union over `type` */
  readonly schema: z.ZodType<Typed>
  readonly documents: Readonly<Record<string, CommandDocument>>
}

export interface CommandDocument {
  readonly summary: Bilingual
  /** who may send it, in the words of `senders`; the policies decide, and a test holds this to them */
  readonly by: readonly Sender[]
  /** states in which it makes sense, and what it leads to; a dash where the state stays */
  readonly from: readonly string[]
  readonly to: string
  /** the command as it is sent */
  readonly example: Typed & Readonly<Record<string, unknown>>
  /** codes it may be refused with, beside those of every request */
  readonly refusals: readonly string[]
  /** the schema of a member that the command's own schema leaves open, e.g. the application form */
  readonly parts?: Readonly<Record<string, z.ZodType>>
}

/** Who sends commands, in both languages. */
export const senders = {
  applicant: { en: 'an applicant', ja: '申出者' },
  'applicant-side': {
    en: 'the contact person, the agent or the representative',
    ja: '担当者、代理人または代表者',
  },
  signatory: { en: 'the representative and every handler', ja: '代表者およびすべての取扱者' },
  reviewer: { en: 'an assigned reviewer', ja: '割り当てられた審査委員' },
  holder: { en: 'the holder of the database', ja: 'データベースの保有者' },
  operator: { en: 'an operator', ja: '運用者' },
  machine: { en: 'a function of the platform', ja: '基盤の機能' },
} as const satisfies Record<string, Bilingual>
export type Sender = keyof typeof senders

/** How an aggregate stands before Cedar: `policies/<context>/*.cedar` decide. */
interface Authorization<State, Command extends Typed> {
  /** the action that reading one of it is */
  readonly read: string
  /** the action that reading its ledger is, event by event with receipts */
  readonly ledger: string
  /** the action that asking for its list is */
  readonly list: string
  entity(id: string, state: State): Entity
  /** what a policy must know of the command itself */
  context?(command: Command): RequestContext
}

/** An entity's type and id, as Cedar's JSON writes it. */
export interface EntityUid {
  readonly type: string
  readonly id: string
}

export type AttributeValue = boolean | string | number | { __entity: EntityUid } | AttributeValue[]

/** Cedar's JSON form of an entity; assignable to `EntityJson` of `@cedar-policy/cedar-wasm`. */
export interface Entity {
  uid: EntityUid
  attrs: Record<string, AttributeValue>
  parents: EntityUid[]
}

/** What a policy must know of the request itself. */
export type RequestContext = Record<string, AttributeValue>

/** What a list holds of one aggregate: bounded, whatever its history. */
export interface View {
  /** what is shown */
  readonly row: Readonly<Record<string, unknown>>
  /** under whom it is found without looking through all: `person/p.sato`, `database/NDB` */
  readonly keys: readonly string[]
  /** whether it still lives: only what does is swept */
  readonly open: boolean
}

/** A FIFO message, as `SendMessage` takes it. */
export interface LaneMessage {
  readonly lane: 'reconcile' | 'suspend'
  readonly MessageBody: string
  readonly MessageGroupId: string
  readonly MessageDeduplicationId: string
}

/**
 * What a decision may read beside its own stream. Each attempt reads anew; a stream that was loaded is continued at the
 * head it had.
 */
export interface Reader {
  /** the state of another stream, read consistently */
  load<State, Event>(aggregate: StreamKind<State, Event>, id: string): Promise<State>
  /** what stacks publish of themselves, as JSON under `/renkei/<env>/<kind>/` */
  published<T>(kind: 'database' | 'cell'): Promise<readonly T[]>
  /** the organisations people were last seen with (C-4); whoever did nothing yet is absent */
  organisationsOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** the rules that a context keeps as data in `policies/<context>/` */
  policy<T>(context: string): T
}

/** As much of an aggregate as replaying its stream takes. */
export interface StreamKind<State, Event> {
  readonly name: string
  readonly decider: { readonly initial: State; evolve(state: State, event: Event): State }
  readonly told?: (event: Event) => State | undefined
}

/** Events for another stream, appended in the transaction of the decision they follow from. */
export interface CompanionStream {
  readonly stream: string
  readonly events: readonly Typed[]
}

export interface Companion {
  /** the aggregate whose decisions are followed */
  readonly of: string
  /** what those decisions need to know of this context */
  surroundings?(reader: Reader, command: Typed, id: string): Promise<object>
  /** what the events lead to; a refusal refuses the whole command */
  follow(facts: Followed): Promise<Decision<CompanionStream>>
}

/** A decision that was made, before it is appended. */
export interface Followed {
  readonly reader: Reader
  readonly id: string
  readonly events: readonly Typed[]
  /** the state before and after the events */
  readonly before: unknown
  readonly after: unknown
  readonly context: Context
}

/** An aggregate among others, its own types forgotten. */
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyAggregate = Aggregate<any, any, any, any>

/** Letters, digits, hyphens, at most 64: the grammar of every id. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/

/** Splits `project/A-0001`; undefined where it names no stream of these aggregates. */
export function parseStream(
  aggregates: readonly AnyAggregate[],
  stream: string,
): { readonly aggregate: AnyAggregate; readonly id: string } | undefined {
  const slash = stream.indexOf('/')
  const aggregate = aggregates.find(({ name }) => name === stream.slice(0, slash))
  const id = stream.slice(slash + 1)
  return slash > 0 && aggregate !== undefined && aggregate.idPattern.test(id) ? { aggregate, id } : undefined
}
