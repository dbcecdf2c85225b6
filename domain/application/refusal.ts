import type { Rejection } from '../kernel/decider.ts'

/** One reason why a command is refused. */
export const refusal = (
  code: string,
  message: string,
  remedy: string,
  requirement?: string,
  path?: string,
): Rejection => ({
  code: `application.${code}`,
  message,
  remedy,
  ...(requirement !== undefined && { requirement }),
  ...(path !== undefined && { path }),
})
