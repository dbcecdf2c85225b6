import type { ApplicationCommand } from '#domain/application/commands.ts'
import type { SignedIn } from './people.ts'
import { accepted, refused, type Shown, type Step, type Story } from './step.ts'

/** A command on the application of the story. */
const command = ({ api, applicationId }: Story, person: SignedIn, what: ApplicationCommand) =>
  api.command(person, `application/${applicationId}`, what)

const asReviewer = ({ id, organisation }: SignedIn) => ({ personId: id, organisation })

const review = (story: Story, reviewer: SignedIn) =>
  command(story, reviewer, {
    type: 'RecordReview',
    checklist: Object.fromEntries(
      story.checklist.map((item) => [item, { verdict: 'met' as const, comment: 'examined against the plan' }]),
    ),
    verdict: 'favourable',
    comment: 'the benefit outweighs the risk',
  })

async function callWithoutToken({ api }: Story): Promise<Shown> {
  if (!(await api.refusesWithoutToken())) throw new Error('the API answered without a token (ARC-4)')
  return { events: [], note: 'refused: no token, no answer' }
}

async function submit(story: Story): Promise<Shown> {
  const { representative } = story.participants
  const answer = await command(story, representative, { type: 'SubmitApplication', form: story.form })
  return accepted(answer, 'ApplicationSubmitted')
}

async function checkFormat(story: Story): Promise<Shown> {
  const [operator] = story.participants.operators
  return accepted(await command(story, operator, { type: 'CheckFormat' }), 'FormatAccepted')
}

async function assignWithConflict(story: Story): Promise<Shown> {
  const { operators, conflicted, reviewers } = story.participants
  const wanted = [conflicted, reviewers[0]].map(asReviewer)
  return refused(await command(story, operators[0], { type: 'AssignReviewers', reviewers: wanted }))
}

async function assign(story: Story): Promise<Shown> {
  const { operators, reviewers } = story.participants
  const wanted = reviewers.map(asReviewer)
  return accepted(
    await command(story, operators[0], { type: 'AssignReviewers', reviewers: wanted }),
    'ReviewersAssigned',
  )
}

/** One step a committee member. */
const reviews = ({ participants }: Story): Step[] =>
  participants.reviewers.map((reviewer, index) => ({
    id: `review-${index + 1}`,
    title: `Committee member ${index + 1} answers the checklist`,
    run: async (story) => accepted(await review(story, reviewer), 'ReviewRecorded'),
  }))

async function decideEarly(story: Story): Promise<Shown> {
  const [holder] = story.participants.holders
  const database = holder.databases![0]!
  return refused(
    await command(story, holder, { type: 'DecideOnDatabase', database, decision: 'approve', reason: 'too early' }),
  )
}

async function recordOpinion(story: Story): Promise<Shown> {
  const answer = await command(story, story.participants.reviewers[0], {
    type: 'RecordOpinion',
    opinion: 'favourable',
    reason: 'two reviews, both favourable',
    riskProfile: {
      geography: 'secondary medical area',
      facility: 'none named',
      death: 'month',
      rareItems: 'cells below 10 suppressed',
    },
  })
  return accepted(answer, 'OpinionRecorded')
}

/** One step a database, decided by its holder. */
const decisions = ({ participants }: Story): Step[] =>
  participants.holders.flatMap((holder) =>
    holder.databases!.map((database) => ({
      id: `decide-${database}`,
      title: `The holder of ${database} decides`,
      run: async (story: Story) => {
        const decision = { decision: 'approve' as const, reason: 'in accordance with the opinion' }
        return accepted(
          await command(story, holder, { type: 'DecideOnDatabase', database, ...decision }),
          'DatabaseDecided',
        )
      },
    })),
  )

async function grantEarly(story: Story): Promise<Shown> {
  return refused(await command(story, story.participants.operators[0], { type: 'Grant' }))
}

async function signPledges(story: Story): Promise<Shown> {
  const { representative, handlers } = story.participants
  const events: string[] = []
  for (const person of [representative, ...handlers]) {
    const answer = await command(story, person, { type: 'SignPledge', termsVersion: story.termsVersion })
    events.push(...accepted(answer, 'PledgeSigned').events)
  }
  return { events }
}

async function grant(story: Story): Promise<Shown> {
  const answer = await command(story, story.participants.operators[0], { type: 'Grant' })
  const shown = accepted(answer, 'ApplicationGranted')
  story.projectId = answer.events.find(({ type }) => type === 'ApplicationGranted')!['grant'].projectId
  return { ...shown, note: `project ${story.projectId}` }
}

/** From the application to the grant. */
export const applicationSteps = (story: Story): Step[] => [
  { id: 'without-token', title: 'A request without a token', run: callWithoutToken },
  { id: 'submit', title: 'The applicant submits the application (NDB + DPC + RWD1, four handlers)', run: submit },
  { id: 'format', title: 'The format is checked', run: checkFormat },
  {
    id: 'conflict',
    title: "A committee member of the applicant's own organisation is put forward",
    run: assignWithConflict,
  },
  { id: 'assign', title: 'Two committee members without a conflict are assigned', run: assign },
  {
    id: 'conflicted-review',
    title: 'The conflicted member tries to review all the same',
    run: async ({ participants }) => refused(await review(story, participants.conflicted)),
  },
  ...reviews(story),
  { id: 'early-decision', title: 'A database holder decides before there is an opinion', run: decideEarly },
  { id: 'opinion', title: 'The committee records its opinion', run: recordOpinion },
  ...decisions(story),
  { id: 'early-grant', title: 'A grant is asked for before the pledges are signed', run: grantEarly },
  { id: 'pledges', title: 'The applicant and all four handlers sign the pledge', run: signPledges },
  { id: 'grant', title: 'The grant follows from decisions and pledges', run: grant },
]
