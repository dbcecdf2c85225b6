import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalisedRefusal } from '#domain/kernel/refusal.ts'
import type { SignedIn } from './people.ts'

interface Receipt {
  readonly stream: string
  readonly sequence: number
  readonly hash: string
}

export interface Answer {
  readonly status: number
  readonly events: readonly { readonly type: string; readonly [key: string]: any }[]
  readonly receipts: readonly Receipt[]
  readonly refusals: readonly LocalisedRefusal[]
  readonly body: any
}

/** The control plane as its users reach it: HTTP with a bearer token. */
export class Api {
  private readonly base: string

  constructor(base: string) {
    this.base = base
  }

  /** Issues a command as a person; the answer carries the events it led to, or why it was refused. */
  async command(
    person: SignedIn,
    stream: string,
    command: { readonly type: string; readonly [key: string]: unknown },
  ): Promise<Answer> {
    return await this.call(person, 'POST', 'commands', { stream, command, idempotencyKey: crypto.randomUUID() })
  }

  async get(person: SignedIn, path: string): Promise<Answer> {
    return await this.call(person, 'GET', path)
  }

  /** Whether a request without a token is refused (ARC-4). */
  async refusesWithoutToken(): Promise<boolean> {
    const response = await fetch(`${this.base}/projects`)
    return response.status === 401 || response.status === 403
  }

  private async call(person: SignedIn, method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.base}/${path}`, {
      method,
      headers: { authorization: person.token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    let parsed: any
    try {
      parsed = JSON.parse(text)
    } catch {
      parsed = { message: text.slice(0, 300) }
    }
    return {
      status: response.status,
      events: parsed.events ?? [],
      receipts: parsed.receipts ?? [],
      refusals: parsed.refusals ?? [],
      body: parsed,
    }
  }
}

/** Asks again until an answer is there; `progress` is told what is still missing. */
export async function until<T>(
  what: string,
  limitSeconds: number,
  ask: () => Promise<T | undefined>,
  progress: (missing: string) => void = () => {},
): Promise<T> {
  const deadline = Date.now() + limitSeconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${limitSeconds} s`)
    progress(what)
    await sleep(500)
  }
}
