import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pause, until, type Sandbox } from './sandbox.ts'

/** What was seen on the wire. */
export interface Seen {
  readonly ike: number
  readonly esp: number
  /** packets that are neither; there should be none */
  readonly clear: number
  /** the first of them, in words */
  readonly examples: readonly string[]
  /** packets that contain the marker in clear */
  readonly marker: number
}

const IKE_PORT = 500
const NAT_TRAVERSAL_PORT = 4500
/** Linux "cooked" captures, both versions: where the protocol and where the packet is (pcap-linktype). */
const COOKED: Readonly<Record<number, { readonly protocol: number; readonly packet: number }>> = {
  113: { protocol: 14, packet: 16 },
  276: { protocol: 0, packet: 20 },
}
/** Clear packets that are written down. */
const EXAMPLES = 10
const IPV4 = 0x0800
const ARP = 0x0806

/** Records every packet of a namespace until `stop`. */
export async function capture(
  sandbox: Sandbox,
  namespace: string,
  filter: string,
): Promise<{ stop(marker: string): Promise<Seen> }> {
  const file = join(sandbox.folder, `${namespace}-${Date.now()}.pcap`)
  const child = sandbox.start(
    [
      'tcpdump',
      '-i',
      'any',
      '-n',
      '-U',
      '--immediate-mode',
      '-s',
      '2048',
      '-B',
      '16384',
      '-Z',
      'root',
      '-w',
      file,
      filter,
    ],
    { namespace },
    'pipe',
  )
  let said = ''
  child.stderr!.on('data', (data: Buffer) => {
    said += data.toString()
  })
  await until('packet capture', 10, () => said.includes('listening on'))
  return {
    async stop(marker) {
      // Packets reach the file a moment after the wire.
      await pause(300)
      await sandbox.run(['pkill', '-INT', '-f', file])
      await until('end of the packet capture', 10, () => child.exitCode !== null)
      if (/[1-9]\d* packets dropped by kernel/.test(said)) throw new Error(`the capture lost packets: ${said}`)
      return classify(readFileSync(file), marker)
    },
  }
}

/** Sorts the packets of a capture file. */
export function classify(file: Buffer, marker: string): Seen {
  const layout = COOKED[file.readUInt32LE(20) & 0x0fffffff]
  if (!layout) throw new Error(`a capture of link type ${file.readUInt32LE(20)} is not understood`)
  let [ike, esp, clear, marked] = [0, 0, 0, 0]
  const examples: string[] = []
  for (let at = 24; at + 16 <= file.length;) {
    const length = file.readUInt32LE(at + 8)
    const frame = file.subarray(at + 16, at + 16 + length)
    at += 16 + length
    const protocol = frame.readUInt16BE(layout.protocol)
    if (protocol === ARP) continue
    const packet = frame.subarray(layout.packet)
    if (packet.includes(marker)) marked += 1
    const kind = protocol === IPV4 ? kindOf(packet) : `ethertype ${protocol.toString(16)}`
    if (kind === 'IKE') ike += 1
    else if (kind === 'ESP') esp += 1
    else {
      clear += 1
      if (examples.length < EXAMPLES) examples.push(kind)
    }
  }
  return { ike, esp, clear, examples, marker: marked }
}

function kindOf(packet: Buffer): string {
  const address = (at: number) => [...packet.subarray(at, at + 4)].join('.')
  const head = (packet[0]! & 15) * 4
  const words = `${address(12)} → ${address(16)} protocol ${packet[9]}`
  if (packet[9] !== 17)
    return packet[9] === 6 ? `${words} ports ${packet.readUInt16BE(head)} → ${packet.readUInt16BE(head + 2)}` : words
  const [source, destination] = [packet.readUInt16BE(head), packet.readUInt16BE(head + 2)]
  if (source === IKE_PORT && destination === IKE_PORT) return 'IKE'
  if (source !== NAT_TRAVERSAL_PORT || destination !== NAT_TRAVERSAL_PORT)
    return `${words} ports ${source} → ${destination}`
  // Four zero bytes mark IKE among ESP (RFC 3948); one byte 0xff keeps a translation open.
  return packet.subarray(head + 8, head + 12).equals(Buffer.alloc(4)) ? 'IKE' : 'ESP'
}
