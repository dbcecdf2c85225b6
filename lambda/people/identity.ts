import type { Actor, Role } from '#domain/kernel/decider.ts'

/** Claims of a verified id token as API Gateway hands them on: every value is text. */
export type Claims = Readonly<Record<string, string | undefined>>

/**
 * Roles a token can give. `system` is not among them: a machine acts through its own function, never through the API.
 */
const GIVEN_BY_GROUP: readonly Role[] = ['applicant', 'handler', 'reviewer', 'holder', 'operator']

/**
 * As `personId` of the domain: no slash, so that no person can look like `system/…`, and nothing that would change the
 * meaning of a key.
 */
const PERSON = /^[a-z0-9][a-z0-9._-]{0,63}$/

/** A user pool that enforces a one-time code beside the password issues a token for its own users only after both. */
const POOL_FACTORS = ['pwd', 'otp'] as const

/** The one natural person behind a token (AUTH-3); undefined where the token does not say who that is. */
export function actorOf(claims: Claims): Actor | undefined {
  const id = claims['custom:person']
  const organisation = claims['custom:organisation']
  if (id === undefined || !PERSON.test(id) || organisation === undefined || organisation.trim() === '') return undefined
  const databases = listOf(claims['custom:database'])
  return {
    id,
    organisation,
    roles: GIVEN_BY_GROUP.filter((role) => listOf(claims['cognito:groups']).includes(role)),
    factors: factorsOf(claims),
    ...(databases.length > 0 && { databases }),
  }
}

/**
 * What the person proved in this session (AUTH-1): what the token says; for somebody who came from the identity
 * provider only what the provider said (`custom:factors`); for the pool's own users what the pool enforces.
 */
function factorsOf(claims: Claims): readonly string[] {
  if (claims['amr'] !== undefined) return listOf(claims['amr'])
  if (claims['identities'] !== undefined) return listOf(claims['custom:factors'])
  return POOL_FACTORS
}

/** API Gateway writes a list as `a,b` or `[a b]`; a JSON list is taken as well. */
function listOf(claim: string | undefined): readonly string[] {
  return (claim ?? '').split(/[\s,"[\]]+/u).filter((item) => item !== '')
}
