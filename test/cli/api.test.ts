import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { ApiClient, outcomeUnknown } from '#cli/api.ts'
import { readYaml } from '#cli/files.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** What a command is answered by an API that behaves like this. */
async function answered(behaviour: RequestListener) {
  const server = createServer(behaviour)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  try {
    const { port } = server.address() as AddressInfo
    return await new ApiClient(`http://127.0.0.1:${port}`, 'token', 'ja').command({})
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test('[C-10] a lost answer is told as such, and never as a refusal: the command may have been recorded', async () => {
  const lost = await answered((request) => request.socket.destroy())
  expect([outcomeUnknown(lost.status), lost.refusals[0]?.code]).toEqual([true, 'request.no-answer'])
  const gateway = await answered((_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body>Bad Gateway</body></html>')
  })
  expect([outcomeUnknown(gateway.status), gateway.refusals[0]?.code]).toEqual([true, 'request.no-answer'])
  expect(JSON.stringify(gateway.refusals)).not.toContain('<html>')
})

test('an answer of the API is handed on as it is, and its language is asked for', async () => {
  const refusal = { code: 'x.y', what: 'a', why: 'b', next: 'c' }
  const given = await answered((request, response) => {
    const refusals = [{ ...refusal, what: request.headers['accept-language'] }]
    response.writeHead(409, { 'content-type': 'application/json' }).end(JSON.stringify({ refusals }))
  })
  expect([given.status, outcomeUnknown(given.status), given.refusals[0]?.what]).toEqual([409, false, 'ja'])
})

const folder = mkdtempSync(join(tmpdir(), 'renkei-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Why a file is not read, in English. */
function whyNot(name: string, content?: string | Buffer): string {
  const file = join(folder, name)
  if (content !== undefined) writeFileSync(file, content)
  try {
    readYaml(file)
    return 'it is read'
  } catch (error) {
    if (!(error instanceof Obstacle)) throw error
    const { why } = error.refusal
    return typeof why === 'string' ? why : why.en
  }
}

test('a file that cannot be read says what it is, in our own words', () => {
  expect(whyNot('none.yaml')).toBe('there is no such file')
  expect(whyNot('.')).toBe('it is a folder')
  expect(whyNot('sjis.yaml', Buffer.from([0x83, 0x65, 0x83, 0x58]))).toMatch(/not UTF-8/)
  expect(whyNot('two.yaml', 'a: 1\n---\nb: 2\n')).toBe('it holds several documents')
  expect(whyNot('bad.yaml', 'a: [1\nb: }')).toMatch(/^line \d+, column \d+ is no YAML$/)
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key) => {
      const before = String.fromCodePoint(key.codePointAt(0)! - 1)
      return `${key}: &${key} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`
    }),
  ].join('\n')
  expect(whyNot('bomb.yaml', bomb)).toBe('it repeats parts of itself too often')
  expect(whyNot('good.json', '{"reason": "x"}')).toBe('it is read')
})
