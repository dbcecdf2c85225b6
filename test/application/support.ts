import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ApplicationCommand, CommandOf } from '#domain/application/commands.ts'
import type { ApplicationContext, PublishedDatabase } from '#domain/application/context.ts'
import { applicationAggregate } from '#domain/application/aggregate.ts'
import { documented } from '#test/support/documented.ts'
import { applicationDecider } from '#domain/application/decide.ts'
import type { ApplicationEvent } from '#domain/application/events.ts'
import { formSchema, type ApplicationForm } from '#domain/application/form.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor, Decision } from '#domain/kernel/decider.ts'
import { expectThat } from '#test/support/expect.ts'
import { people } from '#test/support/people.ts'
import rules from '#policies/application/rules.json' with { type: 'json' }

const root = join(import.meta.dirname, '..', '..')

/** The application file of the story, untouched. */
export const demoForm = (): ApplicationForm =>
  formSchema.parse(parse(readFileSync(join(root, 'config', 'applications', 'demo.yaml'), 'utf8')))

/** Somebody of a body of its own who applies for the applicant, and a form that names them. */
export const agent: Actor = { id: 'a.agent', organisation: '代理法人', roles: ['applicant'], factors: ['pwd', 'otp'] }
export const formOfAgent = () => ({
  ...demoForm(),
  contact: {
    ...demoForm().contact,
    agent: {
      personId: agent.id,
      name: '代理 人',
      organisation: agent.organisation,
      phone: '03-0000-0000',
      email: 'agent@agent.example',
    },
  },
})

/** The databases of the demonstration environment, from its configuration. */
export const demoDatabases: readonly PublishedDatabase[] = (
  parse(readFileSync(join(root, 'config', 'demo.yaml'), 'utf8')) as { databases: PublishedDatabase[] }
).databases

export { rules }
export const NOW = '2026-11-22T03:00:00.000Z'
export const TERMS = rules.terms.version

export const contextOf = (actor: Actor, over: Partial<ApplicationContext> = {}): ApplicationContext => ({
  now: NOW,
  actor,
  applicationId: 'A-2026-0001',
  databases: demoDatabases,
  rules,
  cell: 1,
  ...over,
})

/** Who sends which command. */
export interface Step {
  readonly actor: Actor
  readonly command: ApplicationCommand
}

export const checklist = (verdict: 'met' | 'not-met' = 'met'): CommandOf<'RecordReview'>['checklist'] =>
  Object.fromEntries(rules.checklist.map(({ id }) => [id, { verdict, comment: '確認した' }]))

const review: ApplicationCommand = {
  type: 'RecordReview',
  checklist: checklist(),
  verdict: 'favourable',
  comment: '適当である',
}
export const riskProfile = {
  geography: '都道府県まで',
  facility: '施設名なし',
  death: '死亡年月まで',
  rareItems: '希少疾患なし',
}

const assign: ApplicationCommand = {
  type: 'AssignReviewers',
  reviewers: [people.reviewer, people.secondReviewer].map(({ id, organisation }) => ({ personId: id, organisation })),
}

/** The way from nothing to a grant, one command a step. */
export const storySteps = (form: unknown = demoForm()): readonly Step[] => [
  { actor: people.contact, command: { type: 'SubmitApplication', form } },
  { actor: people.machine, command: { type: 'CheckFormat' } },
  { actor: people.operator, command: assign },
  { actor: people.reviewer, command: review },
  { actor: people.secondReviewer, command: review },
  {
    actor: people.reviewer,
    command: { type: 'RecordOpinion', opinion: 'favourable', reason: '適当である', riskProfile },
  },
  {
    actor: people.publicHolder,
    command: { type: 'DecideOnDatabase', database: 'NDB', decision: 'approve', reason: '認める' },
  },
  {
    actor: people.publicHolder,
    command: { type: 'DecideOnDatabase', database: 'DPC', decision: 'approve', reason: '認める' },
  },
  {
    actor: people.privateHolder,
    command: { type: 'DecideOnDatabase', database: 'RWD1', decision: 'approve', reason: '認める' },
  },
  ...[people.representative, people.contact, people.tanaka, people.suzuki, people.yamada].map((actor): Step => ({
    actor,
    command: { type: 'SignPledge', termsVersion: TERMS },
  })),
  { actor: people.machine, command: { type: 'Grant' } },
]

function apply(application: Application, decision: Decision<ApplicationEvent>): Application {
  if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusals, null, 1)}`)
  return decision.events.reduce(applicationDecider.evolve, application)
}

/** The state after a step that must be accepted. */
export const take = (application: Application, { actor, command }: Step): Application =>
  apply(application, applicationDecider.decide(application, command, contextOf(actor)))

/** The story's application after its first steps, up to and including the last one of a type. */
export function until(type: ApplicationCommand['type'], form?: unknown): Application {
  const steps = storySteps(form)
  return steps
    .slice(0, steps.findLastIndex(({ command }) => command.type === type) + 1)
    .reduce(take, applicationDecider.initial)
}

export const decideAs = (
  application: Application,
  actor: Actor,
  command: ApplicationCommand,
  over?: Partial<ApplicationContext>,
): Decision<ApplicationEvent> =>
  documented(applicationAggregate, command, applicationDecider.decide(application, command, contextOf(actor, over)))

export const codes = (decision: Decision<unknown>): readonly string[] =>
  decision.ok ? [] : decision.refusals.map(({ code }) => code)

/** A command is refused for this reason alone. */
export function refuses(
  application: Application,
  actor: Actor,
  command: ApplicationCommand,
  reason: string,
  over?: Partial<ApplicationContext>,
): void {
  const found = codes(decideAs(application, actor, command, over))
  expectThat(found, `${actor.id} of ${actor.organisation}: ${JSON.stringify(command).slice(0, 200)}`).toEqual([
    `application.${reason}`,
  ])
}
