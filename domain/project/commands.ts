import * as z from 'zod'
import { personId, prose as reason } from '../kernel/fields.ts'
import { wordings } from '../kernel/wording.ts'
import type { ProjectGrant } from '../application/project-grant.ts'

const digest = z
  .string()
  .regex(/^[0-9a-f]{16,128}$/)
  .register(wordings, {
    why: {
      en: 'an approval names exactly one removal, by its digest',
      ja: '承認は、ダイジェストで特定した一つの削除に対して行います。',
    },
    next: {
      en: 'write the digest of the held removal as the project shows it: 16 to 128 lower-case hexadecimal digits',
      ja: '研究プロジェクトに示された、保留中の削除のダイジェスト（16進数の小文字16〜128桁）を記載してください。',
    },
  })
const at = z.iso
  .datetime()
  .register(wordings, {
    why: { en: 'an observation has an instant in UTC', ja: '観測の時刻は協定世界時で記載します。' },
    next: {
      en: 'write an instant in UTC, e.g. 2026-11-22T03:00:00.000Z',
      ja: '協定世界時の日時を記載してください（例：2026-11-22T03:00:00.000Z）。',
    },
  })
  .optional()
  .describe('when it was observed; left out: when it is reported')
const named = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('desktop'), personId }),
  z.strictObject({ kind: z.literal('user'), personId }),
  z.strictObject({ kind: z.literal('file-system') }),
  z.strictObject({ kind: z.literal('security-group') }),
  z.strictObject({ kind: z.literal('key') }),
])
const resource = z.strictObject({
  kind: z.enum([
    'desktop',
    'user',
    'file-system',
    'security-group',
    'key',
    'alias',
    'access-point',
    'mount-target',
    'interface',
  ]),
  id: z.string().min(1).max(2048),
  personId: personId.optional(),
})

/**
 * What may be asked of a project from outside, and by the reconciler, whose `Report…` commands are taken from a machine
 * only.
 */
export const projectCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('RemoveHandler'), personId, reason }),
  z.strictObject({
    type: z.literal('SuspendProject'),
    reason,
    personId: personId.optional().describe('one person; left out: the whole project (VIS-7)'),
  }),
  z.strictObject({ type: z.literal('ResumeProject'), reason, personId: personId.optional() }),
  z.strictObject({ type: z.literal('EndProject'), cause: z.enum(['expiry', 'end-of-use']) }),
  z.strictObject({ type: z.literal('ApproveRemoval'), digest }),
  z.strictObject({ type: z.literal('ReportHeld'), digest, removes: z.array(named).min(1).readonly() }),
  z.strictObject({ type: z.literal('ReportConverged'), exists: z.array(resource).readonly(), at }),
  z.strictObject({ type: z.literal('ReportDestroyed'), destroyed: z.array(resource).min(1).readonly(), at }),
  z.strictObject({ type: z.literal('ReportQuarantined'), resource }),
])

/** `OpenProject` is made from a grant (`domain/application/opening.ts`); nothing parses it from outside. */
export type ProjectCommand =
  | z.infer<typeof projectCommand>
  | { readonly type: 'OpenProject'; readonly grant: ProjectGrant }
export type ProjectCommandType = ProjectCommand['type']
export type ProjectCommandOf<Type extends ProjectCommandType> = Extract<ProjectCommand, { type: Type }>
