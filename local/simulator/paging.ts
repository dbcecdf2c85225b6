import { ServiceError } from './errors.ts'

export interface Page<T> {
  readonly items: T[]
  readonly NextToken: string | undefined
}

/** A page of `items`; the token is opaque, as in AWS. */
export function paged<T>(
  items: readonly T[],
  token: string | undefined,
  size: number | undefined,
  largest: number,
  badToken = 'InvalidNextToken',
): Page<T> {
  const from =
    token === undefined
      ? 0
      : Number(
          Buffer.from(token, 'base64url')
            .toString()
            .replace(/^from:/, ''),
        )
  if (!Number.isInteger(from) || from < 0) throw new ServiceError(badToken, 'The token is not valid')
  const to = from + Math.min(size ?? largest, largest)
  return {
    items: items.slice(from, to),
    NextToken: to < items.length ? Buffer.from(`from:${to}`).toString('base64url') : undefined,
  }
}
