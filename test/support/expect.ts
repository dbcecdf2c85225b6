import { expect } from '@jest/globals'

type Matchers = ReturnType<typeof expect<unknown>>

/** `expect` with a sentence of its own for the reader of a failure: what was meant to hold, before what was found. */
export function expectThat(value: unknown, message: unknown): Matchers {
  return explained(expect(value), String(message)) as Matchers
}

/** The same matchers; whatever one of them throws begins with the sentence. */
function explained(matchers: object, message: string): object {
  return new Proxy(matchers, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member === 'object' && member !== null) return explained(member, message)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        try {
          const result: unknown = Reflect.apply(member, target, args)
          return isThenable(result) ? result.then(undefined, (error: unknown) => fail(error, message)) : result
        } catch (error) {
          return fail(error, message)
        }
      }
    },
  })
}

/** A promise of this realm or another: what Node itself gives is not an instance of the test's own Promise. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function fail(error: unknown, message: string): never {
  if (error instanceof Error) {
    error.message = `${message}\n\n${error.message}`
    // So that the place that is shown is the test's own.
    error.stack = error.stack?.replaceAll(/^.*\bsupport\/expect\.ts.*\n?/gm, '')
  }
  throw error
}
