import * as z from 'zod'
import { databaseId, line, personId, prose } from '../kernel/fields.ts'
import { wordings } from '../kernel/wording.ts'

/** One database's decision is its holder's (REV-2). */
const decision = z.enum(['approve', 'refuse'])
const opinion = z.enum(['favourable', 'unfavourable'])
const answer = z.strictObject({ verdict: z.enum(['met', 'not-met', 'not-applicable']), comment: prose })
/** Shared by all committees where more than one database is concerned (REV-3). */
const riskProfile = z.strictObject({ geography: prose, facility: prose, death: prose, rareItems: prose })
const itemId = z
  .string()
  .regex(/^[a-z][a-z-]{0,39}$/)
  .register(wordings, {
    why: { en: 'an item of the checklist is named by its id', ja: '審査項目は、項目のIDで示します。' },
    next: {
      en: 'write the id of an item, e.g. purpose: lower-case letters and hyphens, at most 40',
      ja: '審査項目のIDを記載してください（例：purpose）。英小文字とハイフンで40文字以内です。',
    },
  })
const reviewer = z.strictObject({
  personId,
  organisation: line,
  databases: z
    .array(databaseId)
    .min(1)
    .max(20)
    .optional()
    .describe('the databases of their committee; left out: every database of the application'),
})

/**
 * What may be asked of an application. The form is parsed apart, because its faults are answered one by one
 * (`parseForm`).
 */
export const applicationCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('SubmitApplication'), form: z.unknown() }),
  z.strictObject({ type: z.literal('CheckFormat') }),
  z.strictObject({ type: z.literal('AssignReviewers'), reviewers: z.array(reviewer).min(1).max(40) }),
  z.strictObject({
    type: z.literal('RecordReview'),
    checklist: z.record(itemId, answer),
    verdict: opinion,
    comment: prose,
  }),
  z.strictObject({
    type: z.literal('RecordOpinion'),
    opinion,
    reason: prose,
    databases: z.array(databaseId).min(1).max(20).optional(),
    riskProfile: riskProfile.optional(),
    experts: z
      .array(z.strictObject({ name: line, organisation: line, statement: prose }))
      .max(20)
      .optional()
      .describe('outside experts heard (REV-3)'),
  }),
  z.strictObject({ type: z.literal('DecideOnDatabase'), database: databaseId, decision, reason: prose }),
  z.strictObject({ type: z.literal('SignPledge'), termsVersion: line }),
  z.strictObject({ type: z.literal('Grant') }),
  z.strictObject({ type: z.literal('Withdraw'), reason: prose }),
  z.strictObject({ type: z.literal('Reject'), reason: prose }),
])

export type ApplicationCommand = z.infer<typeof applicationCommand>
export type ApplicationCommandType = ApplicationCommand['type']
export type CommandOf<Type extends ApplicationCommandType> = Extract<ApplicationCommand, { type: Type }>
export type Answer = z.infer<typeof answer>
export type RiskProfile = z.infer<typeof riskProfile>
export type Opinion = z.infer<typeof opinion>
export type HolderDecision = z.infer<typeof decision>
