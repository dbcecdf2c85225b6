import type { ProjectCommand } from '#domain/project/commands.ts'
import { BLOCKED_TAG, GRANTED_PREFIX, grantedTag } from '#domain/project/provisioning/resource-names.ts'
import { resourcesInWords, type Desktop } from './account-view.ts'
import { until } from './api.ts'
import { invokeSweep, moveClockPast } from './schedule.ts'
import { accepted, expectThat, refused, type Shown, type Step, type Story } from './step.ts'

/** A command of the first operator on the project. */
const command = (story: Story, what: ProjectCommand, operator = 0) =>
  story.api.command(story.participants.operators[operator]!, `project/${story.projectId}`, what)

/** The project as its operator reads it. */
const projectOf = async ({ api, participants, projectId }: Story) =>
  (await api.get(participants.operators[0], `projects/${projectId}`)).body

/** How many events of a type the project's ledger holds. */
async function countOf({ api, participants, projectId }: Story, type: string): Promise<number> {
  const { body } = await api.get(participants.operators[0], `ledger/project/${projectId}`)
  return (body.events as { event: { type: string } }[]).filter(({ event }) => event.type === type).length
}

/** Waits until something holds. */
const untilTrue = (story: Story, what: string, seconds: number, holds: () => Promise<boolean>) =>
  until(what, seconds, async () => ((await holds()) ? true : undefined), story.progress)

/** Waits for a report of the reconciler beyond the `before` that there were. */
const untilReported = (story: Story, type: string, before = 0) =>
  untilTrue(story, type, 90, async () => (await countOf(story, type)) > before)

const resources = ({ account, projectId }: Story) => account.resourcesOf(projectId)

const desktopOf = async (story: Story, personId: string) =>
  (await resources(story)).desktops.find(({ tags }) => tags['renkei:person'] === personId)

/** Whether a desktop is admitted to every database, as far as its own sets go. */
const granted = ({ databases }: Story, desktop: Desktop | undefined) =>
  databases.every(({ id }) => desktop?.tags[grantedTag(id)] === 'true')

/** Both layers at once: in the firewall's blocked set, out of every granted one. */
const shutOff = (desktop: Desktop | undefined) =>
  desktop?.tags[BLOCKED_TAG] === 'true' && !Object.keys(desktop.tags).some((tag) => tag.startsWith(GRANTED_PREFIX))

async function provision(story: Story): Promise<Shown> {
  await untilReported(story, 'ProvisioningConverged')
  const found = await resources(story)
  const { desktops, securityGroups } = found
  const { length } = story.participants.handlers
  expectThat(desktops.length === length, `${length} desktops, found ${desktops.length}`)
  expectThat(
    desktops.every((desktop) => granted(story, desktop)),
    'every interface is in the granted sets',
  )
  expectThat(
    desktops.every(({ groups }) => securityGroups.some(({ id }) => groups.includes(id))),
    "every interface carries the project's group",
  )
  return { events: ['ProvisioningConverged'], note: resourcesInWords(found) }
}

async function suspend(story: Story): Promise<Shown> {
  const { handlers } = story.participants
  const suspect = handlers[0]!.id
  const started = Date.now()
  const shown = accepted(
    await command(story, { type: 'SuspendProject', personId: suspect, reason: 'sign-in from an unknown place' }),
    'ProjectSuspended',
  )
  await untilTrue(story, 'the desktop is cut off', 60, async () => shutOff(await desktopOf(story, suspect)))
  const seconds = (Date.now() - started) / 1000
  const others = (await resources(story)).desktops.filter(({ tags }) => tags['renkei:person'] !== suspect)
  expectThat(
    others.length === handlers.length - 1 && others.every((desktop) => !shutOff(desktop)),
    'the others work on',
  )
  return { ...shown, note: `cut off after ${seconds.toFixed(1)} s (VIS-7: 60 s)` }
}

async function resume(story: Story): Promise<Shown> {
  const suspect = story.participants.handlers[0]!.id
  const shown = accepted(
    await command(story, { type: 'ResumeProject', personId: suspect, reason: 'verified by telephone' }),
    'ProjectResumed',
  )
  await untilTrue(story, 'the desktop is granted again', 90, async () => {
    const desktop = await desktopOf(story, suspect)
    return granted(story, desktop) && desktop?.tags[BLOCKED_TAG] !== 'true'
  })
  return shown
}

async function removeHandler(story: Story): Promise<Shown> {
  const { handlers } = story.participants
  const [before, destroyed] = [await resources(story), await countOf(story, 'ResourcesDestroyed')]
  const shown = accepted(
    await command(story, { type: 'RemoveHandler', personId: handlers.at(-1)!.id, reason: 'left the organisation' }),
    'HandlerRemoved',
  )
  await untilReported(story, 'ResourcesDestroyed', destroyed)
  const gone = async () => (await resources(story)).desktops.length === handlers.length - 1
  await untilTrue(story, 'the desktop of the leaver is gone', 60, gone)
  const after = await resources(story)
  expectThat(
    before.desktops.length - after.desktops.length === 1 && after.fileSystems.length === 1,
    'only that desktop went',
  )
  return {
    events: [...shown.events, 'ResourcesDestroyed'],
    note: `${before.desktops.length} desktops → ${after.desktops.length}`,
  }
}

async function endPeriod(story: Story): Promise<Shown> {
  moveClockPast((await projectOf(story)).until)
  await invokeSweep()
  await untilReported(story, 'ProjectEnded')
  await untilReported(story, 'RemovalHeld')
  const { keys } = await resources(story)
  expectThat(
    keys.every(({ state }) => state !== 'Enabled'),
    'the key is disabled at once (C-6)',
  )
  return {
    events: ['ProjectEnded', 'RemovalHeld'],
    note: 'the key is disabled; removing it waits for two approvals (C-11)',
  }
}

async function approveRemoval(story: Story): Promise<Shown> {
  const approval = { type: 'ApproveRemoval' as const, digest: (await projectOf(story)).heldRemoval }
  const first = accepted(await command(story, approval), 'RemovalApproved')
  const again = refused(await command(story, approval))
  const second = accepted(await command(story, approval, 1), 'RemovalApproved')
  return {
    events: [...first.events, ...second.events],
    ...(again.note ? { note: `the same operator again: ${again.note}` } : {}),
  }
}

async function destroy(story: Story): Promise<Shown> {
  await untilTrue(story, 'the project is closed', 90, async () => (await projectOf(story)).status === 'closed')
  const found = await resources(story)
  expectThat(
    found.keys.every(({ state }) => state === 'PendingDeletion'),
    'the key is scheduled for deletion',
  )
  return { events: ['ResourcesDestroyed'], note: resourcesInWords(found) }
}

/** From the grant to the end of the project. */
export const projectSteps: readonly Step[] = [
  {
    id: 'provision',
    title: 'The reconciler provisions key, group, file system, users and desktops',
    run: provision,
  },
  { id: 'suspend', title: 'Abnormal use: one handler is suspended without notice', run: suspend },
  { id: 'resume', title: 'The suspicion was unfounded; they may go on', run: resume },
  { id: 'leave', title: 'One handler leaves; their desktop goes', run: removeHandler },
  { id: 'period-ends', title: 'The period ends; the sweep notices', run: endPeriod },
  { id: 'approvals', title: 'Two operators approve the removal, one twice', run: approveRemoval },
  { id: 'destroy', title: 'Everything the end event names is destroyed', run: destroy },
]
