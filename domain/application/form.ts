import * as z from 'zod'
import { date, databaseId, email, line, optionalProse, personId, phone, prose, sha256 } from '../kernel/fields.ts'
import { wordings } from '../kernel/wording.ts'

/**
 * The application form (申出書): the nine sections of the NDB provision application, versioned (APP-1).
 * Shape and single values only; what one part demands of another is in `format/`, checked by `CheckFormat`.
 */
export const FORM_VERSION = '1.0'

const document = z
  .strictObject({
    kind: z
      .string()
      .regex(/^[a-z][a-z-]{1,39}$/)
      .register(wordings, {
        why: { en: 'a document is found by its kind', ja: '文書は、種類で区別します。' },
        next: {
          en: 'write the kind of document, e.g. security-policy: 2 to 40 lower-case letters and hyphens',
          ja: '文書の種類を記載してください（例：security-policy）。英小文字とハイフンで2〜40文字です。',
        },
      }),
    sha256,
  })
  .describe('a document held elsewhere, by its hash')

/** 1: the guidelines are accepted, with the institution's approval. */
const guidelines = z.strictObject({
  accepted: z.literal(true),
  version: line.describe('edition of the guidelines that was read'),
  institutionApproval: z
    .strictObject({ body: line, approvedOn: date, document: sha256 })
    .describe("the ethics board's or institution's approval"),
})

/** 2: the contact person, and an agent where there is one. */
const agent = z.strictObject({ personId, name: line, organisation: line, phone, email })
const contact = z.strictObject({
  personId,
  name: line,
  organisation: line,
  department: line,
  post: line,
  phone,
  email,
  agent: agent.optional(),
})

/** 3: the applicant (APP-8). */
const applicant = z.strictObject({
  type: z.enum(['company', 'research-institution', 'administrative-body', 'individual']),
  organisation: line,
  address: line,
  representative: z
    .strictObject({ personId, name: line, post: line })
    .describe('signs the pledge for the applicant (CON-1)'),
  evidence: z.array(document).max(20).describe('proof documents that the type demands'),
  accreditation: z
    .strictObject({ class: z.enum(['I', 'II']), number: line, validTo: date })
    .optional()
    .describe('accredited user of pseudonymised-processed data, type I or II (PDB-4)'),
})

/** 4: the research plan. One purpose an application (APP-6). */
const placeId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/)
  .register(wordings, {
    why: {
      en: 'handlers refer to a place of the research plan by its id',
      ja: '取扱者は、研究計画の場所をIDで参照します。',
    },
    next: {
      en: 'write a short id, e.g. lab: lower-case letters, digits and hyphens, at most 32',
      ja: '短いIDを記載してください（例：lab）。英小文字、数字、ハイフンで32文字以内です。',
    },
  })
const place = z.strictObject({
  id: placeId,
  kind: z.enum(['use', 'storage']),
  facility: z
    .enum(['applicant', 'contractor', 'visiting'])
    .describe('whose facility it is; visiting is the Visiting environment'),
  organisation: line,
  name: line,
  address: line,
  country: z.literal('JP'),
})
const plan = z.strictObject({
  purpose: z.strictObject({ title: line, objective: prose, publicBenefit: prose }),
  necessity: prose.describe('why these data are needed for the purpose'),
  method: prose,
  linkage: z.strictObject({
    requested: z.boolean(),
    databases: z
      .array(databaseId)
      .max(20)
      .describe('the databases linked with one another; others in the application stay unlinked'),
    reason: prose.optional(),
    id4: z.strictObject({ reason: prose }).optional().describe('declared where a linked database has only ID4 (LNK-1)'),
  }),
  outsourcing: z.array(z.strictObject({ organisation: line, work: prose, reason: prose, supervision: prose })).max(20),
  trackRecord: prose,
  period: z.strictObject({ from: date, until: date }).describe('first and last day of use, inclusive (APP-5)'),
  places: z.array(place).min(1).max(40),
})

/** 5: everyone who handles the data, outsourced staff included (APP-2). */
const handler = z.strictObject({
  personId,
  name: line,
  organisation: line,
  post: line,
  phone,
  email,
  place: placeId.describe('id of a place of use in the research plan'),
  role: line.describe('the part of the analysis this person does'),
  granularity: z.enum(['record', 'aggregate', 'result']).describe('finest data this person handles'),
  fullTime: z.boolean(),
  outsourced: z.boolean(),
})

/** 6: data asked for, one entry a database (APP-4). */
const extract = z.strictObject({
  database: databaseId,
  type: z.enum(['special-extract', 'sampling', 'aggregate-table', 'trial', 'panel', 'full']),
  period: z.strictObject({ from: date, until: date }),
  conditions: z.array(line).min(1).max(50),
  variables: z.array(line).min(1).max(500),
  rationale: optionalProse.describe('why this is the minimum needed; may be empty only for preset datasets'),
})

/** 7: what will be published. */
const publication = z.strictObject({
  outputs: z
    .array(
      z.strictObject({
        form: z.enum(['paper', 'presentation', 'report', 'product', 'policy']),
        venue: line,
        expected: date,
      }),
    )
    .min(1)
    .max(30),
  minimumCell: z
    .int()
    .min(10)
    .max(1000)
    .register(wordings, {
      why: {
        en: 'no published cell counts 1 to 9 persons (EGR-1)',
        ja: '公表する表に、1〜9人のセルを含めることはできません（EGR-1）。',
      },
      next: {
        en: 'write the smallest number of persons a published cell may count, a whole number from 10 to 1000, e.g. 10',
        ja: '公表する最小の人数を、10〜1000の整数（人）で記載してください（例：10）。',
      },
    }),
})

/** 8: how the data are provided, and what it costs. */
const provision = z.strictObject({
  route: z.enum(['visiting', 'media', 'on-site']),
  fees: z.strictObject({
    extractionHours: z
      .number()
      .min(0)
      .max(10_000)
      .register(wordings, { unit: { en: 'hours', ja: '時間' } }),
    cloudMonths: z
      .int()
      .min(0)
      .max(120)
      .register(wordings, { unit: { en: 'months', ja: 'か月' } }),
    reductionClaimed: z.boolean(),
  }),
})

/** 9: data provided before. */
const provided = z.strictObject({
  number: line,
  database: databaseId,
  year: z
    .int()
    .min(2009)
    .max(2100)
    .register(wordings, {
      why: {
        en: 'data have been provided since 2009, by calendar year',
        ja: 'データの提供は2009年に始まり、西暦の年で記載します。',
      },
      next: {
        en: 'write the year of the provision, a whole number from 2009 to 2100, e.g. 2024',
        ja: '提供を受けた年を、2009〜2100の西暦の整数で記載してください（例：2024）。',
      },
    }),
  outcome: line,
})

export const formSchema = z.strictObject({
  formVersion: z.literal(FORM_VERSION),
  guidelines,
  contact,
  applicant,
  plan,
  handlers: z.array(handler).min(1).max(100),
  extracts: z.array(extract).min(1).max(20),
  publication,
  provision,
  history: z.array(provided).max(50),
})

export type ApplicationForm = z.infer<typeof formSchema>

/** The nine sections in their order, as the form names them (APP-1). */
export const sections = [
  'guidelines',
  'contact',
  'applicant',
  'plan',
  'handlers',
  'extracts',
  'publication',
  'provision',
  'history',
] as const

export type Section = (typeof sections)[number]
export type SoundSections = Partial<Pick<ApplicationForm, Section>>
