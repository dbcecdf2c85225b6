import type { KitFile } from '#lib/network/gateway-kits/kit.ts'
import { connectToRouter } from '../twin/cell.ts'
import { endpointConnection, fillIn } from '../twin/link.ts'
import type { Connection } from '../twin/network.ts'
import { Charon } from '../sandbox/charon.ts'
import { pause, type Sandbox } from '../sandbox/sandbox.ts'
import type { Experiment } from './experiment.ts'

/** A peer that offers something else than it should. */
interface Offer {
  readonly name: string
  readonly version?: 1 | 2
  readonly ike?: string
  readonly esp?: string
  readonly secret?: string
  readonly selectors?: string
  readonly identity?: string
}

const IKE = 'aes256gcm16-prfsha384-ecp384'
const ESP = 'aes256gcm16-ecp384'

/** All that must be refused before a byte passes. */
const WEAKER: readonly Offer[] = [
  { name: 'IKEv1', version: 1, ike: 'aes256-sha384-ecp384', esp: ESP },
  { name: 'IKEv1 with SHA-1 and group 2', version: 1, ike: 'aes128-sha1-modp1024', esp: 'aes128-sha1' },
  { name: 'AES-CBC in IKE', ike: 'aes256-sha384-ecp384' },
  { name: 'AES-CBC in ESP', esp: 'aes256-sha384-ecp384' },
  { name: 'AES-GCM with an 8-byte tag in ESP', esp: 'aes256gcm8-ecp384' },
  { name: 'no encryption in ESP', esp: 'null-sha256-ecp384' },
  { name: 'SHA-1 in IKE', ike: 'aes256gcm16-prfsha1-ecp384' },
  { name: 'SHA-1 in ESP', esp: 'aes256-sha1-ecp384' },
  { name: '3DES in IKE', ike: '3des-sha256-ecp384' },
  { name: '3DES in ESP', esp: '3des-sha256-ecp384' },
  { name: 'MODP-1024 (group 2)', ike: 'aes256gcm16-prfsha384-modp1024' },
  { name: 'MODP-1536 (group 5)', ike: 'aes256gcm16-prfsha384-modp1536' },
  { name: 'MODP-2048 (group 14)', ike: 'aes256gcm16-prfsha384-modp2048' },
  { name: 'another pre-shared key', secret: 'guessed' },
  { name: 'another identity', identity: '203.0.113.99' },
  { name: 'selectors of another family', selectors: '::/0' },
]

/** What may be agreed on: shows that the refusals above are not just silence. */
const ALLOWED: readonly Offer[] = [
  { name: 'AES-256-GCM, ECP-384' },
  { name: 'AES-128-GCM, ECP-256', ike: 'aes128gcm16-prfsha256-ecp256', esp: 'aes128gcm16-ecp256' },
  { name: 'AES-256-GCM, MODP-3072', ike: 'aes256gcm16-prfsha512-modp3072', esp: 'aes256gcm16-modp3072' },
]

/** Refused only when the keys are renewed: the first child is made without a key exchange of its own. */
const AT_REKEY: readonly Offer[] = [
  { name: 'MODP-2048 for forward secrecy', esp: 'aes256gcm16-modp2048' },
  { name: 'no forward secrecy', esp: 'aes256gcm16' },
]

export interface RefusalInput {
  readonly connection: Connection
  readonly kit: readonly KitFile[]
}

const KEY = 'the-key-of-the-experiment'
const AWS = '192.0.2.10'

function offering(
  own: string,
  other: string,
  { version = 2, ike = IKE, esp = ESP, secret = KEY, selectors = '0.0.0.0/0', identity = own }: Offer,
): string {
  return `connections { offered { version = ${version}
  local_addrs = ${own}
  remote_addrs = ${other}
  proposals = ${ike}
  encap = yes
  mobike = no
  keyingtries = 1
  local { auth = psk
    id = ${identity} }
  remote { auth = psk
    id = ${other} }
  children { offered {
    local_ts = ${selectors}
    remote_ts = ${selectors}
    esp_proposals = ${esp} } }
} }
secrets { ike { id-1 = ${identity}
  id-2 = ${other}
  secret = "${secret}" } }
`
}

interface Outcome {
  readonly offer: string
  readonly installed: boolean
  readonly reason: string
}

interface Renewal extends Outcome {
  readonly renewed: boolean
}

/** What an end writes down when it refuses. */
const REASONS = new RegExp(
  [
    'no IKE config found',
    'received proposals unacceptable',
    'no acceptable proposal found',
    'MAC mismatched',
    'no shared key found',
    'no matching peer config found',
    String.raw`TS_UNACCEPT\w*`,
    'traffic selectors .* unacceptable',
    'NO_PROPOSAL_CHOSEN',
    'NO_PROP',
    'AUTH_FAILED',
    'INVAL_KE',
    'invalid KE',
  ].join('|'),
)

/** One end as it really is, and where it stands. */
interface EndInput {
  /** prefix of its namespaces */
  readonly name: string
  readonly address: string
  /** the address from which the offers come */
  readonly peer: string
  readonly configuration: string
}

/** One end as it really is (AWS's from the template, or the gateway's from its kit) against a peer of all kinds. */
class RealEnd {
  readonly #end: Charon
  readonly #peer: Charon
  readonly #addresses: Pick<EndInput, 'address' | 'peer'>

  private constructor(end: Charon, peer: Charon, addresses: Pick<EndInput, 'address' | 'peer'>) {
    this.#end = end
    this.#peer = peer
    this.#addresses = addresses
  }

  static async open(sandbox: Sandbox, { name, address, peer, configuration }: EndInput): Promise<RealEnd> {
    const [ownSpace, peerSpace, router] = [`${name}-own`, `${name}-peer`, `${name}-wire`]
    await sandbox.namespaces([ownSpace, peerSpace, router])
    const device = 'wan'
    await connectToRouter(sandbox, { machine: ownSpace, addresses: [address], router, link: 'own', device })
    await connectToRouter(sandbox, { machine: peerSpace, addresses: [peer], router, link: 'peer', device })
    const options = 'charon {\n  retransmit_timeout = 0.3\n  retransmit_tries = 2\n  retransmit_base = 1.0\n}\n'
    const [end, other] = await Promise.all([
      Charon.start(sandbox, { name: ownSpace, namespace: ownSpace, connections: [configuration], options }),
      Charon.start(sandbox, { name: peerSpace, namespace: peerSpace, connections: [], options }),
    ])
    await end.load()
    return new RealEnd(end, other, { address, peer })
  }

  /** Lets the peer make one offer, and ends whatever came of it. */
  async answerTo(offer: Offer, afterwards?: () => Promise<void>): Promise<Outcome> {
    const before = this.#end.log().length
    this.#peer.configure([offering(this.#addresses.peer, this.#addresses.address, offer)])
    await this.#peer.load()
    await this.#peer.request('initiate', { child: 'offered', timeout: '3000', loglevel: '-1' })
    await pause(60)
    const installed = (await this.#peer.installed()).length > 0 && (await this.#end.installed()).length > 0
    await afterwards?.()
    const reason = REASONS.exec(this.#end.log().slice(before))?.[0] ?? ''
    for (const charon of [this.#peer, this.#end]) {
      for (const ike of ['offered', await charon.firstConnection()])
        await charon.request('terminate', { ike, force: 'yes', timeout: '500', loglevel: '-1' })
    }
    return { offer: offer.name, installed, reason }
  }

  /** Whether the keys of an installed tunnel can be renewed with this offer. */
  async renewalWith(offer: Offer): Promise<Renewal> {
    let renewed = false
    const outcome = await this.answerTo(offer, async () => {
      const keys = async () => (await this.#peer.installed()).map((child) => String(child['spi-in'])).join()
      const before = await keys()
      await this.#peer.request('rekey', { child: 'offered' })
      const end = Date.now() + 1200
      while (Date.now() < end && !renewed) {
        await pause(80)
        const now = await keys()
        renewed = now !== '' && now !== before
      }
    })
    return { ...outcome, renewed }
  }
}

/** Both ends refuse every weaker peer, and agree with the strong ones. */
export async function refusals(sandbox: Sandbox, { connection, kit }: RefusalInput): Promise<Experiment[]> {
  const peer = connection.peerAddress
  const [tunnel] = connection.tunnels
  const file = [...fillIn(kit, [AWS, '192.0.2.11'], [KEY, KEY])].find(([path]) => /conf\.d\/.*-1\.conf$/.test(path))![1]
  // The gateway would open its tunnel by itself; here the other side asks.
  const waiting = file
    .replace('start_action = start', 'start_action = none')
    .replace('close_action = start', 'close_action = none')
  const endpoint = endpointConnection(tunnel!, { outside: AWS, peer, preSharedKey: KEY })
  const [aws, gateway] = await Promise.all([
    RealEnd.open(sandbox, { name: 'ra', address: AWS, peer, configuration: endpoint }),
    RealEnd.open(sandbox, { name: 'rg', address: peer, peer: AWS, configuration: waiting }),
  ])
  const experiments = await Promise.all([
    refusalsOf(aws, { id: 'AWS', words: 'AWS end, from the template' }),
    refusalsOf(gateway, { id: 'gat', words: 'gateway, from its kit' }),
  ])
  return experiments.flat()
}

async function refusalsOf(
  end: RealEnd,
  { id, words }: { readonly id: string; readonly words: string },
): Promise<Experiment[]> {
  const weaker: Outcome[] = []
  for (const offer of WEAKER) weaker.push(await end.answerTo(offer))
  const allowed: Renewal[] = []
  for (const offer of ALLOWED) allowed.push(await end.renewalWith(offer))
  const atRekey: Renewal[] = []
  for (const offer of AT_REKEY) atRekey.push(await end.renewalWith(offer))
  const refused = weaker.filter(({ installed, reason }) => !installed && reason !== '')
  const agreed = allowed.filter(({ installed, renewed }) => installed && renewed)
  const stopped = atRekey.filter(({ renewed }) => !renewed)
  return [
    {
      id: `weaker-${id}`,
      title: `Weaker peers at the ${words}`,
      shows: ['NET-2', 'C-3'],
      ok: refused.length === weaker.length && agreed.length === allowed.length,
      found:
        `${refused.length} of ${weaker.length} refused; ` +
        `${agreed.length} of ${allowed.length} strong ones agree and renew their keys`,
      details: { weaker, allowed },
    },
    {
      id: `rekey-${id}`,
      title: `Wrong key exchange at rekey at the ${words}`,
      shows: ['NET-2'],
      ok: stopped.length === atRekey.length,
      found: `${stopped.length} of ${atRekey.length} refused when keys are renewed`,
      details: atRekey,
    },
  ]
}
