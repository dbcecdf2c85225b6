import assert from 'node:assert/strict'
import { test } from '@jest/globals'
import { answers, receipts, type OnePacket, type PlainLocation } from '#proof/network/walk/packet-walk.ts'
import { compile } from '#proof/network/compile.ts'
import type { Location } from '#proof/network/compiled/compiled.ts'
import { answered, emitted, send } from '#proof/network/evaluate.ts'
import type { Arrival } from '#proof/network/trace.ts'
import { contains, type Headers } from '#proof/network/headers.ts'
import { nameOf, type Network } from '#proof/network/model/network.ts'
import { runs, seed } from '#test/support/effort.ts'
import { Dice, packet, randomNetwork } from './random-network.ts'
import { expectThat } from '#test/support/expect.ts'

/** Packets that both evaluators must judge alike. */
const PACKETS = runs(20_000, 1_000_000)
const PACKETS_A_LOCATION = 60

const plain = (network: Network, location: Location): PlainLocation => {
  if (location.kind === 'internet') return 'outside'
  if (location.kind === 'connection') return { attachment: location.attachment }
  return { interface: network.interfaces.findIndex(({ party }) => nameOf(party) === nameOf(location.party)) }
}

/** A packet that the location can write, aimed at what it might reach as often as not. */
function aim(dice: Dice, network: Network, from: Location, allowed: ReturnType<typeof emitted>): OnePacket {
  const any = packet(dice)
  const own = from.kind === 'interface' ? from.addresses : undefined
  const source = own ? own[2 * dice.below(own.length / 2)]! : any.source
  const target = dice.one(network.interfaces).addresses
  const aimed = {
    ...any,
    source,
    destination: dice.chance(60) ? target[2 * dice.below(target.length / 2)]! : any.destination,
  }
  return contains([allowed], aimed) ? aimed : { ...aimed, source: allowed.source[0]! }
}

test('[NET-1] sets and single packets agree on who is reached and answered, in networks of every shape', () => {
  let judged = 0
  let arrived = 0
  let replied = 0
  for (let number = seed ?? Math.floor(Math.random() * 2 ** 31); judged < PACKETS; number += 1) {
    const dice = new Dice(number)
    const network = randomNetwork(dice)
    const compiled = compile(network)
    for (const from of compiled.locations) {
      const allowed = emitted(compiled, from)
      const arrivals = send(compiled, from, allowed)
      const back = new Map<Arrival, Headers>()
      const start = plain(network, from)
      for (let each = 0; each < PACKETS_A_LOCATION; each += 1) {
        const probe = aim(dice, network, from, allowed)
        judged += 1
        const found = arrivals.filter(({ box }) => contains([box], probe))
        const sets = new Set(found.map((arrival) => JSON.stringify(plain(network, arrival.at))))
        const walked = receipts(network, start, probe)
        const single = new Set(walked.map(({ at }) => JSON.stringify(at)))
        const told = () => `network ${number}, ${JSON.stringify(start)}, ${JSON.stringify(probe)}`
        expectThat([...sets].sort(), `${told()}: who receives it`).toEqual([...single].sort())
        for (const name of sets) {
          arrived += 1
          const bySets = found
            .filter((arrival) => JSON.stringify(plain(network, arrival.at)) === name)
            .some((arrival) => {
              if (!back.has(arrival)) back.set(arrival, answered(compiled, from, arrival))
              return contains(back.get(arrival)!, probe)
            })
          const byWalk = walked
            .filter(({ at }) => JSON.stringify(at) === name)
            .some((receipt) => answers(network, start, probe, receipt))
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
