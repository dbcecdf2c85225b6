// Stands on one machine of the lab: listens on every port of the matrix and tries others on request.
// Arguments: name, TCP ports, UDP ports. Requests and answers are JSON, one a line.
import { createServer, connect } from 'node:net'
import { createSocket } from 'node:dgram'
import { createInterface } from 'node:readline'

const [name, tcp, udp] = process.argv.slice(2)
const ports = (list) => list.split(',').filter(Boolean).map(Number)

const bound = []
for (const port of ports(tcp))
  bound.push(
    new Promise((resolve) => {
      const server = createServer((socket) => {
        socket.on('error', () => {})
        socket.end(name)
      })
      server.once('error', () => resolve())
      server.listen(port, '0.0.0.0', () => resolve())
    }),
  )
for (const port of ports(udp))
  bound.push(
    new Promise((resolve) => {
      const socket = createSocket('udp4')
      socket.once('error', () => resolve())
      socket.on('message', (_, from) => socket.send(name, from.port, from.address, () => {}))
      socket.bind(port, '0.0.0.0', () => resolve())
    }),
  )

function tryTcp({ address, port, timeout }) {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const done = (answer) => {
      socket.destroy()
      clearTimeout(timer)
      resolve(answer)
    }
    const timer = setTimeout(() => done('silence'), timeout)
    socket.once('connect', () => done('open'))
    // A refusal has come from the machine itself: the network let the packet through.
    socket.once('error', (error) =>
      done(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? 'open' : error.code),
    )
  })
}

function tryUdp({ address, port, timeout }) {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    const done = (answer) => {
      clearTimeout(timer)
      socket.close()
      resolve(answer)
    }
    const timer = setTimeout(() => done('silence'), timeout)
    socket.once('message', () => done('open'))
    socket.once('error', (error) => done(error.code))
    socket.connect(port, address, () => socket.send('?', () => {}))
  })
}

await Promise.all(bound)
console.log(JSON.stringify({ ready: name }))
for await (const line of createInterface({ input: process.stdin })) {
  const { id, probes } = JSON.parse(line)
  Promise.all(probes.map((probe) => (probe.protocol === 'udp' ? tryUdp(probe) : tryTcp(probe)))).then((answers) =>
    console.log(JSON.stringify({ id, answers })),
  )
}
process.exit(0)
