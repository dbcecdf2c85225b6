import { replay, type Decider } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { LedgerRecord } from './record.ts'

/** Events that have another name today; what they say is the same. */
const renamed: Readonly<Record<string, string>> = { PlaceTaken: 'SeatTaken' }

/**
 * An event as it is written today, whenever it was recorded. The ledger itself is never rewritten, for its hashes cover
 * every record as it was first written (C-5): an earlier shape is turned into the present one where a stream is
 * replayed, and nowhere else.
 */
export function currentEvent(event: unknown): unknown {
  if (!isObject(event) || typeof event['type'] !== 'string') return event
  const type = Object.hasOwn(renamed, event['type']) ? renamed[event['type']] : event['type']
  const { problems } = event
  return type === 'ApplicationReturned' && Array.isArray(problems)
    ? { ...event, type, problems: problems.map(currentProblem) }
    : { ...event, type }
}

/** The state that the records of a whole stream tell, of any age. */
export const replayRecords = <State, Event>(
  decider: Pick<Decider<State, never, Event>, 'initial' | 'evolve'>,
  records: readonly Pick<LedgerRecord, 'event'>[],
): State =>
  replay(
    decider,
    records.map(({ event }) => currentEvent(event) as Event),
  )

/** A problem as it was recorded before refusals had a reason and two languages; its own words then stand for both. */
interface EarlierProblem {
  readonly code: string
  readonly message: string
  readonly remedy: string
  readonly requirement?: string
  readonly path?: string
}

function currentProblem(problem: unknown): unknown {
  if (!isObject(problem) || !('message' in problem)) return problem
  const { code, message, remedy, requirement, path } = problem as unknown as EarlierProblem
  return {
    code,
    what: { en: message, ja: message },
    why:
      requirement === undefined
        ? { en: 'the format check demands it', ja: '形式審査の規則によります。' }
        : { en: `requirement ${requirement} demands it`, ja: `要件${requirement}によります。` },
    next: { en: remedy, ja: remedy },
    ...(requirement !== undefined && { requirement }),
    ...(path !== undefined && { path }),
  } satisfies Refusal
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
