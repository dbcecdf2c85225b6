import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import type { Config } from '#lib/kernel/config/load.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import { compile, type Compiled } from './compile.ts'
import { concerns, packetsOf, partyOf, readExceptions, type Exception } from './exceptions.ts'
import { answered, emitted, origins, send, type Arrival, type Layer, type Origin, type Step } from './evaluate.ts'
import { flowIndex, intendedFlows, type Flow } from './intent.ts'
import type { Grants } from './grants.ts'
import { ALL, boxWithout, commonBox, example, subtract, type Box, type Headers, type Packet } from './headers.ts'
import { EMPTY, interval, isEmpty, union, type Intervals } from './intervals.ts'
import type { NamedTemplate } from './model/links.ts'
import { nameOf, type Gap, type Network, type Who } from './model/network.ts'
import { readModel } from './model/read.ts'
import { namesProblems } from './names.ts'

/** What a proof answers, each with the requirement it serves. */
export const VERDICTS = {
  model: {
    requirement: 'ARC-3',
    en: 'Everything that could matter is understood',
    ja: '通信に関わる全要素がモデル化されている',
  },
  internet: {
    requirement: 'NET-4',
    en: 'Nothing reaches the Internet or is reached from it (C-1)',
    ja: 'インターネットとの経路がない',
  },
  databases: {
    requirement: 'NET-1',
    en: 'No database reaches another, or a desktop that did not ask (C-1)',
    ja: 'DB間及びDBから端末への経路がない',
  },
  projects: { requirement: 'NET-5', en: 'No project reaches another (C-1)', ja: '研究間の経路がない' },
  grants: {
    requirement: 'NET-5',
    en: 'A desktop reaches its granted databases on their ports, no others (C-2)',
    ja: '許可されたDBのみに到達する',
  },
  rest: { requirement: 'ARC-3', en: 'No other flow exists than those intended', ja: '許可した通信以外が存在しない' },
  complete: {
    requirement: 'ARC-3',
    en: 'Every intended flow works, with its answers',
    ja: '許可した通信が全て成立する',
  },
  encrypted: {
    requirement: 'NET-2',
    en: 'Every database flow crosses the firewall and a strong IPsec tunnel (C-3)',
    ja: '全DB通信がファイアウォールと強度の高いIPsecを通る',
  },
  names: {
    requirement: 'NET-4',
    en: "Only the directory's own names resolve (C-1)",
    ja: '自ドメイン以外の名前解決ができない',
  },
  layers: {
    requirement: 'NET-4',
    en: 'Every blocked flow is blocked twice, or a named exception (C-9)',
    ja: '遮断は全て二重、又は記録された例外',
  },
} as const
export type VerdictId = keyof typeof VERDICTS

/** Why a verdict is not reached: a packet, its way, and what to look at. */
export interface Counterexample {
  readonly verdict: VerdictId
  readonly from: string
  readonly to: string
  readonly packet?: Packet
  readonly path: readonly Step[]
  readonly why: string
}

/** A gap in words a verdict can carry. */
const gapExample = ({ where, what, next }: Gap): Counterexample => ({
  verdict: 'model',
  from: where,
  to: '',
  path: [],
  why: `${what} → ${next}`,
})

export interface ProofReport {
  readonly ok: boolean
  /** every intended flow, and whether it was found exactly */
  readonly flows: readonly (Flow & { readonly proved: boolean })[]
  readonly verdicts: readonly { readonly id: VerdictId; readonly ok: boolean; readonly found: number }[]
  readonly counterexamples: readonly Counterexample[]
  readonly gaps: readonly Gap[]
  /** exceptions that were needed */
  readonly exceptions: readonly string[]
  readonly machines: number
  readonly seconds: number
}

export const EXCEPTIONS_FILE = join(import.meta.dirname, '..', '..', 'policies', 'network', 'exceptions.yaml')
/** Counterexamples of one verdict that are shown, and of these of one kind; one is enough to fail. */
const SHOWN = 60
const SHOWN_ALIKE = 2

/** An assembly: templates by the names of their stacks. */
export interface ProvableAssembly {
  readonly stacks: readonly NamedTemplate[]
}

/**
 * Proves the network of an assembly against what the configuration and the grants intend. Exact: sets of packets, not samples.
 * @param exceptions flows that one layer alone may block; left out: `policies/network/exceptions.yaml`
 */
export function prove(
  assembly: ProvableAssembly,
  config: Config,
  grants: Grants,
  exceptions: readonly Exception[] = readExceptions(EXCEPTIONS_FILE),
): ProofReport {
  const started = performance.now()
  const { network, gaps } = readModel(assembly.stacks, config, grants)
  return proveNetwork(network, gaps, config, grants, exceptions, { started, sample: true })
}

/**
 * The same for a network that was read elsewhere, e.g. from a live account.
 * @param sample whether every kind of party is there, so that an exception which nothing needs is needed by nobody
 */
export function proveNetwork(
  network: Network,
  gaps: readonly Gap[],
  config: Config,
  grants: Grants,
  exceptions: readonly Exception[],
  { started = performance.now(), sample = false } = {},
): ProofReport {
  const compiled = compile(network)
  const flows = intendedFlows(config, grants)
  const judge = new Judge(compiled, flows, exceptions)
  for (const gap of gaps) judge.add(gapExample(gap))
  for (const problem of namesProblems(network, config))
    judge.add({
      verdict: 'names',
      from: problem.where,
      to: 'names',
      path: [{ at: problem.where, rule: problem.rule }],
      why: problem.why,
    })
  judge.names(network)
  for (const origin of origins(compiled)) judge.from(origin)
  judge.finish(grants.now.slice(0, 10), sample)
  const counterexamples = judge.counterexamples
  return {
    ok: counterexamples.length === 0,
    flows: flows.map((flow) => ({ ...flow, proved: !judge.unproved.has(flow) })),
    verdicts: (Object.keys(VERDICTS) as VerdictId[]).map((id) => ({
      id,
      ok: !judge.found.has(id),
      found: judge.found.get(id) ?? 0,
    })),
    counterexamples,
    gaps,
    exceptions: [...judge.used].sort(),
    machines: compiled.machines.reduce(
      (sum, { addresses, who }) => sum + (who.kind === 'desktop' || who.kind === 'store' ? size(addresses) : 0),
      0,
    ),
    seconds: Math.round(performance.now() - started) / 1000,
  }
}

const size = (set: Intervals) => set.reduce((sum, edge, at) => sum + (at % 2 === 1 ? edge + 1 : -edge), 0)

class Judge {
  readonly counterexamples: Counterexample[] = []
  readonly found = new Map<VerdictId, number>()
  readonly unproved = new Set<Flow>()
  readonly used = new Set<string>()
  readonly #compiled: Compiled
  readonly #flows: ReturnType<typeof flowIndex>
  readonly #exceptions: readonly { readonly exception: Exception; readonly packets: Headers }[]
  /** where each party is */
  readonly #addresses: ReadonlyMap<string, Intervals>
  /** flows that some origin has shown so far; a flow of several subnets needs each of them */
  readonly #begun = new Set<Flow>()
  readonly #fields = new Map<Flow, Omit<Box, 'source'>>()
  readonly #alike = new Map<string, number>()
  readonly #shown = new Map<VerdictId, number>()

  constructor(compiled: Compiled, flows: readonly Flow[], exceptions: readonly Exception[]) {
    this.#compiled = compiled
    this.#flows = flowIndex(flows)
    this.#exceptions = exceptions.map((exception) => ({ exception, packets: packetsOf(exception) }))
    const addresses = new Map<string, Intervals>()
    for (const { who, addresses: own } of compiled.machines)
      addresses.set(nameOf(who), union(addresses.get(nameOf(who)) ?? EMPTY, own))
    this.#addresses = addresses
  }

  add(counterexample: Counterexample): void {
    const count = (this.found.get(counterexample.verdict) ?? 0) + 1
    this.found.set(counterexample.verdict, count)
    const kind = [counterexample.verdict, counterexample.from, counterexample.to, counterexample.why].join('|')
    const alike = (this.#alike.get(kind) ?? 0) + 1
    this.#alike.set(kind, alike)
    if (alike > SHOWN_ALIKE) return
    const shown = (this.#shown.get(counterexample.verdict) ?? 0) + 1
    this.#shown.set(counterexample.verdict, shown)
    if (shown <= SHOWN) this.counterexamples.push(counterexample)
  }

  /** Judges everything that one origin can send. */
  from(origin: Origin): void {
    const who = whoOf(origin)
    const start = emitted(this.#compiled, origin)
    const all = send(this.#compiled, origin, start, { single: true })
    const arrivals = all.filter(({ failed }) => failed === undefined)
    const row = this.#flows.get(nameOf(who))
    const connected = new Map<string, Box[]>()
    for (const arrival of arrivals) {
      const to = nameOf(arrival.who)
      const both = answered(this.#compiled, origin, arrival)
      const list = connected.get(to)
      if (list) list.push(...both)
      else connected.set(to, [...both])
      this.#nothingMore(who, arrival, both, row?.get(to) ?? [])
    }
    this.#nothingLess(who, origin, start, connected, row)
    this.#twice(
      who,
      origin,
      start,
      arrivals,
      all.filter(({ failed }) => failed !== undefined),
      row,
    )
  }

  /** Packets that arrive: none beyond the intent, whatever their source port, and each connection exactly as intended. */
  #nothingMore(from: Who, arrival: Arrival, both: Headers, intended: readonly Flow[]): void {
    const to = arrival.who
    const report = (verdict: VerdictId, box: Box, why: string) =>
      this.add({ verdict, from: nameOf(from), to: nameOf(to), packet: example([box])!, path: arrival.path, why })
    if (to.kind === 'database') {
      if (arrival.firewalls.length === 0) report('encrypted', arrival.box, 'it goes past the firewall')
      const attachment = typeof arrival.at === 'string' ? this.#compiled.network.attachments[arrival.at] : undefined
      for (const weakness of attachment?.kind === 'vpn' ? attachment.weaknesses : ['no tunnel'])
        report('encrypted', arrival.box, weakness)
    }
    let extra: Headers = [arrival.box]
    for (const flow of intended)
      for (const box of this.#boxes(flow, arrival.box.source, ALL.sourcePort))
        extra = extra.flatMap((part) => boxWithout(part, box))
    for (const box of extra) report(verdictOf(from, to), box, 'nothing intends this flow')
    if (extra.length > 0) return
    for (const box of both) {
      let beyond: Headers = [box]
      for (const flow of intended)
        for (const own of this.#boxes(flow, box.source)) beyond = beyond.flatMap((part) => boxWithout(part, own))
      for (const part of beyond)
        report(verdictOf(from, to), part, 'a connection from a source port that nothing intends')
    }
  }

  /** Every flow that is intended from here, with its answers. */
  #nothingLess(
    from: Who,
    origin: Origin,
    start: Box,
    connected: ReadonlyMap<string, readonly Box[]>,
    row: ReadonlyMap<string, readonly Flow[]> | undefined,
  ): void {
    for (const [to, flows] of row ?? []) {
      const works = connected.get(to) ?? []
      for (const flow of flows) {
        this.#begun.add(flow)
        const [first] = this.#boxes(flow, start.source).reduce<Headers>(
          (rest, box) => [...rest, ...subtract([box], works)],
          [],
        )
        if (first === undefined) continue
        this.unproved.add(flow)
        this.add({ verdict: 'complete', from: nameOf(from), to, ...this.#whereItEnds(origin, first, to) })
      }
    }
  }

  /** What stops a packet that should arrive, or its answer. */
  #whereItEnds(origin: Origin, box: Box, to: string): Pick<Counterexample, 'packet' | 'path' | 'why'> {
    const packet = example([box])!
    const single = oneOf(packet)
    const stops: NonNullable<Parameters<typeof send>[3]>['stops'] = []
    const arrivals = send(this.#compiled, origin, single, { stops })
    const arrived = arrivals.find(({ who }) => nameOf(who) === to)
    const [stop] = stops
    if (arrived) return { packet, path: arrived.path, why: 'it arrives, but its answer does not come back' }
    const [astray] = arrivals
    if (astray) return { packet, path: astray.path, why: `it reaches ${nameOf(astray.who)} instead` }
    return {
      packet,
      path: stop ? [...stop.path, { at: stop.at, rule: stop.why }] : [],
      why: stop ? `${stop.at}: ${stop.why}` : 'nobody is there',
    }
  }

  /** With any one layer taken away, nothing new arrives; what does is held by that layer alone. */
  #twice(
    from: Who,
    origin: Origin,
    start: Box,
    arrivals: readonly Arrival[],
    single: readonly Arrival[],
    row: ReadonlyMap<string, readonly Flow[]> | undefined,
  ): void {
    const judge = (arrival: Arrival, layer: Layer) => {
      let rest: Headers = [arrival.box]
      for (const { at, who, box } of arrivals)
        if (at === arrival.at && who === arrival.who && rest.length > 0) rest = subtract(rest, [box])
      // A flow that is intended and does not work is missing, not blocked.
      if (rest.length > 0)
        for (const flow of row?.get(nameOf(arrival.who)) ?? [])
          rest = subtract(rest, this.#boxes(flow, arrival.box.source, ALL.sourcePort))
      if (rest.length > 0) this.#single(from, arrival, layer, rest)
    }
    for (const arrival of single) judge(arrival, arrival.failed!)
    for (const open of origin.kind === 'machine' ? (['source group', 'routes'] as const) : (['routes'] as const)) {
      for (const arrival of send(this.#compiled, origin, start, { open })) judge(arrival, open)
    }
  }

  #single(from: Who, arrival: Arrival, layer: Layer, boxes: Headers): void {
    let rest = boxes
    for (const { exception, packets } of this.#exceptions) {
      if (rest.length === 0) return
      if (!concerns(exception, from, arrival.who, layer)) continue
      const left = subtract(rest, packets)
      if (left.length !== rest.length || rest.some((box) => packets.some((other) => commonBox(box, other))))
        this.used.add(exception.id)
      rest = left
    }
    for (const box of rest)
      this.add({
        verdict: 'layers',
        from: nameOf(from),
        to: nameOf(arrival.who),
        packet: example([box])!,
        path: arrival.path,
        why: `only the ${layer} blocks it`,
      })
  }

  /** Names that are not the platform's own are held back by the DNS firewall alone: no route or rule sees a question to AWS's resolver. */
  names(network: Network): void {
    const asked = network.names.some(({ resolves }) => resolves)
    const exception = this.#exceptions.find(({ exception: { layer } }) => layer === 'DNS firewall')?.exception
    if (!asked) return
    if (exception) this.used.add(exception.id)
    else
      this.add({
        verdict: 'layers',
        from: 'desktops',
        to: "names of AWS's resolver",
        path: [],
        why: 'only the DNS firewall blocks it',
      })
  }

  /** Exceptions that nothing needed or that have expired, flows that nobody could begin. */
  finish(today: string, sample: boolean): void {
    const there = new Set(origins(this.#compiled).map((origin) => partyOf(whoOf(origin))))
    for (const {
      exception: { id, expires, from, to },
    } of this.#exceptions) {
      if (expires < today)
        this.add({
          verdict: 'layers',
          from: id,
          to: '',
          path: [],
          why: `the exception expired on ${expires}; decide anew or add a second layer`,
        })
      // Where nobody of a party is there today, nobody could need it today.
      if (
        sample &&
        !this.used.has(id) &&
        from.some((party) => there.has(party)) &&
        to.some((party) => there.has(party))
      )
        this.add({
          verdict: 'layers',
          from: id,
          to: '',
          path: [],
          why: 'no blocked flow needs this exception; take it out',
        })
    }
    for (const row of this.#flows.values()) {
      for (const flows of row.values()) {
        for (const flow of flows) {
          if (this.#begun.has(flow)) continue
          this.unproved.add(flow)
          this.add({
            verdict: 'complete',
            from: nameOf(flow.from),
            to: nameOf(flow.to),
            path: [],
            why: `nobody is there to begin it: ${flow.reason}`,
          })
        }
      }
    }
  }

  /** A flow as packets from the given addresses. */
  #boxes(flow: Flow, source: Intervals, sourcePort?: Intervals): Headers {
    const fields = this.#fields.get(flow) ?? {
      destination:
        flow.network === undefined ? (this.#addresses.get(nameOf(flow.to)) ?? EMPTY) : addressRange(flow.network),
      protocol: flow.protocol === 'all' ? ALL.protocol : flow.protocol === 'tcp' ? interval(6, 6) : interval(17, 17),
      sourcePort: interval(...flow.sourcePorts),
      destinationPort: interval(...flow.ports),
    }
    this.#fields.set(flow, fields)
    if (isEmpty(fields.destination) || isEmpty(source)) return []
    return [
      {
        source,
        destination: fields.destination,
        protocol: fields.protocol,
        sourcePort: sourcePort ?? fields.sourcePort,
        destinationPort: fields.destinationPort,
      },
    ]
  }
}

const addressRange = (cidr: string) => {
  const { first, last } = rangeOf(cidr)
  return interval(first, last)
}

/** A set that holds this packet alone. */
export const oneOf = (packet: Packet): Box => ({
  source: interval(packet.source, packet.source),
  destination: interval(packet.destination, packet.destination),
  protocol: interval(packet.protocol, packet.protocol),
  sourcePort: interval(packet.sourcePort, packet.sourcePort),
  destinationPort: interval(packet.destinationPort, packet.destinationPort),
})

/** Who an origin is. */
const whoOf = (origin: Origin): Who =>
  origin.kind === 'machine' ? origin.machine.who : origin.kind === 'far end' ? origin.who : { kind: 'internet' }

/** Which verdict a flow that should not be belongs to. */
function verdictOf(from: Who, to: Who): VerdictId {
  const outside = (who: Who) => who.kind === 'internet' || who.kind === 'peer'
  if (outside(from) || outside(to)) return 'internet'
  if (from.kind === 'database') return 'databases'
  if (to.kind === 'database') return 'grants'
  if ('project' in from && 'project' in to && from.project !== to.project) return 'projects'
  return 'rest'
}
