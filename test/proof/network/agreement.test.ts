import assert from 'node:assert/strict'
import { test } from '@jest/globals'
import { answers, receivers, type OnePacket, type Receiver, type Sender } from '#proof/network/brute-force.ts'
import { compile } from '#proof/network/compile.ts'
import { answered, emitted, origins, send, type Arrival, type Origin } from '#proof/network/evaluate.ts'
import { contains, type Headers } from '#proof/network/headers.ts'
import { nameOf, type Network } from '#proof/network/model/network.ts'
import { runs, seed } from '#test/support/effort.ts'
import { Dice, packet, randomNetwork } from './random-network.ts'
import { expectThat } from '#test/support/expect.ts'

/** Packets that both evaluators must judge alike. */
const PACKETS = runs(20_000, 1_000_000)
const PACKETS_A_SENDER = 60

const senderOf = (network: Network, origin: Origin): Sender =>
  origin.kind === 'machine'
    ? { interface: network.interfaces.findIndex(({ who }) => nameOf(who) === nameOf(origin.machine.who)) }
    : origin.kind === 'far end'
      ? { attachment: origin.attachment }
      : 'outside'

const receiverOf = (network: Network, { at }: Arrival): Receiver =>
  at === undefined
    ? 'outside'
    : typeof at === 'string'
      ? { attachment: at }
      : { interface: network.interfaces.findIndex(({ who }) => nameOf(who) === nameOf(at.who)) }

/** A packet that the origin can write, aimed at what it might reach as often as not. */
function aim(dice: Dice, network: Network, origin: Origin, allowed: ReturnType<typeof emitted>): OnePacket {
  const any = packet(dice)
  const own = origin.kind === 'machine' ? origin.machine.addresses : undefined
  const source = own ? own[2 * dice.below(own.length / 2)]! : any.source
  const target = dice.one(network.interfaces).addresses
  const aimed = {
    ...any,
    source,
    destination: dice.chance(60) ? target[2 * dice.below(target.length / 2)]! : any.destination,
  }
  return contains([allowed], aimed) ? aimed : { ...aimed, source: allowed.source[0]! }
}

test('[NET-1] set algebra and a walk packet by packet agree on who is reached and who is answered, in networks of every shape', () => {
  let judged = 0
  let arrived = 0
  let replied = 0
  for (let number = seed ?? Math.floor(Math.random() * 2 ** 31); judged < PACKETS; number += 1) {
    const dice = new Dice(number)
    const network = randomNetwork(dice)
    const compiled = compile(network)
    for (const origin of origins(compiled)) {
      const allowed = emitted(compiled, origin)
      const arrivals = send(compiled, origin, allowed)
      const back = new Map<Arrival, Headers>()
      const sender = senderOf(network, origin)
      for (let each = 0; each < PACKETS_A_SENDER; each += 1) {
        const probe = aim(dice, network, origin, allowed)
        judged += 1
        const found = arrivals.filter(({ box }) => contains([box], probe))
        const sets = new Set(found.map((arrival) => JSON.stringify(receiverOf(network, arrival))))
        const walked = receivers(network, sender, probe)
        const single = new Set(walked.map(({ receiver }) => JSON.stringify(receiver)))
        const told = () => `network ${number}, ${JSON.stringify(sender)}, ${JSON.stringify(probe)}`
        expectThat([...sets].sort(), `${told()}: who receives it`).toEqual([...single].sort())
        for (const name of sets) {
          arrived += 1
          const bySets = found
            .filter((arrival) => JSON.stringify(receiverOf(network, arrival)) === name)
            .some((arrival) => {
              if (!back.has(arrival)) back.set(arrival, answered(compiled, origin, arrival))
              return contains(back.get(arrival)!, probe)
            })
          const byWalk = walked
            .filter(({ receiver }) => JSON.stringify(receiver) === name)
            .some(({ receiver, firewalls }) => answers(network, sender, probe, receiver, firewalls))
          if (bySets) replied += 1
          expectThat(bySets, `${told()}: whether ${name} can answer`).toBe(byWalk)
        }
      }
    }
  }
  console.info(`${judged} packets, ${arrived} arrivals, ${replied} of them answered`)
  // A comparison in which nothing ever arrives would compare nothing.
  assert.ok(arrived > judged / 50 && replied > arrived / 20 && replied < arrived)
})
