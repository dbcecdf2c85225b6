import { compile } from '#proof/network/compile.ts'
import type { Location } from '#proof/network/compiled/compiled.ts'
import { answered, emitted, send } from '#proof/network/evaluate.ts'
import type { Grants } from '#proof/network/grants.ts'
import { contains as holds, type Headers, type Packet } from '#proof/network/headers.ts'
import { has } from '#proof/network/intervals.ts'
import { intendedFlows } from '#proof/network/intent.ts'
import { nameOf } from '#proof/network/model/network.ts'
import { readModel } from '#proof/network/model/read.ts'
import type { NamedTemplate } from '#proof/network/model/links.ts'
import { contains, rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Machine } from '../twin/scenario.ts'
import { TCP_PORTS, UDP_PORTS, type Twin } from '../twin/twin.ts'

/** One question of the matrix: may this machine open this connection? */
export interface Question {
  readonly from: Machine
  readonly to: Machine
  /** where it is tried */
  readonly address: string
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

/** Whether the connection of a question is, or should be, possible. */
export type Judgement = (question: Question) => boolean

interface Disagreement {
  readonly flow: string
  readonly intent: boolean
  readonly proof: boolean
  readonly packets: string
}

export interface Agreement {
  readonly questions: number
  readonly allowed: number
  readonly refused: number
  readonly disagreements: readonly Disagreement[]
  /** questions whose answer was tried a second time, because the first was silence where traffic is intended */
  readonly repeated: number
}

const PROTOCOL = { tcp: 6, udp: 17 } as const
/** A source port that Linux would take; the intent names their whole range. */
const SOURCE_PORT = 40_000
const number = (address: string) => rangeOf(`${address}/32`).first

/** Every machine to every other, at each address it might be tried at, on every port of the lab. */
export function questions(machines: readonly Machine[]): Question[] {
  return machines
    .filter(({ name }) => !name.startsWith('near-'))
    .flatMap((from) =>
      machines
        .filter((to) => to !== from && !outsidePlatform(from, to))
        .flatMap((to) => {
          // A holder's real network is its own; another holder's machine knows it by the presented one at most.
          const addresses =
            from.who.kind === 'database'
              ? [to.presented ?? to.address]
              : [...new Set([to.presented ?? to.address, to.address])]
          return addresses.flatMap((address) => [
            ...TCP_PORTS.map((port): Question => ({ from, to, address, protocol: 'tcp', port })),
            ...UDP_PORTS.map((port): Question => ({ from, to, address, protocol: 'udp', port })),
          ])
        }),
    )
}

/** Not the platform's affair: a holder's own machines among each other, and their own way to the Internet. */
const outsidePlatform = (from: Machine, to: Machine) =>
  from.who.kind === 'database' &&
  (to.who.kind === 'internet' || (to.who.kind === 'database' && to.who.id === from.who.id))

/** What the intent says: from the configuration and the grants alone. */
export function intentOf(config: Config, grants: Grants): Judgement {
  const flows = intendedFlows(config, grants)
  return ({ from, to, address, protocol, port }) =>
    flows.some(
      (flow) =>
        nameOf(flow.from) === nameOf(from.who) &&
        nameOf(flow.to) === nameOf(to.who) &&
        (flow.protocol === 'all' || flow.protocol === protocol) &&
        flow.ports[0] <= port &&
        port <= flow.ports[1] &&
        flow.sourcePorts[0] <= SOURCE_PORT &&
        SOURCE_PORT <= flow.sourcePorts[1] &&
        (flow.network === undefined
          ? address === to.address
          : contains(rangeOf(flow.network), rangeOf(`${address}/32`))),
    )
}

/**
 * What the proof says: the sets of packets that its engine lets through over the same templates, with their answers.
 */
export function proofOf(stacks: readonly NamedTemplate[], config: Config, grants: Grants): Judgement {
  const { network, gaps } = readModel(stacks, config, grants)
  if (gaps.length > 0)
    throw new Error(`the proof does not understand ${gaps.map(({ path, what }) => `${path}: ${what}`).join('; ')}`)
  const compiled = compile(network)
  const arrivals = new Map<Location, { readonly who: string; readonly set: Headers }[]>()
  const arrivalsOf = (location: Location) => {
    const known =
      arrivals.get(location) ??
      send(compiled, location, emitted(compiled, location)).map((arrival) => ({
        who: nameOf(arrival.at.party),
        set: answered(compiled, location, arrival),
      }))
    arrivals.set(location, known)
    return known
  }
  return ({ from, to, address, protocol, port }) => {
    const packet: Packet = {
      source: number(from.presented ?? from.address),
      destination: number(address),
      protocol: PROTOCOL[protocol],
      sourcePort: SOURCE_PORT,
      destinationPort: port,
    }
    return compiled.locations
      .filter((location) => isAt(from, location))
      .some((location) => arrivalsOf(location).some(({ who, set }) => who === nameOf(to.who) && holds(set, packet)))
  }
}

/** Whether a machine stands at a location of the proof. */
function isAt({ who, address }: Machine, location: Location): boolean {
  if (location.kind === 'internet') return who.kind === 'internet'
  if (nameOf(location.party) !== nameOf(who)) return false
  return location.kind === 'connection' || has(location.addresses, number(address))
}

/** What packets say: every question really tried. Silence where a flow is intended is tried once more, alone. */
export async function packetsOf(
  twin: Twin,
  asked: readonly Question[],
  intended: Judgement,
  timeout = 1200,
): Promise<{ readonly answers: ReadonlyMap<Question, string>; readonly repeated: number }> {
  const answers = new Map<Question, string>()
  let repeated = 0
  await Promise.all(
    [...Map.groupBy(asked, ({ from }) => from.name)].map(async ([name, own]) => {
      const agent = twin.agents.get(name)!
      const first = await agent.try(
        own.map(({ protocol, address, port }) => ({ protocol, address, port })),
        timeout,
      )
      own.forEach((question, index) => answers.set(question, first[index]!))
      for (const question of own.filter((each) => answers.get(each) !== 'open' && intended(each))) {
        repeated += 1
        const [again] = await agent.try([question], 3000)
        answers.set(question, again!)
      }
    }),
  )
  return { answers, repeated }
}

/** Asks intent, proof and packets the same questions. */
export async function agreement(twin: Twin, intent: Judgement, proof: Judgement): Promise<Agreement> {
  const asked = questions(twin.machines)
  const { answers, repeated } = await packetsOf(twin, asked, intent)
  const rows = asked.map((question) => ({
    question,
    intent: intent(question),
    proof: proof(question),
    packets: answers.get(question)!,
  }))
  return {
    questions: rows.length,
    allowed: rows.filter((row) => row.packets === 'open').length,
    refused: rows.filter((row) => row.packets !== 'open').length,
    disagreements: rows
      .filter((row) => row.intent !== row.proof || row.intent !== (row.packets === 'open'))
      .map((row) => ({
        flow: questionInWords(row.question),
        intent: row.intent,
        proof: row.proof,
        packets: row.packets,
      })),
    repeated,
  }
}

export const questionInWords = ({ from, to, address, protocol, port }: Question) =>
  `${from.name} → ${to.name} ${address} ${protocol}/${port}`
