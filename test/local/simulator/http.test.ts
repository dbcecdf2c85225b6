import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { DirectoryServiceClient, DescribeDirectoriesCommand } from '@aws-sdk/client-directory-service'
import { CreateSecurityGroupCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { CreateFileSystemCommand, EFSClient, FileSystemAlreadyExists } from '@aws-sdk/client-efs'
import { CreateWorkspacesCommand, DescribeWorkspacesCommand, WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { DirectoryServiceDataClient } from '../../../lambda/shared/directory-service-data.ts'
import { VirtualClock } from '../../../local/simulator/clock.ts'
import { endpointVariables, serve } from '../../../local/simulator/serve.ts'
import { Simulator, type SimulatorOptions } from '../../../local/simulator/simulator.ts'
import { cell, desktopRequest, directoryId } from './kit.ts'

const account = { region: 'ap-northeast-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }

/** Real clients with real signatures, which find the simulator as the platform's functions do: by environment. */
async function served(context: TestContext, options: SimulatorOptions = {}) {
  const simulator = new Simulator(options).seed(cell)
  const server = await serve(simulator)
  for (const name of endpointVariables) process.env[name] = server.url
  context.after(async () => {
    for (const name of endpointVariables) delete process.env[name]
    await server.close()
  })
  const post = async (what: string, body: object) =>
    (await fetch(`${server.url}/_simulator/${what}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const get = async (what: string) => (await fetch(`${server.url}/_simulator/${what}`)).json()
  return { simulator, post, get }
}

test('each protocol works over HTTP with clients that only know AWS_ENDPOINT_URL_<SERVICE>', async (context) => {
  await served(context)
  const { GroupId } = await new EC2Client(account).send(
    new CreateSecurityGroupCommand({ GroupName: 'p1', Description: 'a & b', VpcId: cell.vpcId }),
  )
  assert.match(GroupId!, /^sg-[0-9a-f]{17}$/)
  const efs = new EFSClient(account)
  const { CreationTime } = await efs.send(new CreateFileSystemCommand({ CreationToken: 'p1' }))
  assert.equal(CreationTime?.toISOString().slice(0, 10), '2026-11-22')
  await assert.rejects(efs.send(new CreateFileSystemCommand({ CreationToken: 'p1' })), FileSystemAlreadyExists)
  assert.equal(
    (await new DirectoryServiceClient(account).send(new DescribeDirectoriesCommand({}))).DirectoryDescriptions?.length,
    1,
  )
  await new DirectoryServiceDataClient(account).createUser({ DirectoryId: directoryId, SAMAccountName: 'p1-a' })
  const { PendingRequests } = await new WorkSpacesClient(account).send(
    new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] }),
  )
  assert.equal(PendingRequests?.[0]?.State, 'PENDING')
  await assert.rejects(new EC2Client(account).send(new DescribeInstancesCommand({})), { name: 'InvalidAction' })
})

test('with a scale, 20 virtual minutes pass in a second or two', async (context) => {
  const { simulator } = await served(context, { clock: new VirtualClock({ scale: 1_200 }) })
  await new DirectoryServiceDataClient(account).createUser({ DirectoryId: directoryId, SAMAccountName: 'p1-a' })
  const workspaces = new WorkSpacesClient(account)
  await workspaces.send(new CreateWorkspacesCommand({ Workspaces: [desktopRequest('p1-a')] }))
  const started = performance.now()
  let state: string | undefined
  while (state !== 'AVAILABLE' && performance.now() - started < 5_000) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
    state = (await workspaces.send(new DescribeWorkspacesCommand({ DirectoryId: directoryId }))).Workspaces?.[0]?.State
  }
  assert.equal(state, 'AVAILABLE')
  assert.ok(performance.now() - started < 3_000)
  assert.equal(simulator.snapshot().desktops.length, 1)
})

test('a lost answer breaks the connection; the SDK tries again and finds the effect', async (context) => {
  const { simulator, post } = await served(context)
  await post('fault', { kind: 'lostAnswer', operation: 'CreateFileSystem' })
  await assert.rejects(
    new EFSClient(account).send(new CreateFileSystemCommand({ CreationToken: 'p1' })),
    FileSystemAlreadyExists,
  )
  assert.deepEqual(
    simulator.calls.map((call) => call.outcome),
    ['lost', 'FileSystemAlreadyExists'],
  )
})

test('the control addresses: seed, advance, snapshot, calls; an unknown one says which there are', async (context) => {
  const { post, get } = await served(context)
  const before = (await get('health')) as { now: string }
  const after = (await post('advance', { ms: 3_600_000 })) as { now: string }
  assert.equal(Date.parse(after.now) - Date.parse(before.now), 3_600_000)
  await post('seed', { bundles: [{ id: 'wsb-second' }], resourceGroups: [{ name: 'g', tagKey: 'k' }] })
  assert.deepEqual(((await get('snapshot')) as { resourceGroups: object }).resourceGroups, { g: [] })
  assert.deepEqual(await get('calls'), [])
  assert.match(JSON.stringify(await get('nothing')), /there are GET health/)
})
