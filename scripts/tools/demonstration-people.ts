import { createHmac } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stateDirectory } from './folders.ts'

/** A person of the demonstration with what signs them in; it opens nothing but the emulator on this machine. */
export interface DemonstrationPerson {
  readonly id: string
  readonly organisation: string
  readonly roles: readonly string[]
  readonly databases?: readonly string[]
  readonly password: string
  /** base32 secret of the one-time codes */
  readonly secret: string
}

const file = () => join(stateDirectory, 'people.json')

/** Forgets the people of an earlier start, whose accounts went with its emulator. */
export const forgetPeople = (): void => rmSync(file(), { force: true })

/** The people that the running local platform knows; none where it has not come so far. */
export function demonstrationPeople(): readonly DemonstrationPerson[] {
  try {
    return JSON.parse(readFileSync(file(), 'utf8')) as readonly DemonstrationPerson[]
  } catch {
    return []
  }
}

/** Keeps what signs a person in, readable by this user alone, so that `renkei do --as` can. */
export function keepCredentials(person: DemonstrationPerson): void {
  mkdirSync(stateDirectory, { recursive: true })
  const others = demonstrationPeople().filter(({ id }) => id !== person.id)
  writeFileSync(file(), JSON.stringify([...others, person], null, 1), { mode: 0o600 })
}

/** RFC 6238 code of a base32 secret: 30-second steps, six digits, SHA-1 as Cognito asks. */
export function oneTimeCode(secret: string, at: number): string {
  const bits = [...secret.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [])
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const offset = digest.at(-1)! & 0xf
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
