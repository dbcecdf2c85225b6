import type { Clock } from '#domain/kernel/clock.ts'

/** All WorkSpaces calls of an account share two a second (docs/aws-behaviour.md, WorkSpaces): look rarely. */
const POLL_MILLISECONDS = 5_000

/** What was waited for did not happen in time. */
export class WaitedTooLong extends Error {
  override readonly name = 'WaitedTooLong'
}

/**
 * Looks again and again until `look` gives a value. `what` completes the sentence "Waited in vain for …".
 * Throws WaitedTooLong once the next look would come after the deadline.
 */
export async function waitFor<Value>(
  what: string,
  { clock, deadline }: { readonly clock: Clock; readonly deadline: number },
  look: () => Promise<Value | undefined>,
): Promise<Value> {
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (clock.now() + POLL_MILLISECONDS > deadline) {
      throw new WaitedTooLong(`Waited in vain for ${what}. Nothing is lost: deploy again and it goes on from here.`)
    }
    await clock.sleep(POLL_MILLISECONDS)
  }
}

/**
 * A new thing may be missing from a description for a while (WorkSpaces, EC2: eventual consistency); absence counts
 * once it has lasted this long.
 */
const SETTLE_MILLISECONDS = 15_000

/**
 * Waits until `absent` has said yes for a while without a no in between, so that a thing made a moment ago is not taken
 * for gone. Throws WaitedTooLong like `waitFor`.
 */
export async function waitForAbsence(
  what: string,
  context: { readonly clock: Clock; readonly deadline: number },
  absent: () => Promise<boolean>,
): Promise<void> {
  let since: number | undefined
  await waitFor(what, context, async () => {
    if (!(await absent())) {
      since = undefined
      return undefined
    }
    since ??= context.clock.now()
    return context.clock.now() - since >= SETTLE_MILLISECONDS ? true : undefined
  })
}
