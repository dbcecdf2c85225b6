/** The names of errors say what happened; the SDK's classes would load every model. */
export const errorName = (error: unknown) => (error instanceof Error ? error.name : 'unknown')

/** Whether the service answered with one of these errors. Some clients give the code beside the name. */
export const isNamed = (error: unknown, ...names: readonly string[]) =>
  error instanceof Error && (names.includes(error.name) || names.includes((error as { Code?: string }).Code ?? ''))

/**
 * Runs a call and gives undefined where it ends with one of these errors: what was to be made is there already, or what
 * was to be looked at or taken away is not there.
 */
export async function tolerate<Value>(
  names: readonly string[],
  call: () => Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await call()
  } catch (error) {
    if (isNamed(error, ...names)) return undefined
    throw error
  }
}

/** Name and message, for the one line that a function writes of a failure. */
export const describeError = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1_000) : 'unknown'
