import type { Desired } from '#domain/project/provisioning/desired.ts'
import {
  seen,
  unseen,
  type Note,
  type Observed,
  type ObservedDesktop,
  type ObservedPerson,
  type Seen,
} from '#domain/project/provisioning/observed.ts'
import { errorName } from '#lambda/kernel/errors.ts'
import type { Aws } from '../aws.ts'
import { observeKeys } from './keys.ts'
import { observeGroups, observeInterfaces } from './network.ts'
import { observeDesktops, observeUser } from './people.ts'
import { observeFileSystem } from './store.ts'

/**
 * What AWS shows of a project. A question that fails is "unseen", never "nothing", and stops no other question (C-11).
 */
export async function observe(aws: Aws, desired: Desired, notes: Readonly<Record<string, Note>>): Promise<Observed> {
  const [keys, groups, fileSystem, users, desktops] = await Promise.all([
    ask(observeKeys(aws, desired, notes)),
    ask(observeGroups(aws, desired)),
    ask(observeFileSystem(aws, desired)),
    Promise.all(desired.people.map((person) => ask(observeUser(aws, desired, person)))),
    observeAllDesktops(aws, desired),
  ])
  const people = Object.fromEntries(
    desired.people.map(({ personId }, index): [string, ObservedPerson] => [
      personId,
      { user: users[index] ?? NOT_ASKED, desktops: desktops[index] ?? NOT_ASKED },
    ]),
  )
  const addresses = desktops.flatMap((found) => (found.seen ? found.value.flatMap(({ address }) => address ?? []) : []))
  const interfaces = await ask(
    observeInterfaces(aws, desired, addresses, groups.seen ? groups.value.map(({ id }) => id) : []),
  )
  return { keys, groups, fileSystem, people, interfaces, notes }
}

const NOT_ASKED = unseen('not asked')

/**
 * One after the other: WorkSpaces admits two calls a second however many ask, and askers that wait together only get in
 * each other's way.
 */
async function observeAllDesktops(aws: Aws, desired: Desired): Promise<readonly Seen<readonly ObservedDesktop[]>[]> {
  const found: Seen<readonly ObservedDesktop[]>[] = []
  for (const person of desired.people) found.push(await ask(observeDesktops(aws, desired, person)))
  return found
}

async function ask<Value>(answer: Promise<Value>): Promise<Seen<Value>> {
  try {
    return seen(await answer)
  } catch (error) {
    return unseen(errorName(error))
  }
}
