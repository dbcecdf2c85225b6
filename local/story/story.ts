import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { verifyStream } from '#domain/ledger/verify.ts'
import type { ProvisionedResource } from '#domain/project/events.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import { japanDate } from '#domain/kernel/decider.ts'
import rules from '#policies/application/rules.json' with { type: 'json' }
import { say, secondsSince } from '#scripts/tools/console.ts'
import type { LocalAws } from '../launcher/local-aws.ts'
import { AccountView } from './account-view.ts'
import { Api, until } from './api.ts'
import { applicationSteps } from './application-steps.ts'
import { eachParticipant, participantsOf } from './participants.ts'
import { enrol } from './people.ts'
import { projectSteps } from './project-steps.ts'
import { summary, writeReport, type LedgerRow, type ResourceRow, type StepRecord, type StoryReport } from './report.ts'
import type { Step, Story } from './step.ts'

/** Days of use in the story's application; the period's end is reached by moving the functions' clock. */
const DAYS_OF_USE = 30

/** Takes one research project from its application to its end, prints each step, and writes `reports/story.json`. */
export async function tellStory(local: LocalAws, template: Readonly<Record<string, any>>): Promise<StoryReport> {
  const form = withPeriod(template)
  const story: Story = {
    api: new Api(local.apiUrl),
    participants: await eachParticipant(participantsOf(form, local.config), (person) => enrol(person, local.userPool)),
    account: new AccountView(local.simulator),
    form,
    applicationId: 'A-0001',
    projectId: '',
    databases: local.config.databases,
    checklist: rules.checklist.map((item) => item.id),
    termsVersion: rules.terms.version,
    progress: () => {},
  }
  say('\n  One research project, from application to end\n')
  const steps = await runSteps(story, [...applicationSteps(story), ...projectSteps])
  const report = await reportOf(local, story, steps)
  const file = writeReport(report)
  say(summary(report))
  say(`  report: ${file.replace(`${process.cwd()}/`, '')}`)
  if (!report.ok) say(`\n✗ the story failed at: ${failureOf(report)}`)
  return report
}

/** What is left at the end, and what the ledger says: read only where the story came to its end. */
async function reportOf(local: LocalAws, story: Story, steps: readonly StepRecord[]): Promise<StoryReport> {
  const complete = steps.every((step) => step.ok)
  const orphans = story.projectId ? await story.account.orphansOf(story.projectId) : []
  const streams = [`application/${story.applicationId}`, `project/${story.projectId}`]
  const ledger = complete ? await readLedger(story, streams, local.archiveBucket) : []
  const kept = ledger.every(({ chain, archived, records }) => chain === 'intact' && archived === records)
  return {
    ok: complete && orphans.length === 0 && kept,
    steps,
    resources: complete ? await resourcesOf(story) : [],
    orphans,
    ledger,
    deployment: local.phases,
    verified: local.verified,
  }
}

const failureOf = ({ steps, orphans }: StoryReport) =>
  steps.find((step) => !step.ok)?.title ?? (orphans.length > 0 ? 'orphans' : 'the ledger')

/** The application with a period that begins today. */
function withPeriod(template: Readonly<Record<string, any>>): Readonly<Record<string, any>> {
  const day = (offset: number) => japanDate(new Date(Date.now() + offset * 86_400_000).toISOString())
  return { ...template, plan: { ...template['plan'], period: { from: day(0), until: day(DAYS_OF_USE) } } }
}

/** Runs the steps in order and stops at the first that fails. */
async function runSteps(story: Story, steps: readonly Step[]): Promise<StepRecord[]> {
  const records: StepRecord[] = []
  for (const { id, title, run } of steps) {
    const started = Date.now()
    try {
      const { events, note } = await run(story)
      records.push({ id, title, ok: true, seconds: secondsSince(started), events, ...(note ? { note } : {}) })
      say(`  ✓ ${title}`)
      if (events.length > 0) say(`      ledger: ${events.join(', ')}`)
      if (note) say(`      ${note}`)
    } catch (cause) {
      const error = (cause as Error).message
      records.push({ id, title, ok: false, seconds: secondsSince(started), events: [], error })
      say(`  ✗ ${title}\n      ${error}`)
      return records
    }
  }
  return records
}

/** What the project has now and had, as its own ledger tells it. */
async function resourcesOf({ api, participants, projectId }: Story): Promise<ResourceRow[]> {
  const { body } = await api.get(participants.operators[0], `projects/${projectId}`)
  const row =
    (fate: ResourceRow['fate']) =>
    ({ kind, id, personId }: ProvisionedResource): ResourceRow => ({
      kind,
      id,
      fate,
      ...(personId ? { person: personId } : {}),
    })
  return [
    ...(body.exists as ProvisionedResource[]).map(row('exists')),
    ...(body.destroyed as ProvisionedResource[]).map(row('destroyed')),
  ]
}

/** Reads each stream back, verifies its chain, and counts its copies in the write-once archive (C-5). */
async function readLedger(
  { api, participants }: Story,
  streams: readonly string[],
  archiveBucket: string,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = []
  for (const stream of streams) {
    const { body } = await api.get(participants.operators[0], `ledger/${stream}`)
    const records = body.events as LedgerRecord[]
    const verdict = verifyStream(stream, records)
    const archived = await until(`every record of ${stream} is in the archive`, 30, async () => {
      const count = await countArchived(archiveBucket, stream)
      return count >= records.length ? count : undefined
    })
    rows.push({
      stream,
      records: records.length,
      chain: verdict.ok ? 'intact' : `broken at ${verdict.sequence}: ${verdict.reason}`,
      head: records.at(-1)?.hash ?? '',
      archived,
    })
  }
  return rows
}

/** How many copies of a stream can be read from the archive. */
async function countArchived(Bucket: string, stream: string): Promise<number> {
  const client = new S3Client({ forcePathStyle: true })
  let count = 0
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix: `ledger/${stream}/` })) {
    await Promise.all(Contents.map(({ Key }) => client.send(new GetObjectCommand({ Bucket, Key }))))
    count += Contents.length
  }
  return count
}
