import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { localEnvironment, withLocalAws } from '#local/launcher/environment.ts'
import { root } from '#scripts/tools/folders.ts'
import { start } from '#test/support/checkout.ts'

/** A server that counts what it is asked. */
async function counting(answer: string): Promise<{ server: Server; url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end(answer)
  })
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`)
    socket.end()
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  return { server, url: `http://127.0.0.1:${port}`, asked }
}

let emulator: Awaited<ReturnType<typeof counting>>
let elsewhere: Awaited<ReturnType<typeof counting>>
beforeAll(async () => {
  emulator = await counting('<ListAllMyBucketsResult/>')
  elsewhere = await counting('not the local AWS')
})
afterAll(() => {
  emulator.server.close()
  elsewhere.server.close()
})

/** A shell of somebody who works with AWS behind a proxy. */
const shell = () => ({
  PATH: process.env.PATH,
  HTTP_PROXY: elsewhere.url,
  HTTPS_PROXY: elsewhere.url,
  http_proxy: elsewhere.url,
  no_proxy: 'intra.example',
  AWS_PROFILE: 'no-such-profile',
  AWS_SESSION_TOKEN: 'of-another-account',
  AWS_ENDPOINT_URL_S3: elsewhere.url,
  AWS_CA_BUNDLE: '/no/such/file',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
})

test('no setting of AWS in the shell, and no proxy before this machine, reaches what the launcher starts', () => {
  const local = localEnvironment({ emulator: emulator.url, simulator: 'http://127.0.0.1:2' }, 'ap-northeast-1')
  const environment = withLocalAws(shell(), local)
  expect(Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('AWS_')))).toEqual({
    AWS_ENDPOINT_URL: emulator.url,
    AWS_ENDPOINT_URL_EC2: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_WORKSPACES: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_DIRECTORY_SERVICE: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_DIRECTORY_SERVICE_DATA: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_NETWORK_FIREWALL: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_RESOURCE_GROUPS: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_EFS: 'http://127.0.0.1:2',
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: 'ap-northeast-1',
    AWS_DEFAULT_REGION: 'ap-northeast-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
  expect(environment.NO_PROXY).toBe('127.0.0.1,localhost')
  expect(environment.no_proxy).toBe('intra.example,127.0.0.1,localhost')
  expect(environment.HTTP_PROXY).toBe(elsewhere.url)
})

test('with a proxy and a profile set, an SDK client and fetch of a child process reach the local AWS', async () => {
  const script = `
    const { S3Client, ListBucketsCommand } = await import('@aws-sdk/client-s3')
    await new S3Client({}).send(new ListBucketsCommand({}))
    await fetch(process.env.AWS_ENDPOINT_URL + '/_ministack/health')`
  // Node takes the proxy of its environment where it is told to
  const environment: Record<string, string | undefined> = {
    ...withLocalAws(shell(), localEnvironment({ emulator: emulator.url }, 'ap-northeast-1')),
    NODE_USE_ENV_PROXY: '1',
  }
  const withoutTheirs = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]))
  const child = start(process.execPath, ['--input-type=module', '-e', script], root, {
    ...withoutTheirs,
    ...environment,
  })
  expect([await child.ended, child.output()]).toEqual([0, ''])
  expect(emulator.asked).toEqual(['GET /?x-id=ListBuckets', 'GET /_ministack/health'])
  expect(elsewhere.asked).toEqual([])
})
