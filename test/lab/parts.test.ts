import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { readNetwork } from '#lab/twin/network.ts'
import { readTemplates, type TwinTemplate } from '#lab/twin/templates.ts'
import { classify } from '#lab/sandbox/capture.ts'
import { missingPrerequisites } from '#lab/sandbox/prerequisites.ts'
import { Vici } from '#lab/sandbox/vici.ts'
import { demoAssembly } from '../support/assembly.ts'

const assembly = demoAssembly()
const templates = () =>
  new Map<string, TwinTemplate>(
    assembly.stacks.map((stack) => [stack, structuredClone(assembly.template(stack)) as TwinTemplate]),
  )

test('[NET-1] the twin reads three connections, three route tables and one firewall out of the templates', () => {
  const network = readNetwork(readTemplates(templates()))
  expect(network.connections.map(({ stack }) => stack)).toEqual(['link-NDB', 'link-DPC', 'link-RWD1'])
  expect(network.gateway.tables.length).toBe(3)
  for (const { attachment } of network.connections)
    expect(network.gateway.tables.filter(({ associated }) => associated.includes(attachment)).length).toBe(1)
  assert.ok(network.gateway.tables.some(({ associated }) => associated.includes(network.firewall.attachment)))
})

for (const type of [
  'AWS::EC2::TransitGatewayRouteTablePropagation',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::NatGateway',
  'AWS::EC2::VPCPeeringConnection',
  'AWS::EC2::VPCEndpoint',
]) {
  test(`[C-1] the twin refuses a template with ${type} rather than leave it out`, () => {
    const changed = templates()
    Object.assign(changed.get('hub')!.Resources, { Extra: { Type: type, Properties: {} } })
    expect(() => readNetwork(readTemplates(changed))).toThrow(new RegExp(type))
  })
}

/** A capture file of one packet. */
function capture(packet: Buffer, protocol = 0x0800): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(276, 20)
  const cooked = Buffer.alloc(20)
  cooked.writeUInt16BE(protocol, 0)
  const record = Buffer.alloc(16)
  record.writeUInt32LE(20 + packet.length, 8)
  return Buffer.concat([head, record, cooked, packet])
}

function ipv4(protocol: number, source: number, destination: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(20)
  head[0] = 0x45
  head[9] = protocol
  const ports = Buffer.alloc(8)
  ports.writeUInt16BE(source, 0)
  ports.writeUInt16BE(destination, 2)
  return Buffer.concat([head, ports, payload])
}

test('[NET-2] the capture of the wire tells ESP, IKE and everything else apart', () => {
  const esp = Buffer.from('c0ffee0100000001deadbeef', 'hex')
  expect(classify(capture(ipv4(17, 4500, 4500, esp)), 'MARK')).toEqual({
    ike: 0,
    esp: 1,
    clear: 0,
    examples: [],
    marker: 0,
  })
  expect(classify(capture(ipv4(17, 4500, 4500, Buffer.concat([Buffer.alloc(4), esp]))), 'MARK').ike).toBe(1)
  expect(classify(capture(ipv4(17, 500, 500, esp)), 'MARK').ike).toBe(1)
  expect(classify(capture(ipv4(6, 40_000, 5432, esp)), 'MARK').clear).toBe(1)
  expect(classify(capture(ipv4(17, 40_000, 4500, esp)), 'MARK').clear).toBe(1)
  expect(classify(capture(Buffer.alloc(40), 0x86dd), 'MARK').clear).toBe(1)
  expect(classify(capture(ipv4(17, 4500, 4500, Buffer.from('xxxx MARK in clear'))), 'MARK').marker).toBe(1)
})

test('what a machine lacks is said with what to do', () => {
  for (const { what, next } of missingPrerequisites()) {
    assert.ok(what.length > 5)
    assert.ok(next.length > 5)
  }
})

test('the vici client writes and reads sections, lists and values', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vici-'))
  const path = join(folder, 's')
  const server = createServer((socket) =>
    socket.on('data', (data) => {
      // Answers with the body of the request: what was encoded is what is decoded.
      const body = data.subarray(4 + 2 + data[5]!)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(body.length + 1)
      socket.write(Buffer.concat([length, Buffer.from([1]), body]))
    }),
  )
  await new Promise<void>((resolve) => {
    server.listen(path, resolve)
  })
  try {
    const vici = await Vici.open(path)
    const message = {
      name: 'x',
      empty: '',
      section: { list: ['a', 'b', ''], inner: { key: 'ö'.repeat(300) } },
      last: '1',
    }
    expect(await vici.request('echo', message)).toEqual(message)
    vici.close()
  } finally {
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
