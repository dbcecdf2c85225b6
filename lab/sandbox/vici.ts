import { connect, type Socket } from 'node:net'

/** A vici message: sections, lists and values (strongSwan, src/libcharon/plugins/vici/README.md). */
export type Message = { [key: string]: string | string[] | Message }

const element = { sectionStart: 1, sectionEnd: 2, keyValue: 3, listStart: 4, listItem: 5, listEnd: 6 } as const
const packet = { request: 0, response: 1, register: 3, unregister: 4, event: 7 } as const

function encode(message: Message): Buffer {
  const parts: Buffer[] = []
  const name = (text: string) => {
    const bytes = Buffer.from(text)
    parts.push(Buffer.from([bytes.length]), bytes)
  }
  const value = (text: string) => {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(2)
    length.writeUInt16BE(bytes.length)
    parts.push(length, bytes)
  }
  const walk = (section: Message): void => {
    for (const [key, entry] of Object.entries(section)) {
      if (Array.isArray(entry)) {
        parts.push(Buffer.from([element.listStart]))
        name(key)
        for (const item of entry) {
          parts.push(Buffer.from([element.listItem]))
          value(item)
        }
        parts.push(Buffer.from([element.listEnd]))
      } else if (typeof entry === 'object') {
        parts.push(Buffer.from([element.sectionStart]))
        name(key)
        walk(entry)
        parts.push(Buffer.from([element.sectionEnd]))
      } else {
        parts.push(Buffer.from([element.keyValue]))
        name(key)
        value(entry)
      }
    }
  }
  walk(message)
  return Buffer.concat(parts)
}

function decode(bytes: Buffer): Message {
  const root: Message = {}
  const open: Message[] = [root]
  let list: string[] = []
  let at = 0
  const text = (lengthBytes: 1 | 2) => {
    const length = lengthBytes === 1 ? bytes.readUInt8(at) : bytes.readUInt16BE(at)
    at += lengthBytes + length
    return bytes.toString('utf8', at - length, at)
  }
  while (at < bytes.length) {
    const type = bytes.readUInt8(at++)
    const section = open.at(-1)!
    if (type === element.sectionStart) {
      const inner: Message = {}
      section[text(1)] = inner
      open.push(inner)
    } else if (type === element.sectionEnd) open.pop()
    else if (type === element.keyValue) {
      const key = text(1)
      section[key] = text(2)
    } else if (type === element.listStart) {
      list = []
      section[text(1)] = list
    } else if (type === element.listItem) list.push(text(2))
  }
  return root
}

/** A connection to one IKE daemon. */
export class Vici {
  readonly #socket: Socket
  readonly #waiting: ((answer: Message) => void)[] = []
  readonly #events = new Map<string, (message: Message) => void>()
  #buffer: Buffer = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (data: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, data])
      while (this.#buffer.length >= 4 && this.#buffer.length >= 4 + this.#buffer.readUInt32BE(0)) {
        const end = 4 + this.#buffer.readUInt32BE(0)
        this.#receive(this.#buffer.subarray(4, end))
        this.#buffer = this.#buffer.subarray(end)
      }
    })
    socket.on('close', () => {
      for (const done of this.#waiting.splice(0)) done({ success: 'no', errmsg: 'the daemon is gone' })
    })
    socket.on('error', () => undefined)
  }

  static open(path: string): Promise<Vici> {
    return new Promise((resolve, reject) => {
      const socket = connect(path)
      socket.once('error', reject)
      socket.once('connect', () => resolve(new Vici(socket)))
    })
  }

  #receive(bytes: Buffer): void {
    if (bytes[0] === packet.event) {
      const length = bytes[1]!
      this.#events.get(bytes.toString('utf8', 2, 2 + length))?.(decode(bytes.subarray(2 + length)))
    } else this.#waiting.shift()?.(bytes[0] === packet.response ? decode(bytes.subarray(1)) : {})
  }

  #send(type: number, name: string, body: Buffer = Buffer.alloc(0)): Promise<Message> {
    if (this.#socket.destroyed) return Promise.resolve({ success: 'no', errmsg: 'the daemon is gone' })
    const head = Buffer.from(name)
    const content = Buffer.concat([Buffer.from([type, head.length]), head, body])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#socket.write(Buffer.concat([length, content]))
    })
  }

  request(command: string, message: Message = {}): Promise<Message> {
    return this.#send(packet.request, command, encode(message))
  }

  /** Runs a command that answers in events of one kind; gives all of them. */
  async stream(command: string, event: string, message: Message = {}): Promise<Message[]> {
    const received: Message[] = []
    this.#events.set(event, (each) => received.push(each))
    await this.#send(packet.register, event)
    await this.request(command, message)
    await this.#send(packet.unregister, event)
    return received
  }

  close(): void {
    this.#socket.destroy()
  }
}
