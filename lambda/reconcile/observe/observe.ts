import type { Desired } from '../../../domain/provisioning/desired.ts'
import { seen, unseen, type Note, type Observed, type ObservedPerson, type Seen } from '../../../domain/provisioning/observed.ts'
import { errorName, type Aws } from '../aws.ts'
import { observeKeys } from './keys.ts'
import { observeGroups, observeInterfaces } from './network.ts'
import { observeDesktops, observeUser } from './people.ts'
import { observeFileSystem } from './store.ts'

/** What AWS shows of a project. A question that fails is "unseen", never "nothing", and stops no other question (C-11). */
export async function observe(aws: Aws, desired: Desired, notes: Readonly<Record<string, Note>>): Promise<Observed> {
  const [keys, groups, fileSystem, people] = await Promise.all([
    asked(observeKeys(aws, desired, notes)),
    asked(observeGroups(aws, desired)),
    asked(observeFileSystem(aws, desired)),
    Promise.all(desired.people.map(async (person): Promise<readonly [string, ObservedPerson]> => {
      const [user, desktops] = await Promise.all([asked(observeUser(aws, desired, person)), asked(observeDesktops(aws, desired, person))])
      return [person.personId, { user, desktops }]
    })),
  ])
  const addresses = people.flatMap(([, { desktops }]) => desktops.seen ? desktops.value.flatMap(({ address }) => address ?? []) : [])
  const interfaces = await asked(observeInterfaces(aws, desired, addresses, groups.seen ? groups.value.map(({ id }) => id) : []))
  return { keys, groups, fileSystem, people: Object.fromEntries(people), interfaces, notes }
}

async function asked<Value>(answer: Promise<Value>): Promise<Seen<Value>> {
  try {
    return seen(await answer)
  } catch (error) {
    return unseen(errorName(error))
  }
}
