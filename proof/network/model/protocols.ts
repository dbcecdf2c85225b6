import type { Ports, Protocol } from './network.ts'

const NUMBERS: Readonly<Record<string, Protocol>> = { tcp: 6, udp: 17, icmp: 1, '-1': -1, all: -1 }

/** A protocol as templates write it, by name or number; undefined where it is none we know. */
export function protocolOf(value: unknown): Protocol | undefined {
  const text = String(value).toLowerCase()
  if (text in NUMBERS) return NUMBERS[text]
  const number = Number(text)
  return /^\d+$/.test(text) && number <= 255 ? number : undefined
}

export const hasPorts = (protocol: Protocol) => protocol === 6 || protocol === 17

/** Ports `from` to `to`, numbers or numerals; undefined where they are none. */
export function portsOf(from: unknown, to: unknown): Ports | undefined {
  const [first, last] = [Number(from), Number(to)]
  return Number.isInteger(first) && Number.isInteger(last) && first >= 0 && first <= last && last <= 65_535
    ? [first, last]
    : undefined
}
