import type { Compiled, Location } from './compiled/compiled.ts'
import { Counterexamples } from './counterexamples.ts'
import { dnsProblems } from './dns.ts'
import { answered, emitted, sendIgnoringOneLayer, sendRecordingStops } from './evaluate.ts'
import type { Arrival, Trace } from './trace.ts'
import { Excepted } from './excepted.ts'
import { partyKindOf, type Exception } from './exceptions.ts'
import { FlowPackets } from './flow-packets.ts'
import { boxOf, example, NOTHING, subtract, type Box, type Headers, type Packet } from './headers.ts'
import { flowIndex, type Flow, type FlowsByParty } from './intent.ts'
import { nameOf, type Gap, type Network } from './model/network.ts'
import { verdictOn, type VerdictId } from './verdicts.ts'

const NO_FLOWS: FlowsByParty = new Map()

/**
 * Compares what flows with what is intended. It sends everything that each location can write on its way, and judges
 * what arrives in four checks; each that finds something adds a counterexample to the verdict that no longer holds.
 */
export class Judge {
  readonly counterexamples = new Counterexamples()
  /** intended flows that do not work */
  readonly unproved = new Set<Flow>()
  readonly #compiled: Compiled
  readonly #flows: ReadonlyMap<string, FlowsByParty>
  readonly #packets: FlowPackets
  readonly #excepted: Excepted
  /** flows that some location can begin; one of several subnets needs each of them */
  readonly #begun = new Set<Flow>()

  constructor(compiled: Compiled, flows: readonly Flow[], exceptions: readonly Exception[]) {
    this.#compiled = compiled
    this.#flows = flowIndex(flows)
    this.#packets = new FlowPackets(compiled)
    this.#excepted = new Excepted(exceptions)
  }

  /** Exceptions that were needed. */
  get used(): readonly string[] {
    return [...this.#excepted.used].sort()
  }

  /** Judges everything that one location can send. */
  judge(from: Location): void {
    const start = emitted(this.#compiled, from)
    const { arrivals, ignoring } = sendIgnoringOneLayer(this.#compiled, from, start)
    const intended = this.#flows.get(nameOf(from.party)) ?? NO_FLOWS
    const connected = new Map<string, Box[]>()
    for (const arrival of arrivals) {
      const to = nameOf(arrival.at.party)
      const connections = answered(this.#compiled, from, arrival)
      const known = connected.get(to)
      if (known) known.push(...connections)
      else connected.set(to, [...connections])
      this.#checkEncrypted(from, arrival)
      this.#checkUnintended(from, arrival, connections, intended.get(to) ?? [])
    }
    this.#checkIntended(from, start, connected, intended)
    const reached = reachedBy(arrivals)
    for (const arrival of ignoring) this.#checkTwoLayers(from, arrival, reached.get(arrival.at) ?? NOTHING, intended)
  }

  /**
   * What arrives at a database crossed the firewall and a strong tunnel.
   * E.g. a route of the Transit Gateway leads to the connection itself: "it goes past the firewall".
   */
  #checkEncrypted(from: Location, arrival: Arrival): void {
    const { at, box, firewalls } = arrival
    if (at.party.kind !== 'database') return
    if (firewalls.length === 0) this.#report('encrypted', from, arrival, box, 'it goes past the firewall')
    const attachment = at.kind === 'connection' ? this.#compiled.network.attachments[at.attachment] : undefined
    for (const weakness of attachment?.kind === 'vpn' ? attachment.weaknesses : ['no tunnel'])
      this.#report('encrypted', from, arrival, box, weakness)
  }

  /**
   * What arrives is intended, whatever its source port, and so is each connection that it can open.
   * E.g. a desktop of one project reaches another's store: "nothing intends this flow".
   */
  #checkUnintended(from: Location, arrival: Arrival, connections: Headers, intended: readonly Flow[]): void {
    const verdict = verdictOn(from.party, arrival.at.party)
    const extra = subtract(
      [arrival.box],
      intended.flatMap((flow) => this.#packets.fromAnyPort(flow, arrival.box.source)),
    )
    for (const box of extra) this.#report(verdict, from, arrival, box, 'nothing intends this flow')
    if (extra.length > 0) return
    for (const connection of connections) {
      const own = intended.flatMap((flow) => this.#packets.of(flow, connection.source))
      for (const box of subtract([connection], own))
        this.#report(verdict, from, arrival, box, 'a connection from a source port that nothing intends')
    }
  }

  /**
   * Every flow that is intended from here arrives, with its answers.
   * E.g. the route back to the desktops is missing: "it arrives, but its answer does not come back".
   */
  #checkIntended(
    from: Location,
    start: Box,
    connected: ReadonlyMap<string, readonly Box[]>,
    intended: FlowsByParty,
  ): void {
    for (const [to, flows] of intended) {
      const works = connected.get(to) ?? []
      for (const flow of flows) {
        this.#begun.add(flow)
        const [missing] = this.#packets.of(flow, start.source).flatMap((box) => subtract([box], works))
        if (missing === undefined) continue
        this.unproved.add(flow)
        const packet = example([missing])!
        this.counterexamples.add({
          verdict: 'complete',
          from: nameOf(from.party),
          to,
          packet,
          ...this.#end(from, packet, to),
        })
      }
    }
  }

  /** How far a packet comes that should arrive, and what stops it or its answer. */
  #end(from: Location, packet: Packet, to: string): { readonly trace: Trace; readonly what: string } {
    const { arrivals, stops } = sendRecordingStops(this.#compiled, from, boxOf(packet))
    const arrived = arrivals.find(({ at }) => nameOf(at.party) === to)
    if (arrived) return { trace: arrived.trace, what: 'it arrives, but its answer does not come back' }
    const [astray] = arrivals
    if (astray) return { trace: astray.trace, what: `it reaches ${nameOf(astray.at.party)} instead` }
    const [stop] = stops
    if (!stop) return { trace: [], what: 'nobody is there' }
    return { trace: [...stop.trace, { at: stop.at, rule: stop.why }], what: `${stop.at}: ${stop.why}` }
  }

  /**
   * With any one layer ignored nothing new arrives; what does is blocked by that layer alone.
   * E.g. the firewall's default action passes: a desktop without a grant is held by "only the source group".
   */
  #checkTwoLayers(from: Location, arrival: Arrival, reached: readonly Box[], intended: FlowsByParty): void {
    const { at, box, ignored } = arrival
    let blocked = subtract([box], reached)
    // A flow that is intended and does not work is missing, not blocked.
    if (blocked.length > 0)
      for (const flow of intended.get(nameOf(at.party)) ?? [])
        blocked = subtract(blocked, this.#packets.fromAnyPort(flow, box.source))
    if (blocked.length === 0) return
    for (const single of this.#excepted.remainder(from.party, at.party, ignored!, blocked))
      this.#report('layers', from, arrival, single, `only the ${ignored} blocks it`)
  }

  /**
   * Nothing is there that no reader of the model knows.
   * E.g. an attachment between two Transit Gateways: "is not in the model: it may open a way".
   */
  checkGaps(gaps: readonly Gap[]): void {
    for (const { path, what, next } of gaps) this.counterexamples.add({ verdict: 'model', from: path, what, next })
  }

  /**
   * Only the directory's own names resolve, and what holds the others back is recorded: no route or rule sees a
   * question to AWS's resolver, so the DNS firewall is alone.
   * E.g. a domain of the outside on the list of allowed ones: "example.org resolves".
   */
  checkNames(network: Network, environment: string): void {
    for (const { path, rule, what, next } of dnsProblems(network, environment))
      this.counterexamples.add({ verdict: 'names', from: path, to: 'names', trace: [{ at: path, rule }], what, next })
    if (!network.dns.some(({ resolves }) => resolves) || this.#excepted.speaksForNames()) return
    this.counterexamples.add({
      verdict: 'layers',
      from: 'desktops',
      to: "names of AWS's resolver",
      what: 'only the DNS firewall blocks it',
    })
  }

  /**
   * Every exception is needed and in force. To be asked after every location was judged.
   * E.g. the second layer was added, the exception stayed: "no blocked flow needs this exception".
   * @param sample whether every kind of party is there, so that what nobody needs today is needed by nobody
   */
  checkExceptions(today: string, sample: boolean): void {
    for (const { id, expires } of this.#excepted.expired(today)) {
      const what = `the exception expired on ${expires}; decide anew or add a second layer`
      this.counterexamples.add({ verdict: 'layers', from: id, what })
    }
    if (!sample) return
    const there = new Set(this.#compiled.locations.map(({ party }) => partyKindOf(party)))
    for (const { id } of this.#excepted.unneeded(there)) {
      const what = 'no blocked flow needs this exception; take it out'
      this.counterexamples.add({ verdict: 'layers', from: id, what })
    }
  }

  /**
   * Every intended flow has a location that it begins at. To be asked after every location was judged.
   * E.g. a desktop that the ledger knows has no interface: "nobody is there to begin it".
   */
  checkBegun(): void {
    for (const flow of [...this.#flows.values()].flatMap((row) => [...row.values()].flat())) {
      if (this.#begun.has(flow)) continue
      this.unproved.add(flow)
      const [from, to] = [nameOf(flow.from), nameOf(flow.to)]
      this.counterexamples.add({
        verdict: 'complete',
        from,
        to,
        what: `nobody is there to begin it: ${flow.reason}`,
      })
    }
  }

  #report(verdict: VerdictId, from: Location, { at, trace }: Arrival, box: Box, what: string): void {
    const packet = example([box])!
    this.counterexamples.add({ verdict, from: nameOf(from.party), to: nameOf(at.party), packet, trace, what })
  }
}

/**
 * What reaches each location with every layer in place. What reaches the Internet is left out, so that each layer tells
 * of it as well: no way there is ever right.
 */
function reachedBy(arrivals: readonly Arrival[]): ReadonlyMap<Location, readonly Box[]> {
  const reached = new Map<Location, Box[]>()
  for (const { at, box } of arrivals) {
    if (at.kind === 'internet') continue
    const boxes = reached.get(at)
    if (boxes) boxes.push(box)
    else reached.set(at, [box])
  }
  return reached
}
