import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { ApplicationCommand, CommandOf } from '#domain/application/commands.ts'
import type { ApplicationContext, PublishedDatabase } from '#domain/application/context.ts'
import { applicationDecider } from '#domain/application/decide.ts'
import type { ApplicationEvent } from '#domain/application/events.ts'
import { formSchema, type ApplicationForm } from '#domain/application/form.ts'
import type { Application } from '#domain/application/state.ts'
import type { Actor, Decision } from '#domain/kernel/decider.ts'
import rules from '#policies/application/rules.json' with { type: 'json' }

const root = join(import.meta.dirname, '..', '..')

/** The application file of the story, untouched. */
export const demoForm = (): ApplicationForm =>
  formSchema.parse(parse(readFileSync(join(root, 'config', 'applications', 'demo.yaml'), 'utf8')))

/** The databases of the demonstration environment, from its configuration. */
export const demoDatabases: readonly PublishedDatabase[] = (
  parse(readFileSync(join(root, 'config', 'demo.yaml'), 'utf8')) as { databases: PublishedDatabase[] }
).databases

export { rules }
export const NOW = '2026-11-22T03:00:00.000Z'
export const TERMS = rules.terms.version

const person = (id: string, organisation: string, roles: Actor['roles'], databases?: readonly string[]): Actor => ({
  id,
  organisation,
  roles,
  factors: ['pwd', 'otp'],
  ...(databases && { databases }),
})

export const people = {
  contact: person('p.sato', '東都医科大学', ['applicant', 'handler']),
  representative: person('p.kondo', '東都医科大学', ['applicant']),
  tanaka: person('p.tanaka', '東都医科大学', ['handler']),
  suzuki: person('p.suzuki', '東都医科大学', ['handler']),
  yamada: person('p.yamada', 'みなと統計株式会社', ['handler']),
  operator: person('o.mori', '情報連携基盤運営機構', ['operator']),
  secondOperator: person('o.ueda', '情報連携基盤運営機構', ['operator']),
  thirdOperator: person('o.endo', '情報連携基盤運営機構', ['operator']),
  reviewer: person('r.ito', '北信大学', ['reviewer']),
  secondReviewer: person('r.kato', '西海研究所', ['reviewer']),
  conflictedReviewer: person('r.abe', '東都医科大学', ['reviewer']),
  publicHolder: person('h.ndb', '厚生労働省', ['holder'], ['NDB', 'DPC']),
  privateHolder: person('h.rwd', '認定作成事業者', ['holder'], ['RWD1']),
  machine: { id: 'system/command', organisation: 'renkei', roles: ['system'], factors: [] } satisfies Actor,
} as const

export const contextOf = (actor: Actor, over: Partial<ApplicationContext> = {}): ApplicationContext => ({
  now: NOW,
  actor,
  applicationId: 'A-2026-0001',
  databases: demoDatabases,
  rules,
  cell: 1,
  ...over,
})

export type Step = readonly [Actor, ApplicationCommand, Partial<ApplicationContext>?]

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
  [people.contact, { type: 'SubmitApplication', form }],
  [people.machine, { type: 'CheckFormat' }],
  [people.operator, assign],
  [people.reviewer, review],
  [people.secondReviewer, review],
  [people.reviewer, { type: 'RecordOpinion', opinion: 'favourable', reason: '適当である', riskProfile }],
  [people.publicHolder, { type: 'Decide', database: 'NDB', decision: 'approve', reason: '認める' }],
  [people.publicHolder, { type: 'Decide', database: 'DPC', decision: 'approve', reason: '認める' }],
  [people.privateHolder, { type: 'Decide', database: 'RWD1', decision: 'approve', reason: '認める' }],
  ...[people.representative, people.contact, people.tanaka, people.suzuki, people.yamada].map((actor): Step => [
    actor,
    { type: 'SignPledge', termsVersion: TERMS },
  ]),
  [people.machine, { type: 'Grant' }],
]

function apply(application: Application, decision: Decision<ApplicationEvent>): Application {
  if (!decision.ok) throw new Error(`refused: ${JSON.stringify(decision.refusals, null, 1)}`)
  return decision.events.reduce(applicationDecider.evolve, application)
}

export const take = (application: Application, [actor, command, over]: Step): Application =>
  apply(application, applicationDecider.decide(application, command, contextOf(actor, over)))

/** The story's application after its first steps, up to and including the last one of a type. */
export function until(type: ApplicationCommand['type'], form?: unknown): Application {
  const steps = storySteps(form)
  return steps
    .slice(0, steps.findLastIndex(([, command]) => command.type === type) + 1)
    .reduce(take, applicationDecider.initial)
}

export const decideAs = (
  application: Application,
  actor: Actor,
  command: ApplicationCommand,
  over?: Partial<ApplicationContext>,
): Decision<ApplicationEvent> => applicationDecider.decide(application, command, contextOf(actor, over))

export const codes = (decision: Decision<unknown>): readonly string[] =>
  decision.ok ? [] : decision.refusals.map(({ code }) => code)
