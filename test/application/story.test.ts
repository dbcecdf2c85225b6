import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import { parseForm } from '#domain/application/parse-form.ts'
import { grantProject } from '#domain/project/opening.ts'
import { noProject } from '#domain/project/evolve.ts'
import { contextOf, decideAs, demoForm, until } from './support.ts'
import { people } from '../support/people.ts'

test('[APP-1] the demonstration application has the right shape', () => {
  const parsed = parseForm(demoForm())
  assert.ok(parsed.ok, JSON.stringify(parsed))
})

test('[CON-1] the demonstration application goes from submission to a grant', () => {
  expect(until('CheckFormat').status).toBe('format-accepted')
  expect(until('RecordOpinion').status).toBe('under-decision')
  expect(until('DecideOnDatabase').status).toBe('approved')
  expect(until('Grant').status).toBe('granted')
})

test('[CON-2] a grant opens a project with exactly what the application asked for', () => {
  const granted = decideAs(until('SignPledge'), people.machine, { type: 'Grant' })
  assert.ok(granted.ok && granted.events[0])
  const opened = grantProject(granted.events[0], noProject, contextOf(people.machine))
  assert.ok(opened.ok)
  expect(opened.events).toEqual([
    {
      type: 'ProjectOpened',
      projectId: 'A-2026-0001',
      applicationId: 'A-2026-0001',
      databases: ['NDB', 'DPC', 'RWD1'],
      handlers: [
        { personId: 'p.sato', organisation: '東都医科大学' },
        { personId: 'p.tanaka', organisation: '東都医科大学' },
        { personId: 'p.suzuki', organisation: '東都医科大学' },
        { personId: 'p.yamada', organisation: 'みなと統計株式会社' },
      ],
      cell: 1,
      from: '2026-11-22',
      until: '2028-09-30',
      applicant: { organisation: '東都医科大学', persons: ['p.kondo', 'p.sato'] },
    },
  ])
})
