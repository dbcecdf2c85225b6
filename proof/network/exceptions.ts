import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { headers, type Headers } from './headers.ts'
import { fromPairs } from './intervals.ts'
import type { Layer } from './evaluate.ts'
import type { Who } from './model/network.ts'

/** Parties as exceptions speak of them. */
const PARTIES = [
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
export type Party = (typeof PARTIES)[number]

/** The party that somebody is. */
export function partyOf(who: Who): Party {
  switch (who.kind) {
    case 'desktop':
      return who.access === 'shut-off' ? 'suspended desktop' : `${who.access} desktop`
    case 'peer':
      return 'unknown peer'
    case 'stray':
      return 'unplanned interface'
    case 'internet':
      return 'Internet'
    default:
      return who.kind
  }
}

const port = z.int().min(0).max(65_535)
const words = z.string().trim().min(1)
const party = z.enum(PARTIES)
const entry = z
  .strictObject({
    id: z.string().regex(/^NX-\d+$/),
    from: z.array(party).min(1),
    to: z.array(party).min(1),
    layer: z
      .enum(['source group', 'network ACL', 'routes', 'firewall', 'destination group', 'DNS firewall'])
      .describe('the one layer that holds'),
    protocols: z.array(z.enum(['tcp', 'udp', 'icmp', 'dns', 'any'])).min(1),
    ports: z
      .array(z.tuple([port, port]))
      .optional()
      .describe('destination ports; left out: all'),
    reason: words.min(
      60,
      'say what the second layer is that packets do not show, or why there is none, in a sentence of at least 60 characters',
    ),
    owner: words,
    secondOwner: words,
    expires: z.iso.date(),
  })
  .refine(({ owner, secondOwner }) => owner !== secondOwner, {
    path: ['secondOwner'],
    message: 'two different owners answer for an exception',
  })

/** A kind of flow that only one layer blocks, decided by two people until a day (C-9). */
export type Exception = z.infer<typeof entry>

/** Reads `policies/network/exceptions.yaml`. Throws with the place and the reason of the first fault. */
export function readExceptions(file: string): Exception[] {
  const result = z.array(entry).safeParse(parse(readFileSync(file, 'utf8')) ?? [])
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Error(
    `${file}: entry ${issue!.path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join(', ')}: ${issue!.message}`,
  )
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

/** Whether an exception is about this layer between these parties. */
export const concerns = (exception: Exception, from: Who, to: Who, layer: Layer) =>
  exception.layer === layer && exception.from.includes(partyOf(from)) && exception.to.includes(partyOf(to))
