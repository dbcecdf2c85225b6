import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from '@jest/globals'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { lateAnswer } from '#lambda/network/provider/handle.ts'
import { respond } from '#lambda/network/provider/respond.ts'
import { DIRECTORY, Region } from './support.ts'
import { expectThat } from '#test/support/expect.ts'

const event = (responseUrl: string) =>
  ({
    RequestType: 'Create',
    ServiceToken: 't',
    ResponseURL: responseUrl,
    StackId: 'arn:aws:cloudformation:x:0:stack/S/1',
    RequestId: 'r',
    LogicalResourceId: 'L',
    ResourceType: 'Custom::RenkeiDirectoryDataAccess',
    ResourceProperties: { ServiceToken: 't', DirectoryId: DIRECTORY },
  }) as CloudFormationCustomResourceEvent
const clock = { now: () => 0, sleep: async () => {} }

/** CloudFormation's response address: answers the first requests as told, keeps what it is sent. */
async function listener(...statuses: number[]) {
  const received: { method: string | undefined; type: string | undefined; body: Record<string, unknown> }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({
        method: request.method,
        type: request.headers['content-type'],
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
      })
      response.writeHead(statuses.shift() ?? 200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('[NET-1] the answer is put without a content type and with the ids of the request', async () => {
  using cloudFormation = await listener()
  await respond(event(cloudFormation.url), { Status: 'SUCCESS', PhysicalResourceId: 'p', Data: { A: 'b' } }, clock)
  expect(cloudFormation.received).toEqual([
    {
      method: 'PUT',
      type: undefined,
      body: {
        Status: 'SUCCESS',
        PhysicalResourceId: 'p',
        Data: { A: 'b' },
        StackId: 'arn:aws:cloudformation:x:0:stack/S/1',
        RequestId: 'r',
        LogicalResourceId: 'L',
      },
    },
  ])
})

test('[NET-1] an answer that does not arrive is sent again; at last the request is handed back to Lambda', async () => {
  using patient = await listener(503, 500)
  await respond(event(patient.url), { Status: 'SUCCESS', PhysicalResourceId: 'p' }, clock)
  expect(patient.received.length).toBe(3)
  using broken = await listener(500, 500, 500, 500, 500)
  await expect(respond(event(broken.url), { Status: 'SUCCESS', PhysicalResourceId: 'p' }, clock)).rejects.toThrow(
    /answered 500/,
  )
})

test('[NET-1] a call that hangs is answered under the id that a rollback needs', () => {
  expect(lateAnswer(event('https://x'))).toEqual({
    Status: 'FAILED',
    PhysicalResourceId: `directory-data-access/${DIRECTORY}`,
    Reason:
      'Custom::RenkeiDirectoryDataAccess L: AWS did not answer in time. ' +
      'Nothing is lost: deploy again and it goes on from here.',
  })
})

test('[NET-1] whatever arrives is answered: unknown types, missing and hostile properties', async () => {
  const region = new Region()
  for (const { type, properties } of [
    { type: 'Custom::Other', properties: {} },
    { type: 'constructor', properties: {} },
    { type: 'Custom::RenkeiVpnAttachment', properties: {} },
    { type: 'Custom::RenkeiVpnAttachment', properties: { VpnConnectionId: '*', TransitGatewayId: 'tgw-0' } },
    { type: 'Custom::RenkeiDirectoryDataAccess', properties: { DirectoryId: 'x'.repeat(10_000) } },
    { type: 'Custom::RenkeiDirectoryDataAccess', properties: { DirectoryId: DIRECTORY, Surprise: 'yes' } },
  ] as const) {
    const answer = await region.send(type, { kind: 'create', properties })
    expect(answer.Status).toBe('FAILED')
    expect(answer.PhysicalResourceId).toBe('untouched/Resource')
    assert.ok(answer.Reason!.length <= 500)
    const deleted = await region.send('Custom::RenkeiVpnAttachment', {
      kind: 'delete',
      id: answer.PhysicalResourceId,
      properties,
    })
    expect(deleted.Status).toBe('SUCCESS')
  }
  expect(region.simulator.calls.length).toBe(0)
})

test('[NET-1] data access of a directory that is gone already ends without an error', async () => {
  const region = new Region()
  region.simulator.world.directories.directories.remove(DIRECTORY)
  const answer = await region.send('Custom::RenkeiDirectoryDataAccess', {
    kind: 'delete',
    id: `directory-data-access/${DIRECTORY}`,
    properties: { DirectoryId: DIRECTORY },
  })
  expectThat(answer.Status, answer.Reason).toBe('SUCCESS')
})
