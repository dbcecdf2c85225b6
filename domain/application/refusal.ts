import type { Refusal } from '../kernel/refusal.ts'

/** One reason why a command is refused. */
export const refusal = (
  code: string,
  message: string,
  remedy: string,
  requirement?: string,
  path?: string,
): Refusal => ({
  code: `application.${code}`,
  what: { en: message, ja: message },
  why: { en: message, ja: message },
  next: { en: remedy, ja: remedy },
  ...(requirement !== undefined && { requirement }),
  ...(path !== undefined && { path }),
})
