import { refusalLines } from '#domain/kernel/refusal.ts'
import { formatAddress } from '#lib/kernel/config/addresses.ts'
import type { Counterexample } from './counterexamples.ts'
import type { Trace } from './trace.ts'
import type { Explanation } from './explain.ts'
import type { Packet } from './headers.ts'

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }

/** `tcp 172.24.0.4:32768 → 172.20.0.0:5432`. */
export function printPacket({ source, destination, protocol, sourcePort, destinationPort }: Packet): string {
  const name = PROTOCOLS[protocol] ?? `protocol ${protocol}`
  return protocol === 6 || protocol === 17
    ? `${name} ${formatAddress(source)}:${sourcePort} → ${formatAddress(destination)}:${destinationPort}`
    : `${name} ${formatAddress(source)} → ${formatAddress(destination)}`
}

/** The hops, one a line, each with the rule that let the packet on. */
export const printTrace = (trace: Trace, indent = ''): string =>
  trace
    .map(({ at, rule }, index) => `${indent}${String(index + 1).padStart(2)}. ${at}\n${indent}    ${rule}`)
    .join('\n')

/** A counterexample in one line. */
export const printCounterexample = ({ path, what, packet }: Counterexample): string =>
  `${path}: ${what}${packet ? ` (${printPacket(packet)})` : ''}`

/** A counterexample with the rule behind it, what to do, and its hops. */
export function printCounterexampleWithTrace(counterexample: Counterexample): string {
  const [, ...whyAndNext] = refusalLines(counterexample)
  const { trace } = counterexample
  return [
    printCounterexample(counterexample),
    ...whyAndNext,
    ...(trace.length > 0 ? [printTrace(trace, '  ')] : []),
  ].join('\n')
}

/** The answer to a question as a person reads it. */
export function printExplanation(explanation: Explanation): string {
  const { from, packet, trace, stops } = explanation
  const [first, ...others] = stops.map(({ layer, at, why }) => `the ${layer}: ${at}: ${why}`)
  return [
    `${from} (${formatAddress(packet.source)}) ${outcome(explanation)}, ${judgement(explanation)}.`,
    `  ${printPacket(packet)}`,
    ...(trace.length > 0 ? ['', printTrace(trace, '  ')] : []),
    ...(first === undefined ? [] : [`\n  ✗ stopped by ${first}`]),
    ...others.map((stop) => `  ✗ and without that by ${stop}`),
  ].join('\n')
}

function outcome({ to, arrives, answered }: Explanation): string {
  if (!arrives) return `does not reach ${to}`
  return answered ? `reaches ${to}, and answers come back` : `reaches ${to}, but no answer comes back`
}

function judgement({ arrives, intended }: Explanation): string {
  if (arrives === intended) return arrives ? 'as intended' : 'and nothing intends it'
  return arrives ? 'AND NOTHING INTENDS IT' : 'ALTHOUGH IT IS INTENDED'
}
