import type { Reader, StreamKind } from '#domain/ledger/aggregate.ts'
import { currentEvent, replayRecords } from '#domain/ledger/earlier-records.ts'
import { emptyHead, type StreamHead } from '#domain/ledger/record.ts'
import { headOf, readLast, readStream, type LedgerPort } from './ledger.ts'
import { organisationsOf, type ViewPort } from './view.ts'

/** What the functions that decide are given, beside the registry. */
export interface Sources {
  readonly port: LedgerPort
  readonly views: ViewPort
  /** what stacks publish, by kind */
  readonly published: (kind: 'database' | 'cell') => Promise<readonly unknown[]>
  /** the data of `policies/<context>/`, by context */
  readonly policies: Readonly<Record<string, unknown>>
}

/**
 * Reads for one attempt at a decision, and remembers the heads: what was read is continued where it then stood, or the
 * attempt is lost.
 */
export class AttemptReader implements Reader {
  readonly #sources: Sources
  readonly #heads = new Map<string, StreamHead>()

  constructor(sources: Sources) {
    this.#sources = sources
  }

  async load<State, Event>({ name, decider, told }: StreamKind<State, Event>, id: string): Promise<State> {
    const stream = `${name}/${id}`
    if (told !== undefined) {
      const last = await readLast(this.#sources.port, stream)
      const state = last && told(currentEvent(last.event) as Event)
      if (last !== undefined && state !== undefined) {
        this.#heads.set(stream, headOf([last]))
        return state
      }
    }
    const records = await readStream(this.#sources.port, stream)
    this.#heads.set(stream, headOf(records))
    return replayRecords(decider, records)
  }

  async published<T>(kind: 'database' | 'cell'): Promise<readonly T[]> {
    return (await this.#sources.published(kind)) as readonly T[]
  }

  organisationsOf(persons: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return organisationsOf(this.#sources.views, persons)
  }

  policy<T>(context: string): T {
    const data = this.#sources.policies[context]
    if (data === undefined) throw new Error(`policies/${context}: no data of it were handed to the function`)
    return data as T
  }

  headOf(stream: string): StreamHead {
    return this.#heads.get(stream) ?? emptyHead
  }
}
