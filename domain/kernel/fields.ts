import * as z from 'zod'

/** Building blocks of everything that comes from outside: bounded, well-formed, without control characters. */

/** Control, surrogate and line-separating characters, and those that print nothing or turn the direction of writing: what a reader sees is what was written. */
const UNFIT = '\\p{Cc}\\p{Cs}\\p{Cf}\\p{Zl}\\p{Zp}'
const sayLine = 'write 1 to 200 characters without control or invisible characters'
export const line = z.string().regex(new RegExp(`^(?=.*\\S)[^${UNFIT}]{1,200}$`, 'u'), sayLine)
/** Free text of a section; line breaks and tabs are allowed. Bounded so that an event stays below DynamoDB's 400 KB an item. */
export const prose = z
  .string()
  .regex(
    new RegExp(`^(?=[\\s\\S]*\\S)(?:[^${UNFIT}]|[\\n\\r\\t]){1,4000}$`, 'u'),
    'write 1 to 4000 characters; of control characters only line breaks and tabs',
  )
/** The same, where a rule decides whether it may be empty. */
export const optionalProse = z
  .string()
  .regex(
    new RegExp(`^(?:[^${UNFIT}]|[\\n\\r\\t]){0,4000}$`, 'u'),
    'write at most 4000 characters; of control characters only line breaks and tabs',
  )
/** The identity provider's stable id of one person (AUTH-3). */
export const personId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'write a person id: lower-case letters, digits, full stop, hyphen or underscore, at most 64',
  )
/** As in the configuration of the environment. */
export const databaseId = z
  .string()
  .regex(/^[A-Z][A-Z0-9]{1,11}$/, 'write the id of a database: 2 to 12 capital letters or digits')
export const date = z.iso.date('write a date that exists as YYYY-MM-DD')
export const email = z.email('write an e-mail address').max(254, 'write at most 254 characters')
export const phone = z.string().regex(/^\+?[0-9-]{6,20}$/, 'write 6 to 20 digits and hyphens')
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'write the SHA-256 of the document: 64 lower-case hexadecimal digits')
