import type { Config } from '#lib/kernel/config/load.ts'
import type { Person } from './people.ts'

/** Everybody who takes part in the story. */
export interface Participants<P extends Person = Person> {
  readonly representative: P
  readonly handlers: readonly P[]
  readonly reviewers: readonly [P, P]
  /** a committee member of the applicant's own organisation */
  readonly conflicted: P
  readonly holders: readonly [P, ...P[]]
  /** three: whoever asks for a removal does not approve it, and two others must (C-11) */
  readonly operators: readonly [P, P, P]
}

/** Those of an application: its own people from the form, the others from the configuration. */
export function participantsOf(form: Readonly<Record<string, any>>, config: Pick<Config, 'databases'>): Participants {
  const applicant: string = form.applicant.organisation
  const holderNames = [...new Set(config.databases.map((database) => database.holder.en))]
  const holders = holderNames.map((organisation, index): Person => ({
    id: `holder-${index + 1}`,
    organisation,
    roles: ['holder'],
    databases: config.databases.filter((database) => database.holder.en === organisation).map(({ id }) => id),
  }))
  return {
    representative: { id: form.applicant.representative.personId, organisation: applicant, roles: ['applicant'] },
    handlers: form.handlers.map((handler: any) => ({
      id: handler.personId,
      organisation: handler.organisation,
      roles: ['handler'],
    })),
    reviewers: [
      { id: 'reviewer-1', organisation: 'Committee for Statistics', roles: ['reviewer'] },
      { id: 'reviewer-2', organisation: 'Bar Association', roles: ['reviewer'] },
    ],
    conflicted: { id: 'reviewer-3', organisation: applicant, roles: ['reviewer'] },
    holders: holders as unknown as Participants['holders'],
    operators: [
      { id: 'operator-1', organisation: 'Renkei operations', roles: ['operator'] },
      { id: 'operator-2', organisation: 'Renkei operations', roles: ['operator'] },
      { id: 'operator-3', organisation: 'Renkei operations', roles: ['operator'] },
    ],
  }
}

/** Applies a function to everybody, one after the other, each person once; one person may take part in two ways. */
export async function eachParticipant<A extends Person, B extends Person>(
  participants: Participants<A>,
  work: (person: A) => Promise<B>,
): Promise<Participants<B>> {
  const done = new Map<string, B>()
  const one = async (person: A) => {
    if (!done.has(person.id)) done.set(person.id, await work(person))
    return done.get(person.id)!
  }
  const many = async (people: readonly A[]) => {
    const result: B[] = []
    for (const person of people) result.push(await one(person))
    return result
  }
  return {
    handlers: await many(participants.handlers),
    representative: await one(participants.representative),
    reviewers: (await many(participants.reviewers)) as unknown as Participants<B>['reviewers'],
    conflicted: await one(participants.conflicted),
    holders: (await many(participants.holders)) as unknown as Participants<B>['holders'],
    operators: (await many(participants.operators)) as unknown as Participants<B>['operators'],
  }
}
