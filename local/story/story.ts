import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { verifyStream } from '#domain/ledger/verify.ts'
import type { ProvisionedResource } from '#domain/project/events.ts'
import type { LedgerRecord } from '#domain/ledger/record.ts'
import { japanDate } from '#domain/kernel/decider.ts'
import rules from '#policies/application/rules.json' with { type: 'json' }
import { say, secondsSince } from '#scripts/tools/console.ts'
import type { LocalAws } from '../launcher/local-aws.ts'
import { Api, until } from './api.ts'
import { castFor, eachOf } from './cast.ts'
import { enrol, type SignedIn } from './people.ts'
import { summary, writeReport, type LedgerRow, type StepRecord, type StoryReport, type ThingRow } from './report.ts'
import { Room } from './room.ts'
import { applicationSteps, projectSteps, type Scene, type Step } from './steps.ts'

/** Days of use in the story's application; the period's end is reached by moving the functions' clock. */
const DAYS_OF_USE = 30

/** Takes one research project from its application to its end, prints each step, and writes `reports/story.json`. */
export async function tellStory(local: LocalAws, template: Readonly<Record<string, any>>): Promise<StoryReport> {
  const api = new Api(local.apiUrl)
  const form = withPeriod(template)
  const cast = await eachOf(castFor(form, local.config), (person) => enrol(person, local.userPool))
  const room = new Room(local.simulator)
  const scene: Scene = {
    api,
    cast,
    room,
    form,
    applicationId: 'A-0001',
    databases: local.config.databases,
    checklist: rules.checklist.map((item) => item.id),
    termsVersion: rules.terms.version,
    progress: () => {},
  }
  say('\n  One research project, from application to end\n')
  const steps = await runSteps([...applicationSteps(scene), ...projectSteps(scene)])
  const complete = steps.every((step) => step.ok)
  const orphans = room.projectId ? await room.orphans() : []
  const things = complete ? await accountOf(api, cast.operators[0], room) : []
  const ledger = complete
    ? await readLedger(
        api,
        cast.operators[0],
        [`application/${scene.applicationId}`, `project/${room.projectId}`],
        local.archiveBucket,
      )
    : []
  const report: StoryReport = {
    ok:
      complete && orphans.length === 0 && ledger.every((row) => row.chain === 'intact' && row.archived === row.records),
    steps,
    things,
    orphans,
    ledger,
    deployment: local.phases,
    verified: local.verified,
  }
  const file = writeReport(report)
  say(summary(report))
  say(`  report: ${file.replace(`${process.cwd()}/`, '')}`)
  if (!report.ok)
    say(
      `\n✗ the story failed at: ${steps.find((step) => !step.ok)?.title ?? (orphans.length > 0 ? 'orphans' : 'the ledger')}`,
    )
  return report
}

/** The application with a period that begins today. */
function withPeriod(template: Readonly<Record<string, any>>): Readonly<Record<string, any>> {
  const day = (offset: number) => japanDate(new Date(Date.now() + offset * 86_400_000).toISOString())
  return { ...template, plan: { ...template['plan'], period: { from: day(0), until: day(DAYS_OF_USE) } } }
}

/** Runs the steps in order and stops at the first that fails. */
async function runSteps(steps: readonly Step[]): Promise<StepRecord[]> {
  const records: StepRecord[] = []
  for (const { id, title, run } of steps) {
    const started = Date.now()
    try {
      const { events, note } = await run()
      records.push({ id, title, ok: true, seconds: secondsSince(started), events, ...(note ? { note } : {}) })
      say(
        `  ✓ ${title}${events.length > 0 ? `\n      ledger: ${events.join(', ')}` : ''}${note ? `\n      ${note}` : ''}`,
      )
    } catch (error) {
      records.push({
        id,
        title,
        ok: false,
        seconds: secondsSince(started),
        events: [],
        error: (error as Error).message,
      })
      say(`  ✗ ${title}\n      ${(error as Error).message}`)
      return records
    }
  }
  return records
}

/** What the project has now and had, as its own ledger tells it. */
async function accountOf(api: Api, reader: SignedIn, room: Room): Promise<ThingRow[]> {
  const { body } = await api.get(reader, `projects/${room.projectId}`)
  const row =
    (fate: ThingRow['fate']) =>
    ({ kind, id, personId }: ProvisionedResource): ThingRow => ({
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
  api: Api,
  reader: SignedIn,
  streams: readonly string[],
  archiveBucket: string,
): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = []
  for (const stream of streams) {
    const { body } = await api.get(reader, `ledger/${stream}`)
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

async function countArchived(bucket: string, stream: string): Promise<number> {
  const s3 = new S3Client({ forcePathStyle: true })
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `ledger/${stream}/` }))
  const bodies = await Promise.all(Contents.map(({ Key }) => s3.send(new GetObjectCommand({ Bucket: bucket, Key }))))
  return bodies.length
}
