import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reportsDirectory } from '#scripts/tools/folders.ts'

/** One step as `reports/story.json` tells it. */
export interface StepRecord {
  readonly id: string
  readonly title: string
  readonly ok: boolean
  readonly seconds: number
  readonly events: readonly string[]
  readonly note?: string
  readonly error?: string
}

/** What the ledger says at the end: one row a stream, its chain verified from the records themselves. */
export interface LedgerRow {
  readonly stream: string
  readonly records: number
  readonly chain: 'intact' | string
  readonly head: string
  readonly archived: number
}

/** One resource that the project has or had. */
export interface ResourceRow {
  readonly kind: string
  readonly id: string
  readonly fate: 'exists' | 'destroyed'
  readonly person?: string
}

export interface StoryReport {
  readonly ok: boolean
  readonly steps: readonly StepRecord[]
  readonly resources: readonly ResourceRow[]
  readonly orphans: readonly string[]
  readonly ledger: readonly LedgerRow[]
  readonly deployment: readonly { readonly phase: string; readonly seconds: number }[]
  readonly verified: readonly { readonly resource: string; readonly posture: string }[]
}

/** Writes the report whole or not at all. */
export function writeReport(report: StoryReport): string {
  const file = join(reportsDirectory, 'story.json')
  mkdirSync(reportsDirectory, { recursive: true })
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`)
  renameSync(`${file}.new`, file)
  return file
}

const width = (text: string) =>
  [...text].reduce((sum, letter) => sum + (/[\u1100-\u9fff\uff00-\uffef]/.test(letter) ? 2 : 1), 0)
const padded = (text: string, to: number) => text + ' '.repeat(Math.max(0, to - width(text)))

/** Rows as a table with aligned columns; East Asian letters take two places. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => padded(cell, widths[column]!)).join('  ')}`.trimEnd()
  return [line(head), `  ${widths.map((each) => '─'.repeat(each)).join('  ')}`, ...rows.map(line)].join('\n')
}

/** The closing summary a person reads. */
export function summary(report: StoryReport): string {
  const steps = table(
    ['step', 'ledger events', 'seconds'],
    report.steps.map((step) => [
      `${step.ok ? '✓' : '✗'} ${step.title}`,
      step.events.join(', ') || (step.error ?? '—'),
      step.seconds.toFixed(1),
    ]),
  )
  const ledger = table(
    ['stream', 'records', 'chain', 'in the archive', 'head'],
    report.ledger.map((row) => [
      row.stream,
      String(row.records),
      row.chain,
      String(row.archived),
      row.head.slice(0, 16),
    ]),
  )
  const resources = table(
    ['what the project had', 'id', 'whose', 'now'],
    report.resources.map(({ kind, id, person = '', fate }) => [kind, id, person, fate]),
  )
  const orphans = report.orphans.length === 0 ? 'none' : report.orphans.join(', ')
  return `\n${steps}\n\n${resources}\n\n${ledger}\n\n  orphans: ${orphans}\n`
}
