import type { AccountView } from './account-view.ts'
import type { Answer, Api } from './api.ts'
import type { Participants } from './participants.ts'
import type { SignedIn } from './people.ts'

/** What a step of the story shows: the ledger events it led to, or the refusal it expected. */
export interface Shown {
  readonly events: readonly string[]
  readonly note?: string
}

/** One thing that somebody does, or that happens by itself. */
export interface Step {
  readonly id: string
  readonly title: string
  run(story: Story): Promise<Shown>
}

/** Everything the steps work with. */
export interface Story {
  readonly api: Api
  readonly participants: Participants<SignedIn>
  readonly account: AccountView
  readonly applicationId: string
  /** known from the grant on */
  projectId: string
  readonly form: Readonly<Record<string, any>>
  readonly databases: readonly { readonly id: string }[]
  /** ids of the review checklist, each to be answered (REV-1) */
  readonly checklist: readonly string[]
  readonly termsVersion: string
  readonly progress: (detail: string) => void
}

/** The events of a command that must be accepted; otherwise the step fails with the reasons given. */
export function accepted(answer: Answer, expected: string): Shown {
  const events = answer.events.map(({ type }) => type)
  if (answer.status === 200 && events.includes(expected)) return { events }
  const reasons = answer.refusals.map(({ path, code, what }) => `${path ?? code}: ${what}`).join('; ')
  throw new Error(`expected ${expected}, got ${answer.status}: ${reasons || JSON.stringify(answer.body).slice(0, 400)}`)
}

/** The refusal of a command that must be refused. */
export function refused(answer: Answer): Shown {
  if (answer.status !== 409 && answer.status !== 403)
    throw new Error(`expected a refusal, got ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`)
  return { events: [], note: `refused: ${answer.refusals[0]?.what ?? answer.body.message}` }
}

/** Fails the running step where something is not as it must be. */
export function expectThat(holds: boolean, expectation: string): void {
  if (!holds) throw new Error(`expected: ${expectation}`)
}
