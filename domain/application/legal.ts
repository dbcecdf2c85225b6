import { japanDate } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ApplicationContext, PublishedDatabase } from './context.ts'
import type { ApplicationForm } from './form.ts'
import { linkable } from './linkability.ts'
import { id4Undeclared, noReason, notExtracted, notRequested, tooFewDatabases, unlinkable } from './refusals/linkage.ts'
import { accreditationEnds, noAccreditation, notAccredited, otherRoute, outsideVisiting } from './refusals/standing.ts'

type LegalContext = Pick<ApplicationContext, 'now' | 'databases' | 'rules'>

/**
 * Faults that depend on the day and on the standing of databases and applicant: checked with the format,
 * and again at every decision and at the grant, by what then holds (PUB-4, PDB-1, PDB-4, PUB-3).
 */
export const legalProblems = (form: ApplicationForm, context: LegalContext): readonly Refusal[] =>
  legalChecks.flatMap(({ find }) => find(form, context))

const published = ({ databases }: LegalContext) => new Map(databases.map((database) => [database.id, database]))

const standing = {
  reads: ['extracts', 'applicant', 'provision', 'plan'] as const,
  find(
    form: Pick<ApplicationForm, 'extracts' | 'applicant' | 'provision' | 'plan'>,
    context: LegalContext,
  ): readonly Refusal[] {
    const known = published(context)
    return form.extracts.flatMap(({ database }, index) => {
      const facts = known.get(database)
      return facts ? ofDatabase(form, facts, `extracts[${index}].database`, japanDate(context.now)) : []
    })
  },
}

/** What the day and the standing of one database, its user and its route say against it. */
const ofDatabase = (
  form: Pick<ApplicationForm, 'applicant' | 'provision' | 'plan'>,
  database: PublishedDatabase,
  path: string,
  today: string,
): readonly Refusal[] => [
  ...accreditationOfHolder(database, path, today),
  ...accreditationOfUser(form, database),
  ...routeOf(form, database, today),
]

/** A private database provides data only while its holder is accredited (PDB-1). */
function accreditationOfHolder(
  { id, kind, accreditation }: PublishedDatabase,
  path: string,
  today: string,
): readonly Refusal[] {
  const lapsed = accreditation?.status !== 'accredited' || accreditation.validTo < today
  return kind === 'private' && lapsed ? [notAccredited(id, path, today)] : []
}

/** Pseudonymised data of a private database go to users who are accredited for the whole use (PDB-4). */
function accreditationOfUser(
  { applicant, plan }: Pick<ApplicationForm, 'applicant' | 'plan'>,
  { id, kind, dataKind }: PublishedDatabase,
): readonly Refusal[] {
  if (kind !== 'private' || dataKind !== 'pseudonymised') return []
  const held = applicant.accreditation
  const { until } = plan.period
  if (!held) return [noAccreditation(id)]
  return held.validTo < until ? [accreditationEnds(id, held.validTo, until)] : []
}

/** Public pseudonymised data stay in the Visiting environment, and every database has its route (PUB-3). */
function routeOf(
  { provision: { route } }: Pick<ApplicationForm, 'provision'>,
  database: PublishedDatabase,
  today: string,
): readonly Refusal[] {
  const { id, kind, dataKind, exception } = database
  const excepted = exception !== undefined && exception.expires >= today
  if (dataKind === 'pseudonymised' && kind === 'public' && route !== 'visiting' && !excepted)
    return [outsideVisiting(id, route)]
  return route === database.provisionRoute ? [] : [otherRoute(database, route)]
}

const linkage = {
  reads: ['plan', 'extracts'] as const,
  find(
    { plan: { linkage: asked }, extracts }: Pick<ApplicationForm, 'plan' | 'extracts'>,
    context: LegalContext,
  ): readonly Refusal[] {
    if (!asked.requested) return asked.databases.length === 0 ? [] : [notRequested(asked.databases)]
    const set = [...new Set(asked.databases)]
    const facts = published(context)
    const known = set.flatMap((id) => facts.get(id) ?? [])
    const extracted = new Set(extracts.map(({ database }) => database))
    return [
      ...(set.length < 2 ? [tooFewDatabases(set)] : []),
      ...(asked.reason === undefined ? [noReason] : []),
      ...set.filter((id) => !extracted.has(id)).map(notExtracted),
      ...unlinkablePairs(known, context),
      ...undeclaredId4(known, asked),
    ]
  },
}

/** Every pair of what is to be linked, by the law in force today (CAT-3, PUB-4). */
const unlinkablePairs = (known: readonly PublishedDatabase[], { now, rules }: LegalContext): readonly Refusal[] =>
  known.flatMap((a, index) =>
    known.slice(index + 1).flatMap((b) => {
      const answer = linkable(a, b, japanDate(now), rules.linkable)
      return answer.allowed ? [] : [unlinkable(answer)]
    }),
  )

/** ID4 joins less surely than ID5, so that its use is declared with a reason (LNK-1). */
function undeclaredId4(
  known: readonly PublishedDatabase[],
  { id4 }: ApplicationForm['plan']['linkage'],
): readonly Refusal[] {
  const weak = known.filter(({ linkRoute }) => linkRoute === 'id4').map(({ id }) => id)
  return weak.length > 0 && id4 === undefined ? [id4Undeclared(weak)] : []
}

/** The legal rules as the format check runs them, with the sections each needs. */
export const legalChecks = [standing, linkage] as const
