import { BLOCKED_TAG, GRANTED_PREFIX, grantedTag } from '#domain/project/provisioning/resource-names.ts'
import type { Api, Answer } from './api.ts'
import { until } from './api.ts'
import type { SignedIn } from './people.ts'
import type { Cast } from './cast.ts'
import type { Desktop, Room } from './room.ts'

/** What a step of the story shows: the ledger events it led to, or the refusal it expected. */
interface Shown {
  readonly events: readonly string[]
  readonly note?: string
}

export interface Step {
  readonly id: string
  readonly title: string
  run(): Promise<Shown>
}

/** Everything the steps work with. */
export interface Scene {
  readonly api: Api
  readonly cast: Cast<SignedIn>
  readonly room: Room
  readonly applicationId: string
  readonly form: Readonly<Record<string, any>>
  readonly databases: readonly { readonly id: string }[]
  /** ids of the review checklist, each to be answered (REV-1) */
  readonly checklist: readonly string[]
  readonly termsVersion: string
  readonly progress: (detail: string) => void
}

const TYPES = (answer: Answer) => answer.events.map((event) => event.type)

/** The events of a command that must be accepted; otherwise the step fails with the reasons given. */
function accepted(answer: Answer, expected: string): Shown {
  if (answer.status !== 200 || !answer.events.some((event) => event.type === expected)) {
    throw new Error(
      `expected ${expected}, got ${answer.status}: ${answer.refusals.map(({ path, code, what }) => `${path ?? code}: ${what}`).join('; ') || JSON.stringify(answer.body).slice(0, 400)}`,
    )
  }
  return { events: TYPES(answer) }
}

/** The refusal of a command that must be refused. */
function refused(answer: Answer): Shown {
  if (answer.status !== 409 && answer.status !== 403)
    throw new Error(`expected a refusal, got ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`)
  return { events: [], note: `refused: ${answer.refusals[0]?.what ?? answer.body.message}` }
}

/** From the application to the grant. */
export function applicationSteps(scene: Scene): Step[] {
  const { api, cast, applicationId } = scene
  const stream = `application/${applicationId}`
  const checklist = Object.fromEntries(
    scene.checklist.map((item) => [item, { verdict: 'met', comment: 'examined against the plan' }]),
  )
  const review = (reviewer: SignedIn) =>
    api.command(reviewer, stream, {
      type: 'RecordReview',
      checklist,
      verdict: 'favourable',
      comment: 'the benefit outweighs the risk',
    })
  const asReviewer = ({ id, organisation }: SignedIn) => ({ personId: id, organisation })
  return [
    {
      id: 'stranger',
      title: 'A request without a token',
      run: async () => {
        if (!(await api.refusesStrangers())) throw new Error('the API answered without a token (ARC-4)')
        return { events: [], note: 'refused: no token, no answer' }
      },
    },
    {
      id: 'submit',
      title: 'The applicant submits the application (NDB + DPC + RWD1, four handlers)',
      run: async () =>
        accepted(
          await api.command(cast.representative, stream, { type: 'SubmitApplication', form: scene.form }),
          'ApplicationSubmitted',
        ),
    },
    {
      id: 'format',
      title: 'The format is checked',
      run: async () =>
        accepted(await api.command(cast.operators[0], stream, { type: 'CheckFormat' }), 'FormatAccepted'),
    },
    {
      id: 'conflict',
      title: "A committee member of the applicant's own organisation is put forward",
      run: async () =>
        refused(
          await api.command(cast.operators[0], stream, {
            type: 'AssignReviewers',
            reviewers: [asReviewer(cast.conflicted), asReviewer(cast.reviewers[0])],
          }),
        ),
    },
    {
      id: 'assign',
      title: 'Two committee members without a conflict are assigned',
      run: async () =>
        accepted(
          await api.command(cast.operators[0], stream, {
            type: 'AssignReviewers',
            reviewers: cast.reviewers.map(asReviewer),
          }),
          'ReviewersAssigned',
        ),
    },
    {
      id: 'conflicted-review',
      title: 'The conflicted member tries to review all the same',
      run: async () => refused(await review(cast.conflicted)),
    },
    ...cast.reviewers.map((reviewer, index) => ({
      id: `review-${index + 1}`,
      title: `Committee member ${index + 1} answers the checklist`,
      run: async () => accepted(await review(reviewer), 'ReviewRecorded'),
    })),
    {
      id: 'early-decision',
      title: 'A database holder decides before there is an opinion',
      run: async () =>
        refused(
          await api.command(cast.holders[0], stream, {
            type: 'DecideOnDatabase',
            database: cast.holders[0].databases![0],
            decision: 'approve',
            reason: 'too early',
          }),
        ),
    },
    {
      id: 'opinion',
      title: 'The committee records its opinion',
      run: async () =>
        accepted(
          await api.command(cast.reviewers[0], stream, {
            type: 'RecordOpinion',
            opinion: 'favourable',
            reason: 'two reviews, both favourable',
            riskProfile: {
              geography: 'secondary medical area',
              facility: 'none named',
              death: 'month',
              rareItems: 'cells below 10 suppressed',
            },
          }),
          'OpinionRecorded',
        ),
    },
    ...cast.holders.flatMap((holder) =>
      holder.databases!.map((database) => ({
        id: `decide-${database}`,
        title: `The holder of ${database} decides`,
        run: async () =>
          accepted(
            await api.command(holder, stream, {
              type: 'DecideOnDatabase',
              database,
              decision: 'approve',
              reason: 'in accordance with the opinion',
            }),
            'DatabaseDecided',
          ),
      })),
    ),
    {
      id: 'early-grant',
      title: 'A grant is asked for before the pledges are signed',
      run: async () => refused(await api.command(cast.operators[0], stream, { type: 'Grant' })),
    },
    {
      id: 'pledges',
      title: 'The applicant and all four handlers sign the pledge',
      run: async () => {
        const signed: string[] = []
        for (const person of [cast.representative, ...cast.handlers])
          signed.push(
            ...accepted(
              await api.command(person, stream, { type: 'SignPledge', termsVersion: scene.termsVersion }),
              'PledgeSigned',
            ).events,
          )
        return { events: signed }
      },
    },
    {
      id: 'grant',
      title: 'The grant follows from decisions and pledges',
      run: async () => {
        const answer = await api.command(cast.operators[0], stream, { type: 'Grant' })
        const shown = accepted(answer, 'ApplicationGranted')
        scene.room.projectId = answer.events.find((event) => event.type === 'ApplicationGranted')!['grant'].projectId
        return { ...shown, note: `project ${scene.room.projectId}` }
      },
    },
  ]
}

/** From the grant to the end of the project. */
export function projectSteps(scene: Scene): Step[] {
  const { api, cast, room, progress } = scene
  const operator = cast.operators[0]
  const stream = () => `project/${room.projectId}`
  const project = async () => (await api.get(operator, `projects/${room.projectId}`)).body
  const ledgerTypes = async () =>
    ((await api.get(operator, `ledger/project/${room.projectId}`)).body.events as { event: { type: string } }[]).map(
      (record) => record.event.type,
    )
  /** Waits for a report of the reconciler after `count` of its kind have been seen. */
  const report = async (type: string, count: number) =>
    await until(
      type,
      90,
      async () => ((await ledgerTypes()).filter((seen) => seen === type).length > count ? type : undefined),
      progress,
    )
  const seen = async (type: string) => (await ledgerTypes()).filter((candidate) => candidate === type).length
  const leaver = cast.handlers.at(-1)!
  const desktopOf = async (person: string) =>
    (await room.things()).desktops.find((desktop) => desktop.tags['renkei:person'] === person)
  /** Both layers at once: in the firewall's blocked set, out of every granted one. */
  const cutOff = (desktop: Desktop | undefined) =>
    desktop?.tags[BLOCKED_TAG] === 'true' && !Object.keys(desktop.tags).some((tag) => tag.startsWith(GRANTED_PREFIX))
  return [
    {
      id: 'provision',
      title: 'The reconciler provisions key, group, file system, users and desktops',
      run: async () => {
        await report('ProvisioningConverged', 0)
        const things = await room.things()
        room.expect(
          things.desktops.length === cast.handlers.length,
          `${cast.handlers.length} desktops, found ${things.desktops.length}`,
        )
        room.expect(
          things.desktops.every((desktop) =>
            scene.databases.every(({ id }) => desktop.tags[grantedTag(id)] === 'true'),
          ),
          'every interface is in the granted sets',
        )
        room.expect(
          things.desktops.every((desktop) => things.securityGroups.some(({ id }) => desktop.groups.includes(id))),
          "every interface carries the project's group",
        )
        return { events: ['ProvisioningConverged'], note: room.describe(things) }
      },
    },
    {
      id: 'suspend',
      title: 'Abnormal use: one handler is suspended without notice',
      run: async () => {
        const suspect = cast.handlers[0]!
        const started = Date.now()
        const shown = accepted(
          await api.command(operator, stream(), {
            type: 'SuspendProject',
            personId: suspect.id,
            reason: 'sign-in from an unknown place',
          }),
          'ProjectSuspended',
        )
        await until(
          'the desktop is cut off',
          60,
          async () => (cutOff(await desktopOf(suspect.id)) ? true : undefined),
          progress,
        )
        const seconds = (Date.now() - started) / 1000
        const others = (await room.things()).desktops.filter((desktop) => desktop.tags['renkei:person'] !== suspect.id)
        room.expect(
          others.length === cast.handlers.length - 1 && others.every((desktop) => !cutOff(desktop)),
          'the others work on',
        )
        return { ...shown, note: `cut off after ${seconds.toFixed(1)} s (VIS-7: 60 s)` }
      },
    },
    {
      id: 'resume',
      title: 'The suspicion was unfounded; they may go on',
      run: async () => {
        const suspect = cast.handlers[0]!
        const shown = accepted(
          await api.command(operator, stream(), {
            type: 'ResumeProject',
            personId: suspect.id,
            reason: 'verified by telephone',
          }),
          'ProjectResumed',
        )
        await until(
          'the desktop is granted again',
          90,
          async () => {
            const desktop = await desktopOf(suspect.id)
            return scene.databases.every(({ id }) => desktop?.tags[grantedTag(id)] === 'true') &&
              desktop?.tags[BLOCKED_TAG] !== 'true'
              ? true
              : undefined
          },
          progress,
        )
        return shown
      },
    },
    {
      id: 'leave',
      title: 'One handler leaves; their desktop goes',
      run: async () => {
        const [before, destroyed] = [await room.things(), await seen('ResourcesDestroyed')]
        const shown = accepted(
          await api.command(operator, stream(), {
            type: 'RemoveHandler',
            personId: leaver.id,
            reason: 'left the organisation',
          }),
          'HandlerRemoved',
        )
        await report('ResourcesDestroyed', destroyed)
        await until(
          'the desktop of the leaver is gone',
          60,
          async () => ((await room.things()).desktops.length === cast.handlers.length - 1 ? true : undefined),
          progress,
        )
        const after = await room.things()
        room.expect(
          before.desktops.length - after.desktops.length === 1 && after.fileSystems.length === 1,
          'only that desktop went',
        )
        return {
          events: [...shown.events, 'ResourcesDestroyed'],
          note: `${before.desktops.length} desktops → ${after.desktops.length}`,
        }
      },
    },
    {
      id: 'period-ends',
      title: 'The period ends; the sweep notices',
      run: async () => {
        await room.advanceToAfter((await project()).until)
        await room.sweep()
        await report('ProjectEnded', 0)
        await report('RemovalHeld', 0)
        const { keys } = await room.things()
        room.expect(
          keys.every((key) => key.state !== 'Enabled'),
          'the key is disabled at once (C-6)',
        )
        return {
          events: ['ProjectEnded', 'RemovalHeld'],
          note: 'the key is disabled; removing it waits for two approvals (C-11)',
        }
      },
    },
    {
      id: 'approvals',
      title: 'Two operators approve the removal, one twice',
      run: async () => {
        const digest = (await project()).heldRemoval
        const first = accepted(
          await api.command(cast.operators[0], stream(), { type: 'ApproveRemoval', digest }),
          'RemovalApproved',
        )
        const twice = refused(await api.command(cast.operators[0], stream(), { type: 'ApproveRemoval', digest }))
        const second = accepted(
          await api.command(cast.operators[1], stream(), { type: 'ApproveRemoval', digest }),
          'RemovalApproved',
        )
        return {
          events: [...first.events, ...second.events],
          ...(twice.note ? { note: `the same operator again: ${twice.note}` } : {}),
        }
      },
    },
    {
      id: 'destroy',
      title: 'Everything the end event names is destroyed',
      run: async () => {
        await until(
          'the project is closed',
          90,
          async () => ((await project()).status === 'closed' ? true : undefined),
          progress,
        )
        const things = await room.things()
        room.expect(
          things.keys.every((key) => key.state === 'PendingDeletion'),
          'the key is scheduled for deletion',
        )
        return { events: ['ResourcesDestroyed'], note: room.describe(things) }
      },
    },
  ]
}
