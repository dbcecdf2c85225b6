/**
 * Kinds of factor by what a token may say of it (RFC 8176 `amr` values, and the names the configuration uses). `mfa`
 * alone proves no kind.
 */
const kinds = new Map<string, 'knowledge' | 'possession' | 'biometric'>([
  ['pwd', 'knowledge'],
  ['password', 'knowledge'],
  ['pin', 'knowledge'],
  ['otp', 'possession'],
  ['totp', 'possession'],
  ['hwk', 'possession'],
  ['swk', 'possession'],
  ['pop', 'possession'],
  ['sc', 'possession'],
  ['passkey', 'possession'],
  ['certificate', 'possession'],
  ['fpt', 'biometric'],
  ['face', 'biometric'],
  ['iris', 'biometric'],
  ['retina', 'biometric'],
  ['vbm', 'biometric'],
  ['biometric', 'biometric'],
])

/**
 * How many different kinds of factor were proved (AUTH-1 asks for two); what is not known proves nothing, SMS and
 * e-mail codes included.
 */
export const factorKinds = (factors: readonly string[]): number =>
  new Set(factors.flatMap((factor) => kinds.get(factor) ?? [])).size
