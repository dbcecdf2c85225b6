import { isMachine, type Actor } from '../kernel/decider.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { choices } from '../kernel/shown.ts'
import { asPerson, conflictOf, conflictRefusal } from './conflicts.ts'
import type { ApplicationContext } from './context.ts'
import type { Person } from './events.ts'
import type { Application } from './state.ts'

/** A conflict found now, by the organisation the actor comes from today, whatever was assigned before (C-4). */
export function conflictNow(application: Application, actor: Actor): Refusal | undefined {
  if (isMachine(actor))
    return {
      code: 'application.not-a-person',
      what: { en: `${actor.id} is a machine`, ja: `${actor.id} は基盤の機能であり、人ではありません。` },
      why: { en: 'only people judge an application', ja: '申出の審査と決定は、人だけが行います。' },
      next: {
        en: 'a reviewer or a person of the holder sends this command',
        ja: '審査委員又は保有者の担当者が、このコマンドを送ってください。',
      },
      requirement: 'REV-2',
    }
  const conflict = conflictOf(application, asPerson(actor))
  return conflict === undefined
    ? undefined
    : conflictRefusal({
        personId: actor.id,
        conflict,
        next: {
          en: 'another reviewer or another person of the holder, without a part in it, sends this command',
          ja: '申出に関わりのない、別の審査委員又は保有者の別の担当者が、このコマンドを送ってください。',
        },
      })
}

/** A database that the application does not ask for. */
export function otherDatabase({
  id,
  all,
  requirement,
  path,
}: {
  readonly id: string
  readonly all: readonly string[]
  readonly requirement: string
  readonly path: string
}): Refusal {
  const asked = choices(all)
  return {
    code: 'application.other-database',
    what: { en: `${id} is not asked for in this application`, ja: `この申出は ${id} の利用を求めていません。` },
    why: {
      en: 'reviews, opinions and decisions concern the databases of the application only',
      ja: '審査、意見、決定の対象は、申出に記載されたデータベースに限ります。',
    },
    next: { en: `write ${asked.en}`, ja: `${asked.ja} のいずれかを記載してください。` },
    requirement,
    path,
  }
}

/**
 * The reviewers whose reviews count for a database today: they reviewed it, and have no conflict by any organisation
 * known of them.
 */
export function countedReviewers(
  application: Application,
  database: string,
  organisations: ApplicationContext['organisations'],
): readonly Person[] {
  return application.reviews
    .filter(({ databases }) => databases.includes(database))
    .map(({ reviewer }) => reviewer)
    .filter((reviewer) => conflictOf(application, reviewer) === undefined)
    .filter(
      ({ personId, organisation }) =>
        conflictOf(application, { personId, organisation: organisations?.get(personId) ?? organisation }) === undefined,
    )
}
