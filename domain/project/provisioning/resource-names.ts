import { createHash } from 'node:crypto'

/**
 * Names the provisioner gives. They are its idempotency keys: the same project and person always give the same name,
 * so a create that was repeated, or whose answer was lost, is found again instead of made twice (C-10).
 */

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** Lower-case base32 of SHA-256; 5 bits a character. The separator keeps ('a','bc') apart from ('ab','c'). */
function shortHash(length: number, ...parts: readonly string[]): string {
  const bytes = createHash('sha256')
    .update(parts.map((part) => `${part.length}:${part}`).join('\n'), 'utf8')
    .digest()
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  return Array.from({ length }, (_, index) => ALPHABET[Number((bits >> BigInt(256 - 5 * (index + 1))) & 31n)]).join('')
}

/** `name` where it fits, else its beginning and a hash of the whole. */
function bounded(name: string, maximum: number): string {
  return name.length <= maximum ? name : `${name.slice(0, maximum - 20)}-${shortHash(19, name)}`
}

/**
 * The AD and WorkSpaces user name of a person in a project: 20 characters (the limit of `SAMAccountName`, and of Linux
 * desktops), a letter first, 95 bits of hash. It says nothing about the person.
 */
export const userName = (projectId: string, personId: string) => `r${shortHash(19, projectId, personId)}`

export const keyAlias = (environment: string, projectId: string) =>
  bounded(`alias/renkei/${environment}/project/${projectId}`, 256)
/** The group on the project's desktops. */
export const desktopGroupName = (environment: string, projectId: string) =>
  bounded(`renkei-${environment}-project-${projectId}`, 255)
/** The group on the project's mount targets. */
export const storeGroupName = (environment: string, projectId: string) =>
  bounded(`renkei-${environment}-store-${projectId}`, 255)
/** Creation token of the file system, client token of its access point (64 characters at most). */
export const creationToken = (environment: string, projectId: string) =>
  bounded(`renkei-${environment}-${projectId}`, 64)

export const grantedTag = (database: string) => `renkei:granted:${database}`
export const GRANTED_PREFIX = 'renkei:granted:'
export const BLOCKED_TAG = 'renkei:blocked'

export type Tags = Readonly<Record<string, string>>
/** Tags as most services take them. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** On everything the provisioner makes. */
export const projectTags = (environment: string, projectId: string, personId?: string): Tags => ({
  'renkei:environment': environment,
  'renkei:project': projectId,
  'renkei:managed': 'provisioner',
  ...(personId !== undefined && { 'renkei:person': personId }),
})
