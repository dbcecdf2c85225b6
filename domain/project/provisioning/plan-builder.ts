import type { Instant } from '#domain/kernel/decider.ts'
import type { ProvisionedResource } from '../events.ts'
import type { Action, ActionBody } from './actions.ts'
import type { Note, Seen } from './observed.ts'

export interface Limits {
  readonly now: Instant
  /**
   * desktops of the whole platform that exist; undefined where they were not counted: then no more than one is removed
   * (C-11)
   */
  readonly desktopsExisting: number | undefined
  /**
   * desktops that passes of any project removed without approvals during the last day: many small removals count as one
   * (C-11). @default none
   */
  readonly removalsOfLastDay?: readonly string[]
  /** how long a view is given to catch up, before an absence or a missing answer is believed */
  readonly settleSeconds: number
}

/** What a pass comes to, while it is being made. */
export class PlanBuilder {
  readonly actions: Action[] = []
  readonly waiting: string[] = []
  readonly quarantine: ProvisionedResource[] = []
  readonly destroyed: ProvisionedResource[] = []
  readonly removes: string[] = []
  /** by desktop, the actions of this pass that shut it off: its termination comes after them */
  readonly shutOffActions = new Map<string, readonly string[]>()
  readonly limits: Limits
  readonly notes: Readonly<Record<string, Note>>

  constructor(limits: Limits, notes: Readonly<Record<string, Note>>) {
    this.limits = limits
    this.notes = notes
  }

  /** Adds an action; `subject` makes its id unique. Gives the id, for others to come `after`. */
  add(
    body: ActionBody,
    subject: string,
    options: { readonly after?: readonly string[]; readonly intent?: string } = {},
  ): string {
    const id = `${body.type} ${subject}`
    this.actions.push({ ...body, id, ...options })
    return id
  }

  wait(reason: string): undefined {
    this.waiting.push(reason)
    return undefined
  }

  raise(resource: ProvisionedResource): void {
    this.quarantine.push(resource)
  }

  /** The value, or undefined and a reason to wait. */
  value<Value>(what: string, found: Seen<Value>): { readonly value: Value } | undefined {
    return found.seen ? found : this.wait(`${what} could not be seen: ${found.reason}`)
  }

  /** Whether something noted under this name is so fresh that the views may not show it yet. */
  fresh(name: string): boolean {
    const note = this.notes[name]
    return note !== undefined && this.#age(note) < this.limits.settleSeconds
  }

  /**
   * Whether an absence can be believed: it was noted before and has lasted. The first time it is only noted; what is
   * there again is forgotten. One empty or lagging answer thus destroys nothing (C-11).
   */
  lasting(what: string, absent: boolean): boolean {
    const name = `absent ${what}`
    const note = this.notes[name]
    if (!absent) {
      if (note !== undefined) this.add({ type: 'ForgetNote', name }, name)
      return false
    }
    if (note === undefined) this.add({ type: 'WriteNote', name, note: { at: this.limits.now } }, name)
    else if (this.#age(note) >= this.limits.settleSeconds) return true
    this.wait(`${what} is not to be seen; believed when that has lasted ${this.limits.settleSeconds} s`)
    return false
  }

  #age = (note: Note) => (Date.parse(this.limits.now) - Date.parse(note.at)) / 1000
}
