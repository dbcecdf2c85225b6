import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import { headers, type Headers } from './headers.ts'
import { fromPairs } from './intervals.ts'
import type { Party } from './model/network.ts'

export const EXCEPTIONS_FILE = join(import.meta.dirname, '..', '..', 'policies', 'network', 'exceptions.yaml')

/** Kinds of parties, as exceptions speak of them. */
const PARTY_KINDS = [
  'granted desktop',
  'idle desktop',
  'suspended desktop',
  'store',
  'controllers',
  'resolver',
  'database',
  'unknown peer',
  'endpoint',
  'unplanned interface',
  'Internet',
  "names of AWS's resolver",
] as const
export type PartyKind = (typeof PARTY_KINDS)[number]

/** The kind that a party is of. */
export function partyKindOf(party: Party): PartyKind {
  switch (party.kind) {
    case 'desktop':
      return party.access === 'shut-off' ? 'suspended desktop' : `${party.access} desktop`
    case 'peer':
      return 'unknown peer'
    case 'stray':
      return 'unplanned interface'
    case 'internet':
      return 'Internet'
    default:
      return party.kind
  }
}

const port = z.int().min(0).max(65_535)
const text = z.string().trim().min(1)
const partyKind = z.enum(PARTY_KINDS)
const REASON = [
  'say what the second layer is that packets do not show, or why there is none,',
  'in a sentence of at least 60 characters',
].join(' ')
const entry = z
  .strictObject({
    id: z.string().regex(/^NX-\d+$/),
    from: z.array(partyKind).min(1),
    to: z.array(partyKind).min(1),
    layer: z
      .enum(['source group', 'network ACL', 'routes', 'firewall', 'destination group', 'DNS firewall'])
      .describe('the one layer that holds'),
    protocols: z.array(z.enum(['tcp', 'udp', 'icmp', 'dns', 'any'])).min(1),
    ports: z
      .array(z.tuple([port, port]))
      .optional()
      .describe('destination ports; left out: all'),
    reason: text.min(60, REASON),
    owner: text,
    secondOwner: text,
    expires: z.iso.date(),
  })
  .refine(({ owner, secondOwner }) => owner !== secondOwner, {
    path: ['secondOwner'],
    message: 'two different owners answer for an exception',
  })

/** A kind of flow that only one layer blocks, decided by two people until a day (C-9). */
export type Exception = z.infer<typeof entry>

/** Reads `policies/network/exceptions.yaml`. Throws an `Obstacle` at the first fault. */
export function readExceptions(file: string): Exception[] {
  const result = z.array(entry).safeParse(parse(readFileSync(file, 'utf8')) ?? [])
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  const where = path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join(', ')
  throw new Obstacle({
    code: 'network.exception-unreadable',
    what: `${file}: entry ${where}: ${message}`,
    why: 'two people decide an exception, for flows that it names, until a day',
    next: 'correct the entry; its fields are those of the others',
    requirement: 'C-9',
  })
}

const NUMBERS = { tcp: 6, udp: 17, icmp: 1 } as const

/** The packets that an exception speaks of, between its parties. */
export function packetsOf({ protocols, ports }: Exception): Headers {
  const numbers = protocols.flatMap((name) => (name in NUMBERS ? [NUMBERS[name as keyof typeof NUMBERS]] : []))
  return headers({
    ...(protocols.includes('any') ? {} : { protocol: fromPairs(numbers.map((number) => [number, number] as const)) }),
    ...(ports ? { destinationPort: fromPairs(ports) } : {}),
  })
}
