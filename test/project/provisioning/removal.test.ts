import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { digestOf } from '#domain/ledger/canonical.ts'
import { perform } from '#domain/project/provisioning/ideal-effects.ts'
import { emptyWorld, look } from '#domain/project/provisioning/ideal-world.ts'
import { unseen } from '#domain/project/provisioning/observed.ts'
import { plan } from '#domain/project/provisioning/plan.ts'
import { heldRemoval, tooMany } from '#domain/project/provisioning/removal.ts'
import type { Project } from '#domain/project/state.ts'
import { desired, ended, namesOf, NOW, openProject } from './world.ts'
import { expectThat } from '#test/support/expect.ts'

const LIMITS = { now: NOW, desktopsExisting: 2, settleSeconds: 0 }
const REMOVALS = [
  'TerminateDesktop',
  'DeleteUser',
  'DeleteFileSystem',
  'DeleteMountTarget',
  'DeleteAccessPoint',
  'DeleteGroup',
  'ScheduleKeyDeletion',
  'DisableKey',
]

/** The account after everything of a project was made. */
function provisioned(project: Project) {
  const world = emptyWorld()
  for (let pass = 0; pass < 20; pass += 1) {
    for (const action of plan(desired(project), look(world, desired(project)), LIMITS).actions)
      perform(world, action, NOW)
  }
  return world
}

test('[C-11] how many desktops one pass may remove without approvals', () => {
  const table: readonly [removes: number, existing: number | undefined, held: boolean][] = [
    [1, undefined, false],
    [2, undefined, true],
    [20, 20, false],
    [4, 20, false],
    [1, 21, false],
    [2, 21, true],
    [2, 40, false],
    [3, 40, true],
    [20, 400, false],
    [21, 400, true],
    [20, 399, true],
    [21, 100_000, true],
    [0, 1_000, false],
  ]
  for (const [removes, existing, held] of table)
    expectThat(tooMany(removes, existing), `${removes} of ${existing}`).toBe(held)
})

test('[C-11] the digest of a held removal is of its canonical list, whatever the order of the names', () => {
  const names = [...namesOf('taro'), ...namesOf('hanako')]
  const held = heldRemoval('P-1', names)
  expect(heldRemoval('P-1', names.toReversed())).toEqual(held)
  expect(held.digest).toBe(digestOf({ projectId: 'P-1', removes: held.removes }))
  expect(heldRemoval('P-1', names.slice(1)).digest).not.toBe(held.digest)
  expectThat(
    heldRemoval('P-2', names).digest,
    'what was approved for one project is not approved for another',
  ).not.toBe(held.digest)
})

test('[C-11] nothing is removed because it is absent from the project: a handler, a database, everything', () => {
  const project = openProject()
  const world = provisioned(project)
  for (const other of [
    openProject({ handlers: [] }),
    openProject({ databases: [] }),
    openProject({ status: 'suspended' }),
    { ...project, status: 'ended' as const },
  ]) {
    const { actions } = plan(desired({ ...other, exists: project.exists }), look(world, desired(project)), LIMITS)
    expect(actions.filter(({ type }) => REMOVALS.includes(type))).toEqual([])
  }
})

test('[C-11] an empty view of an ended project removes nothing and claims nothing destroyed', () => {
  const project = openProject()
  const over = ended({
    ...project,
    exists: [
      { kind: 'key', id: 'key-1' },
      { kind: 'desktop', id: 'ws-1', personId: 'taro' },
    ],
  })
  const { actions, destroyed, converged } = plan(desired(over), look(emptyWorld(), desired(over)), {
    ...LIMITS,
    settleSeconds: 30,
  })
  expect(actions.filter(({ type }) => type !== 'WriteNote')).toEqual([])
  expect([destroyed, converged]).toEqual([[], false])
})

test('[C-11] what could not be seen is not judged: no removal, no evidence, no stray', () => {
  const project = ended(openProject())
  const world = provisioned(openProject())
  const blind = {
    ...look(world, desired(project)),
    keys: unseen('x'),
    groups: unseen('x'),
    fileSystem: unseen('x'),
    interfaces: unseen('x'),
  }
  blind.people = Object.fromEntries(
    Object.keys(blind.people).map((person) => [person, { user: unseen('x'), desktops: unseen('x') }]),
  )
  const { actions, destroyed, quarantine } = plan(desired(project), blind, LIMITS)
  expect([actions, destroyed, quarantine]).toEqual([[], [], []])
})

test('[C-11] two desktops under one name: both shut off and raised, neither terminated, even when named', () => {
  const project = openProject()
  const world = provisioned(project)
  const first = world.desktops.find(({ userName }) => userName === desired(project).people[0]?.userName)
  assert.ok(first)
  world.desktops.push({ ...first, id: 'ws-second', address: 'address-second' })
  world.interfaces.push({ id: 'eni-second', address: 'address-second', groups: ['sg-members'], tags: {} })
  const open = plan(desired(project), look(world, desired(project)), LIMITS)
  expect(open.quarantine.map(({ id }) => id).sort()).toEqual([first.id, 'ws-second'].sort())
  expect(open.actions.filter(({ type }) => type === 'SetGroups').length).toEqual(2)
  const over = plan(desired(ended(project)), look(world, desired(project)), LIMITS)
  assert.ok(
    !over.actions.some(
      (action) =>
        action.type === 'TerminateDesktop' && (action.desktopId === first.id || action.desktopId === 'ws-second'),
    ),
  )
  const known = {
    ...ended(project),
    exists: [{ kind: 'desktop' as const, id: first.id, personId: desired(project).people[0]?.personId }],
  }
  const decided = plan(desired(known), look(world, desired(project)), LIMITS)
  expect(
    decided.actions
      .flatMap((action) => (action.type === 'TerminateDesktop' ? [action.desktopId] : []))
      .includes('ws-second'),
  ).toEqual(false)
})

test("[C-11] an interface that carries the project's group and is no desktop's is shut off and raised", () => {
  const project = openProject()
  const world = provisioned(project)
  const group = world.groups.find(({ name }) => name.includes('-project-'))?.id ?? ''
  world.interfaces.push({
    id: 'eni-stray',
    address: 'address-stray',
    groups: [group],
    tags: { 'renkei:granted:NDB': 'true' },
  })
  const { actions, quarantine } = plan(desired(project), look(world, desired(project)), LIMITS)
  expect(quarantine).toEqual([{ kind: 'interface', id: 'eni-stray' }])
  expect(actions.map(({ id }) => id)).toEqual([
    'UntagInterface eni-stray',
    'TagInterface eni-stray',
    'SetGroups eni-stray',
  ])
})

test('[C-6] a key that is found disabled in an open project is not enabled again by itself', () => {
  const project = openProject()
  const world = provisioned(project)
  world.keys = world.keys.map((key) => ({ ...key, state: 'Disabled' }))
  const { actions, waiting } = plan(desired(project), look(world, desired(project)), LIMITS)
  expect(actions).toEqual([])
  expect(waiting.join()).toMatch(/an operator decides/)
})

test('[C-6] the end disables the key in its first plan, before any approval, and schedules no deletion', () => {
  const project = ended(openProject())
  const { actions, heldRemoval: removal } = plan(
    desired(project),
    look(provisioned(openProject()), desired(project)),
    LIMITS,
  )
  assert.ok(actions.some(({ type }) => type === 'DisableKey'))
  assert.ok(!actions.some(({ type }) => type === 'ScheduleKeyDeletion' || type === 'DeleteFileSystem'))
  expect(removal?.removes.map(({ kind }) => kind)).toEqual(['file-system', 'security-group', 'key'])
})

test("[C-11] the bound is the platform's: what other projects' passes removed during the last day counts too", () => {
  const project = { ...openProject(), named: namesOf('taro') }
  const view = look(provisioned(openProject()), desired(openProject()))
  const removalsOfLastDay = (count: number) => Array.from({ length: count }, (_, index) => `ws-other-${index}`)
  const planned = (existing: number, before: number) =>
    plan(desired(project), view, {
      ...LIMITS,
      desktopsExisting: existing,
      removalsOfLastDay: removalsOfLastDay(before),
    })
  for (const [existing, before, held] of [
    [100, 4, false],
    [96, 5, true],
    [1_000, 19, false],
    [1_000, 20, true],
    [2, 20, true],
    [2, 3, false],
  ] as const) {
    const { actions, heldRemoval: removal, removes } = planned(existing, before)
    expectThat(removal !== undefined, `${before} before, ${existing} exist`).toBe(held)
    expect(actions.some(({ type }) => type === 'TerminateDesktop')).toBe(!held)
    expect(removes.length).toBe(held ? 0 : 1)
  }
})

test('[C-11] what was let through is let through again, and what was approved counts for nobody', () => {
  const project = { ...openProject(), named: namesOf('taro') }
  const view = look(provisioned(openProject()), desired(openProject()))
  const [mine] = plan(desired(project), view, LIMITS).removes
  assert.ok(mine)
  const others = Array.from({ length: 20 }, (_, index) => `ws-other-${index}`)
  expect(plan(desired(project), view, { ...LIMITS, removalsOfLastDay: [...others, mine] }).heldRemoval).toBe(undefined)
  const { heldRemoval: removal } = plan(desired(project), view, { ...LIMITS, removalsOfLastDay: others })
  const approved = {
    ...project,
    approvals: {
      [removal!.digest]: [
        { approver: 'o-1', organisation: 'x' },
        { approver: 'o-2', organisation: 'x' },
      ],
    },
  }
  const allowed = plan(desired(approved), view, { ...LIMITS, removalsOfLastDay: others })
  expect(allowed.heldRemoval).toBe(undefined)
  expect(allowed.removes).toEqual([])
  assert.ok(allowed.actions.some(({ type }) => type === 'TerminateDesktop'))
})
