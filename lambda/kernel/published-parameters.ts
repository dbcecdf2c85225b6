import { GetParametersCommand, paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm'

/** What is published changes only with a deployment; a function that has run for longer than this reads it again. */
const FRESH_MS = 60_000
/** The most names one GetParameters takes (SSM API reference). */
const NAMES = 10

/** Answers that are fresh enough to be given again. */
class FreshAnswers<Answer> {
  readonly #answers = new Map<string, { readonly at: number; readonly answer: Answer }>()

  get(question: string): Answer | undefined {
    const last = this.#answers.get(question)
    return last !== undefined && Date.now() - last.at < FRESH_MS ? last.answer : undefined
  }

  keep(question: string, answer: Answer): void {
    this.#answers.set(question, { at: Date.now(), answer })
  }

  forget(question: string): void {
    this.#answers.delete(question)
  }
}

const byName = new FreshAnswers<string>()
const byPath = new FreshAnswers<Promise<readonly string[]>>()

/** The values of these parameters; one that does not exist is left out, and asked for again the next time. */
export async function parametersOf(ssm: SSMClient, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const values = new Map<string, string>()
  for (const name of names) {
    const fresh = byName.get(name)
    if (fresh !== undefined) values.set(name, fresh)
  }
  const stale = names.filter((name) => !values.has(name))
  for (let from = 0; from < stale.length; from += NAMES) {
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names: stale.slice(from, from + NAMES) }))
    for (const { Name, Value } of Parameters ?? []) {
      if (Name === undefined || Value === undefined) continue
      byName.keep(Name, Value)
      values.set(Name, Value)
    }
  }
  return values
}

/** The values of all parameters below a path. */
export function parametersBelow(ssm: SSMClient, path: string): Promise<readonly string[]> {
  const fresh = byPath.get(path)
  if (fresh !== undefined) return fresh
  const values = readBelow(ssm, path)
  byPath.keep(path, values)
  // A failed read must not be remembered.
  values.catch(() => byPath.forget(path))
  return values
}

async function readBelow(client: SSMClient, Path: string): Promise<readonly string[]> {
  const values: string[] = []
  for await (const { Parameters } of paginateGetParametersByPath({ client }, { Path, Recursive: true }))
    values.push(...(Parameters ?? []).flatMap(({ Value }) => Value ?? []))
  return values
}
