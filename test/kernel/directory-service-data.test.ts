import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import { DirectoryServiceDataClient, DirectoryServiceDataException } from '#lambda/kernel/directory-service-data.ts'

interface Asked {
  readonly method?: string
  readonly url?: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A server that answers in turn, and what it was asked. */
async function answering(
  ...answers: readonly { readonly status: number; readonly headers?: Record<string, string>; readonly body?: object }[]
) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        const { status, headers, body } = answers[asked.length] ?? { status: 500 }
        asked.push({
          method: request.method,
          url: request.url,
          headers: request.headers,
          body: Buffer.concat(parts).toString(),
        })
        response.writeHead(status, headers).end(JSON.stringify(body ?? {}))
      })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new DirectoryServiceDataClient({
    region: 'ap-northeast-1',
    credentials: { accessKeyId: 'key-id', secretAccessKey: 'secret', sessionToken: 'token' },
    endpoint,
  })
  return {
    client,
    asked,
    [Symbol.dispose]: () => {
      server.close()
    },
  }
}

test("[C-7] directory calls are signed requests of the service's published form", async () => {
  using server = await answering({ status: 200, body: { SAMAccountName: 'taro', Enabled: true } })
  expect(await server.client.describeUser({ DirectoryId: 'd-1234567890', SAMAccountName: 'taro' })).toEqual({
    SAMAccountName: 'taro',
    Enabled: true,
  })
  const [request] = server.asked
  expect([request?.method, request?.url, request?.body]).toEqual([
    'POST',
    '/Users/DescribeUser?DirectoryId=d-1234567890',
    '{"SAMAccountName":"taro"}',
  ])
  const authorization = request?.headers.authorization ?? ''
  expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=key-id\/\d{8}\/ap-northeast-1\/ds-data\/aws4_request, /)
  expect(authorization).toMatch(/, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/)
  expect(request?.headers['x-amz-security-token']).toBe('token')
})

test('[C-10] an error keeps the name AWS gave it, wherever it stands', async () => {
  using server = await answering(
    { status: 409, headers: { 'x-amzn-errortype': 'ConflictException:http://internal/' }, body: { Message: 'taken' } },
    { status: 404, body: { __type: 'com.amazonaws.directoryservicedata#ResourceNotFoundException', message: 'none' } },
  )
  for (const { name, message } of [
    { name: 'ConflictException', message: 'taken' },
    { name: 'ResourceNotFoundException', message: 'none' },
  ]) {
    await assert.rejects(
      server.client.createUser({ DirectoryId: 'd-1234567890', SAMAccountName: 'taro' }),
      (error) => error instanceof DirectoryServiceDataException && error.name === name && error.message === message,
    )
  }
})

test('[C-10] a throttled call is tried again, a refused one is not', async () => {
  using server = await answering(
    { status: 429, body: { __type: 'ThrottlingException' } },
    { status: 200 },
    { status: 403, body: { __type: 'AccessDeniedException' } },
  )
  await server.client.disableUser({ DirectoryId: 'd-1234567890', SAMAccountName: 'taro' })
  expect(server.asked.length).toBe(2)
  await expect(server.client.deleteUser({ DirectoryId: 'd-1234567890', SAMAccountName: 'taro' })).rejects.toThrow(
    expect.objectContaining({
      name: 'AccessDeniedException',
    }),
  )
  expect(server.asked.length).toBe(3)
})
