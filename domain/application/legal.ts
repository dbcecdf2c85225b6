import { japanDate } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { ApplicationContext, PublishedDatabase } from './context.ts'
import { problem, type ApplicationForm } from './form.ts'
import { linkable } from './linkability.ts'

/**
 * Faults that depend on the day and on the standing of databases and applicant: checked with the format,
 * and again at every decision and at the grant, by what then holds (PUB-4, PDB-1, PDB-4, PUB-3).
 */
export function legalProblems(
  form: ApplicationForm,
  context: Pick<ApplicationContext, 'now' | 'databases' | 'rules'>,
): readonly Refusal[] {
  const facts = new Map(context.databases.map((database) => [database.id, database]))
  return [
    ...form.extracts.flatMap(({ database }, index) => {
      const known = facts.get(database)
      return known ? ofDatabase(form, known, `extracts[${index}].database`, japanDate(context.now)) : []
    }),
    ...linkage(form, facts, context),
  ]
}

function ofDatabase(
  { applicant, provision, plan }: ApplicationForm,
  database: PublishedDatabase,
  path: string,
  today: string,
): Refusal[] {
  const found: Refusal[] = []
  const { id, kind, dataKind, accreditation, exception } = database
  if (kind === 'private' && (accreditation?.status !== 'accredited' || accreditation.validTo < today)) {
    found.push(
      problem(
        'PDB-1',
        path,
        `${id} holds no accreditation that is valid today`,
        'leave it out until its holder is accredited again',
      ),
    )
  }
  if (kind === 'private' && dataKind === 'pseudonymised') {
    const held = applicant.accreditation
    if (!held)
      found.push(
        problem(
          'PDB-4',
          'applicant.accreditation',
          `is missing; ${id} holds pseudonymised data, which only accredited users of type I or II receive`,
          'give class, number and last day of the accreditation',
        ),
      )
    else if (held.validTo < plan.period.until)
      found.push(
        problem(
          'PDB-4',
          'applicant.accreditation.validTo',
          `${held.validTo} lies before the end of use ${plan.period.until}`,
          'shorten the period of use, or submit with the renewed accreditation',
        ),
      )
  }
  if (provision.route === 'visiting' && database.provisionRoute === 'visiting') return found
  if (
    dataKind === 'pseudonymised' &&
    kind === 'public' &&
    provision.route !== 'visiting' &&
    (exception === undefined || exception.expires < today)
  ) {
    found.push(
      problem(
        'PUB-3',
        'provision.route',
        `${id} holds pseudonymised data, used in the Visiting environment only, and no exception is in force`,
        'write visiting',
      ),
    )
  } else if (provision.route !== database.provisionRoute) {
    found.push(
      problem(
        'PUB-3',
        'provision.route',
        `${id} is provided by route ${database.provisionRoute}, not ${provision.route}`,
        `write ${database.provisionRoute}, or ask for ${id} in another application`,
      ),
    )
  }
  return found
}

function linkage(
  { plan, extracts }: ApplicationForm,
  facts: ReadonlyMap<string, PublishedDatabase>,
  { now, rules }: Pick<ApplicationContext, 'now' | 'rules'>,
): Refusal[] {
  const { requested, databases, reason, id4 } = plan.linkage
  const path = 'plan.linkage'
  if (!requested)
    return databases.length === 0
      ? []
      : [
          problem(
            'LNK-2',
            `${path}.databases`,
            'names databases, but no linkage is requested',
            'write requested: true, or an empty list',
          ),
        ]
  const found: Refusal[] = []
  const asked = new Set(extracts.map(({ database }) => database))
  const set = [...new Set(databases)]
  if (set.length < 2)
    found.push(
      problem(
        'LNK-2',
        `${path}.databases`,
        'names fewer than two databases',
        'name the databases to be linked with one another',
      ),
    )
  if (reason === undefined)
    found.push(problem('REV-1', `${path}.reason`, 'is missing', 'say why the purpose needs the linkage'))
  for (const id of set)
    if (!asked.has(id))
      found.push(
        problem(
          'LNK-2',
          `${path}.databases`,
          `${id} is to be linked, but section extracts does not ask for it`,
          `add an extract of ${id}, or leave it out here`,
        ),
      )
  const known = set.flatMap((id) => facts.get(id) ?? [])
  for (const [index, a] of known.entries()) {
    for (const b of known.slice(index + 1)) {
      const answer = linkable(a, b, japanDate(now), rules.linkable)
      if (!answer.allowed) found.push(problem(answer.requirement, `${path}.databases`, answer.reason, answer.remedy))
    }
  }
  const weak = known.filter(({ linkRoute }) => linkRoute === 'id4').map(({ id }) => id)
  if (weak.length > 0 && id4 === undefined)
    found.push(
      problem(
        'LNK-1',
        `${path}.id4`,
        `is missing; ${weak.join(', ')} can be linked only by ID4 (name, sex, birth date)`,
        'declare the use of ID4 with its reason',
      ),
    )
  return found
}
