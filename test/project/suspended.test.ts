import assert from 'node:assert/strict'
import { test } from '@jest/globals'
import type { ProjectCommand } from '#domain/project/commands.ts'
import { people, reconciler } from '../support/people.ts'
import { after, decideAs, open, refuses } from './support.ts'

const end: ProjectCommand = { type: 'EndProject', cause: 'end-of-use' }
const remove: ProjectCommand = { type: 'RemoveHandler', personId: 'p.tanaka', reason: 'left' }

test('[VIS-7] a suspended contact person commands nothing in the project', () => {
  const project = after(open, people.operator, {
    type: 'SuspendProject',
    reason: 'illicit login',
    personId: 'p.sato',
  })
  for (const command of [end, remove]) refuses(project, people.contact, command, 'suspended-person')
  assert.ok(decideAs(project, people.operator, end).ok)
  const cleared = after(project, people.operator, { type: 'ResumeProject', reason: 'cleared', personId: 'p.sato' })
  assert.ok(decideAs(cleared, people.contact, end).ok)
})

test('[VIS-7] who was suspended and then removed does not get their say back', () => {
  const project = [
    { type: 'SuspendProject', reason: 'illicit login', personId: 'p.sato' },
    { type: 'RemoveHandler', personId: 'p.sato', reason: 'dismissed' },
  ].reduce((state, command) => after(state, people.operator, command as ProjectCommand), open)
  refuses(project, people.contact, end, 'suspended-person')
})

test('[VIS-7] while a project is suspended its users destroy nothing in it; expiry still ends it', () => {
  const project = after(open, people.operator, { type: 'SuspendProject', reason: 'abnormal use' })
  for (const command of [end, remove]) refuses(project, people.contact, command, 'suspended-project')
  assert.ok(decideAs(project, people.operator, end).ok)
  assert.ok(decideAs(project, reconciler, { type: 'EndProject', cause: 'expiry' }, '2027-03-31T15:00:00.000Z').ok)
})

test('[VIS-7] users neither remove a suspended handler nor end the project: the desktop may be evidence', () => {
  const suspended = { type: 'SuspendProject', reason: 'copying at night', personId: 'p.tanaka' } as const
  const project = after(open, people.operator, suspended)
  for (const command of [end, remove]) refuses(project, people.contact, command, 'suspended-handler')
  assert.ok(decideAs(project, people.contact, { ...remove, personId: 'p.sato' }).ok)
  assert.ok(decideAs(project, people.operator, remove).ok)
  assert.ok(decideAs(project, people.operator, end).ok)
  const cleared = after(project, people.operator, { type: 'ResumeProject', reason: 'cleared', personId: 'p.tanaka' })
  for (const command of [end, remove]) assert.ok(decideAs(cleared, people.contact, command).ok)
  const removed = after(project, people.operator, remove)
  assert.ok(decideAs(removed, people.contact, end).ok, 'what an operator had removed is no evidence any more')
})
