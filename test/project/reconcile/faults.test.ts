import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { BLOCKED_TAG, GRANTED_PREFIX, grantedTag, userName } from '#domain/project/provisioning/resource-names.ts'
import { suspend } from '#lambda/project/suspend/suspend.ts'
import { runs, seed } from '#test/support/effort.ts'
import { platform, PROJECT, Rig } from './rig.ts'
import { watch } from './watch.ts'
import { expectThat } from '#test/support/expect.ts'

const PEOPLE = ['taro', 'hanako', 'jiro'] as const

/** What may happen between two passes. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      budgetMs: fc.oneof({ weight: 2, arbitrary: fc.integer({ min: 0, max: 4_000 }) }, fc.constant(Infinity)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 90_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), personId: fc.constantFrom(...PEOPLE) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('suspend' as const),
      personId: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('resume' as const),
      personId: fc.option(fc.constantFrom(...PEOPLE), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'end' as const }) },
)
const faults = fc.record({
  throttle: fc.double({ min: 0, max: 0.2, noNaN: true }),
  serverError: fc.double({ min: 0, max: 0.1, noNaN: true }),
  lostAnswer: fc.double({ min: 0, max: 0.2, noNaN: true }),
  itemFailure: fc.double({ min: 0, max: 0.3, noNaN: true }),
  unsteadyReads: fc.boolean(),
})

/** Views that lag in every service by less than the provisioner gives them to catch up. */
const LAG_MS = 8_000
const SETTLE_SECONDS = 20
const lags = Object.fromEntries(
  ['ec2', 'workspaces', 'directory-service', 'directory-service-data', 'efs', 'kms'].map((service) => [
    service,
    LAG_MS,
  ]),
)

/** A command that may be refused, as a person's may. */
function attempt(rig: Rig, ...asked: Parameters<Rig['ask']>): boolean {
  try {
    rig.ask(...asked)
    return true
  } catch {
    return false
  }
}

async function approveWhatIsHeld(rig: Rig): Promise<void> {
  for (let removal = 0; removal < 3 && rig.project.heldRemoval !== undefined; removal += 1) {
    const digest = rig.project.heldRemoval
    for (const by of ['operator-8', 'operator-9']) attempt(rig, { type: 'ApproveRemoval', digest }, by)
    await rig.settle()
  }
}

type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

async function take(rig: Rig, each: Step): Promise<void> {
  switch (each.do) {
    case 'pass':
      await rig.pass(each.budgetMs)
      return
    case 'wait':
      rig.simulator.advance(each.ms)
      return
    case 'remove':
      attempt(rig, { type: 'RemoveHandler', personId: each.personId, reason: 'left' })
      return
    case 'resume':
      attempt(rig, { type: 'ResumeProject', reason: 'cleared', personId: each.personId })
      return
    case 'end':
      attempt(rig, { type: 'EndProject', cause: 'end-of-use' })
      return
    case 'suspend': {
      const { personId } = each
      if (!attempt(rig, { type: 'SuspendProject', reason: 'abnormal use', personId })) return
      // The other lane runs while a pass is under way.
      const message = { projectId: PROJECT, sequence: rig.events.length, personId }
      await Promise.all([rig.pass(), suspend(rig.suspendPort, message)])
    }
  }
}

function expectNothingLeft({ truth }: Rig): void {
  expect([
    truth.desktops,
    truth.users,
    truth.fileSystems,
    truth.groups,
    truth.keys.filter(({ KeyState }) => KeyState !== 'PendingDeletion'),
  ]).toEqual([[], [], [], [], []])
}

function expectWhatIsWanted({ project, truth }: Rig): void {
  const handlers = project.handlers.map(({ personId }) => userName(PROJECT, personId)).sort()
  const cut = ({ personId }: { readonly personId: string }): boolean =>
    project.status === 'suspended' || project.suspendedPersons.includes(personId)
  const inUse = project.handlers.filter((handler) => !cut(handler)).map(({ personId }) => userName(PROJECT, personId))
  for (const names of [
    truth.desktops.map(({ UserName }) => UserName),
    truth.users.map(({ SAMAccountName }) => SAMAccountName),
  ]) {
    expectThat(
      names.filter((name) => !handlers.includes(name)),
      'nothing for who is not a handler',
    ).toEqual([])
    expectThat(
      inUse.filter((name) => !names.includes(name)),
      'a user and a desktop for every handler in use',
    ).toEqual([])
  }
  expect([truth.fileSystems.length, truth.groups.length]).toEqual([1, 2])
  for (const handler of project.handlers) {
    const found = truth.interfaces.find(({ tags }) => tags['renkei:person'] === handler.personId)
    const granted = Object.keys(found?.tags ?? {})
      .filter((tag) => tag.startsWith(GRANTED_PREFIX))
      .sort()
    if (cut(handler) && found === undefined) continue
    expect(granted).toEqual(cut(handler) ? [] : [grantedTag('NDB'), grantedTag('RWD1')])
    expect(found?.tags[BLOCKED_TAG]).toBe(cut(handler) ? 'true' : undefined)
    expect(found?.Groups.includes(platform.cell.quarantineGroupId)).toEqual(cut(handler))
  }
}

const latencies = {
  createWorkspace: 60_000,
  terminateWorkspace: 30_000,
  createMountTarget: 20_000,
  deleteMountTarget: 20_000,
}

test('[C-10] [C-11] whatever happens, the loop converges: nothing lost, orphaned or removed unnamed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      faults,
      fc.array(step, { minLength: 5, maxLength: 40 }),
      async (world, rates, steps) => {
        const rig = new Rig({ seed: world, faults: rates, lags, latencies }, PEOPLE)
        rig.settleSeconds = SETTLE_SECONDS
        const broken = watch(rig)
        for (const each of steps) await take(rig, each)
        rig.simulator.world.faults.clear()
        rig.simulator.advance(60_000)
        const result = await rig.settle()
        if (rig.project.status === 'ended') await approveWhatIsHeld(rig)
        expect(broken).toEqual([])
        expect(result.failures).toEqual([])
        if (rig.project.status === 'closed') return expectNothingLeft(rig)
        assert.ok(result.converged, result.waiting.join('; '))
        expectWhatIsWanted(rig)
      },
    ),
    { numRuns: runs(12, 300), seed, endOnFailure: true },
  )
})
