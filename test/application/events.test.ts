import { expect, test } from '@jest/globals'
import type { ApplicationCommand, CommandOf } from '#domain/application/commands.ts'
import type { Actor } from '#domain/kernel/decider.ts'
import { checklist, decideAs, demoForm, riskProfile, rules, TERMS, until } from './support.ts'
import { people } from '../support/people.ts'

const { reviewer, secondReviewer, publicHolder } = people
const personOf = ({ id, organisation }: Actor) => ({ personId: id, organisation })

test('[REV-1] the checklist asks the nine items by these ids', () => {
  expect(rules.checklist.map(({ id }) => id)).toEqual([
    'purpose',
    'necessity',
    'minimality',
    'feasibility',
    'handlers',
    'outsourcing',
    'security',
    'linkage-risk',
    'publication',
  ])
})

test('[REV-1] a review is recorded with every answer as given, and its reviewer’s organisation of that day', () => {
  const answers = { ...checklist(), security: { verdict: 'not-met', comment: '委託先の監督が不足している' } } as const
  const moved = { ...reviewer, organisation: '南海大学' }
  const comment = '修正を求める'
  const command: ApplicationCommand = { type: 'RecordReview', checklist: answers, verdict: 'unfavourable', comment }
  expect(decideAs(until('AssignReviewers'), moved, command)).toEqual({
    ok: true,
    events: [
      {
        type: 'ReviewRecorded',
        reviewer: personOf(moved),
        databases: ['NDB', 'DPC', 'RWD1'],
        checklist: answers,
        verdict: 'unfavourable',
        comment,
      },
    ],
  })
})

test('[REV-3] an opinion is recorded with its reason, its reviewers, the risks and the experts heard', () => {
  const said: Omit<CommandOf<'RecordOpinion'>, 'type'> = {
    databases: ['NDB', 'DPC'],
    opinion: 'unfavourable',
    reason: '連結による識別のおそれがある',
    riskProfile,
    experts: [{ name: '専門 家', organisation: '統計大学', statement: '希少疾患を除くべきである' }],
  }
  expect(decideAs(until('RecordReview'), reviewer, { type: 'RecordOpinion', ...said })).toEqual({
    ok: true,
    events: [
      {
        type: 'OpinionRecorded',
        ...said,
        reviewers: [personOf(reviewer), personOf(secondReviewer)],
        recordedBy: personOf(reviewer),
      },
    ],
  })
})

for (const decision of ['approve', 'refuse'] as const) {
  test(`[REV-2] a holder's decision to ${decision} is recorded with its reason and who decided`, () => {
    const said = { database: 'DPC', decision, reason: `${decision} の理由` } as const
    expect(decideAs(until('RecordOpinion'), publicHolder, { type: 'DecideOnDatabase', ...said })).toEqual({
      ok: true,
      events: [{ type: 'DatabaseDecided', ...said, decidedBy: personOf(publicHolder) }],
    })
  })
}

const dual = () => {
  const form = demoForm()
  const representative = { personId: 'p.sato', name: '佐藤 花子', post: '准教授' }
  return { ...form, applicant: { ...form.applicant, representative } }
}
const pledges = [
  { actor: people.representative, form: demoForm(), capacities: ['applicant'] },
  { actor: people.tanaka, form: demoForm(), capacities: ['handler'] },
  { actor: people.contact, form: dual(), capacities: ['applicant', 'handler'] },
]
for (const { actor, form, capacities } of pledges) {
  test(`[CON-1] the pledge of ${actor.id} is to this form, as ${capacities.join(' and ')}`, () => {
    const application = until('DecideOnDatabase', form)
    expect(application.formDigest).toMatch(/^[0-9a-f]{64}$/)
    expect(decideAs(application, actor, { type: 'SignPledge', termsVersion: TERMS })).toEqual({
      ok: true,
      events: [
        {
          type: 'PledgeSigned',
          personId: actor.id,
          capacities,
          termsVersion: TERMS,
          formDigest: application.formDigest,
        },
      ],
    })
  })
}
