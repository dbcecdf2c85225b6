import assert from 'node:assert/strict'
import { afterEach, expect, test } from '@jest/globals'
import { DirectoryServiceClient, DescribeDirectoriesCommand } from '@aws-sdk/client-directory-service'
import { CreateSecurityGroupCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { CreateFileSystemCommand, EFSClient, FileSystemAlreadyExists } from '@aws-sdk/client-efs'
import { CreateWorkspacesCommand, DescribeWorkspacesCommand, WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { DirectoryServiceDataClient } from '#lambda/kernel/directory-service-data.ts'
import { VirtualClock } from '#local/simulator/clock.ts'
import { endpointVariables, serve } from '#local/simulator/serve.ts'
import { Simulator, type SimulatorOptions } from '#local/simulator/simulator.ts'
import { cell, desktopRequest, directoryId } from './support.ts'

const account = { region: 'ap-northeast-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** Real clients with real signatures, which find the simulator as the platform's functions do: by environment. */
async function served(options: SimulatorOptions = {}) {
  const simulator = new Simulator(options).seed(cell)
  const server = await serve(simulator)
  for (const name of endpointVariables) process.env[name] = server.url
  closers.push(async () => {
    for (const name of endpointVariables) delete process.env[name]
    await server.close()
  })
  const post = async (what: string, body: object) =>
    (await fetch(`${server.url}/_simulator/${what}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const get = async (what: string) => (await fetch(`${server.url}/_simulator/${what}`)).json()
  return { simulator, post, get }
}

test('each protocol works over HTTP with clients that only know AWS_ENDPOINT_URL_<SERVICE>', async () => {
  await served()
  const { GroupId } = await new EC2Client(account).send(
    new CreateSecurityGroupCommand({ GroupName: 'p1', Description: 'a & b', VpcId: cell.vpcId }),
  )
  expect(GroupId!).toMatch(/^sg-[0-9a-f]{17}$/)
  const efs = new EFSClient(account)
  const { CreationTime } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'p1' }))
  expect(CreationTime?.toISOString().slice(0, 10)).toBe('2026-11-22')
  await expect(efs.send(new CreateFileSystemCommand({ CreationToken: 'p1' }))).rejects.toThrow(FileSystemAlreadyExists)
  expect(
    (await new DirectoryServiceClient(account).send(new DescribeDirectoriesCommand({}))).DirectoryDescriptions?.length,
  ).toBe(1)
  await new DirectoryServiceDataClient(account).createUser({ DirectoryId: directoryId, SAMAccountName: 'p1-a' })
  const { PendingRequests } = await new WorkSpacesClient(account).send(
    new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] }),
  )
  expect(PendingRequests?.[0]?.State).toBe('PENDING')
  await expect(new EC2Client(account).send(new DescribeInstancesCommand({}))).rejects.toThrow(
    expect.objectContaining({ name: 'InvalidAction' }),
  )
})

test('with a scale, 20 virtual minutes pass far sooner than in 20 minutes', async () => {
  const { simulator } = await served({ clock: new VirtualClock({ scale: 1_200 }) })
  await new DirectoryServiceDataClient(account).createUser({ DirectoryId: directoryId, SAMAccountName: 'p1-a' })
  const workspaces = new WorkSpacesClient(account)
  await workspaces.send(new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] }))
  const started = performance.now()
  let state: string | undefined
  while (state !== 'AVAILABLE' && performance.now() - started < 60_000) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    state = (await workspaces.send(new DescribeWorkspacesCommand({ DirectoryId: directoryId }))).Workspaces?.[0]?.State
  }
  expect(state).toBe('AVAILABLE')
  assert.ok(performance.now() - started < 2 * 60_000)
  expect(simulator.snapshot().desktops.length).toBe(1)
})

test('a lost answer breaks the connection; the SDK tries again and finds the effect', async () => {
  const { simulator, post } = await served()
  await post('fault', { kind: 'lostAnswer', operation: 'CreateFileSystem' })
  await expect(new EFSClient(account).send(new CreateFileSystemCommand({ CreationToken: 'p1' }))).rejects.toThrow(
    FileSystemAlreadyExists,
  )
  expect(simulator.calls.map((call) => call.outcome)).toEqual(['lost', 'FileSystemAlreadyExists'])
})

test('the control addresses: seed, advance, snapshot, calls; an unknown one says which there are', async () => {
  const { post, get } = await served()
  const before = (await get('health')) as { now: string }
  const after = (await post('advance', { ms: 3_600_000 })) as { now: string }
  expect(Date.parse(after.now) - Date.parse(before.now)).toBe(3_600_000)
  await post('seed', { bundles: [{ id: 'wsb-second' }], resourceGroups: [{ name: 'g', tagKey: 'k' }] })
  expect(((await get('snapshot')) as { resourceGroups: object }).resourceGroups).toEqual({ g: [] })
  expect(await get('calls')).toEqual([])
  expect(JSON.stringify(await get('nothing'))).toMatch(/there are GET health/)
})
