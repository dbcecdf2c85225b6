import { formatAddress } from '#lib/kernel/config/addresses.ts'
import type { Packet } from './headers.ts'
import type { Counterexample } from './prove.ts'
import type { Step } from './evaluate.ts'

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }

/** `tcp 172.24.0.4:32768 → 172.20.0.0:5432`. */
export function packetInWords({ source, destination, protocol, sourcePort, destinationPort }: Packet): string {
  const name = PROTOCOLS[protocol] ?? `protocol ${protocol}`
  return protocol === 6 || protocol === 17
    ? `${name} ${formatAddress(source)}:${sourcePort} → ${formatAddress(destination)}:${destinationPort}`
    : `${name} ${formatAddress(source)} → ${formatAddress(destination)}`
}

/** The hops of a way, one a line, each with the rule that let the packet through. */
export const pathInWords = (path: readonly Step[], indent = ''): string =>
  path.map(({ at, rule }, index) => `${indent}${String(index + 1).padStart(2)}. ${at}\n${indent}    ${rule}`).join('\n')

/** A counterexample in one line. */
export function counterexampleInWords({ from, to, packet, why }: Counterexample): string {
  return `${from}${to === '' ? '' : ` → ${to}`}: ${why}${packet ? ` (${packetInWords(packet)})` : ''}`
}
