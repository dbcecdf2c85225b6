import { marshall } from '@aws-sdk/util-dynamodb'
import type { Actor } from '#domain/kernel/decider.ts'
import { emptyHead, sealEvents } from '#domain/ledger/record.ts'
import { projectAggregate } from '#domain/project/aggregate.ts'
import { cellAggregate, cellDecider, cellStream, type CellEvent } from '#domain/project/cell.ts'
import type { ProjectEvent } from '#domain/project/events.ts'
import { updateViews } from '#lambda/ledger/view.ts'
import { viewPort } from '#lambda/ledger/sources.ts'
import type { CountedAws } from './counted-aws.ts'
import type { Item } from './expressions.ts'
import { Tables } from './tables.ts'

/** How much there has been. */
export interface Extent {
  /** projects */
  readonly ever: number
  /** projects that are open still; the others closed long ago */
  readonly open: number
  /** seats that were taken and given back, in each cell */
  readonly seats: number
}

/** Cells that a grant chooses from. */
export const CELLS = [1, 2].map((id) => ({ id, projects: 180 }))
/** A handler of the first few projects, whose own list stays short. */
export const HANDLER = 'p.tanaka'
export const PROJECTS_OF_HANDLER = 5
/** Projects that have a seat in a cell at one time. */
const OCCUPANTS = 50

const AT = '2026-06-15T03:00:00.000Z'
const actor: Actor = { id: 'system/bench', organisation: 'renkei', roles: ['system'], factors: [] }
/** What stands for the number of a project in the rows that are copied for each. */
const NUMBER = 'xxxxxx'
const numberOf = (index: number) => String(index).padStart(NUMBER.length, '0')
/** Never reached while the bench runs. */
const UNTIL = '2999-03-31'

export const projectId = (index: number) => `P-${numberOf(index)}`

const opened = (number: string, handlers: readonly string[]): ProjectEvent => ({
  type: 'ProjectOpened',
  projectId: `P-${number}`,
  applicationId: `P-${number}`,
  databases: ['NDB', 'DPC'],
  handlers: handlers.map((personId) => ({ personId, organisation: '東都医科大学' })),
  cell: 1,
  from: '2026-06-01',
  until: UNTIL,
  applicant: { organisation: '東都医科大学', persons: [`a-${number}`] },
})

/** The tables after so many projects, each with its record and its rows in the view, and cells with as many events. */
export async function platformOf(aws: CountedAws, { ever, open, seats }: Extent): Promise<Tables> {
  const tables = new Tables()
  const rows = {
    handlers: await rowsOf(aws, [HANDLER, `h-${NUMBER}`], 'open'),
    open: await rowsOf(aws, [`g-${NUMBER}`, `h-${NUMBER}`], 'open'),
    closed: await rowsOf(aws, [`g-${NUMBER}`, `h-${NUMBER}`], 'closed'),
  }
  for (let index = 0; index < ever; index += 1) {
    const kind = index < PROJECTS_OF_HANDLER ? 'handlers' : index < open ? 'open' : 'closed'
    const number = numberOf(index)
    const numbered = (text: string) => text.replaceAll(NUMBER, number)
    for (const { view, id, text } of rows[kind])
      tables.loadText('view', { hash: numbered(view), range: numbered(id) }, numbered(text))
    record(tables, `project/${projectId(index)}`, [opened(number, [`g-${number}`, `h-${number}`])])
  }
  for (const { id } of CELLS) record(tables, cellStream(id), seatEvents(seats))
  return tables
}

/** A row of the view, with its keys beside its JSON. */
interface Row {
  readonly view: string
  readonly id: string
  readonly text: string
}

/** The rows that the projection itself stores of a project, as text; marks of a closed one are gone after a week. */
async function rowsOf(aws: CountedAws, handlers: readonly string[], status: 'open' | 'closed'): Promise<Row[]> {
  const tables = new Tables()
  const { decider } = projectAggregate
  const state = { ...decider.evolve(decider.initial, opened(NUMBER, handlers)), status }
  await aws.count(tables, () => updateViews(viewPort(), projectAggregate, { id: `P-${NUMBER}`, version: 1, state }))
  return tables
    .items('view')
    .filter(({ expires }) => expires === undefined)
    .map((item) => ({ view: item['view']!.S!, id: item['id']!.S!, text: JSON.stringify(item) }))
}

/** Seats taken until the cell holds as many as it does, then given back and taken in turns. */
function seatEvents(events: number): readonly CellEvent[] {
  const made: CellEvent[] = []
  let state = cellAggregate.decider.initial
  for (let index = 0; made.length < events; index += 1) {
    const { occupants } = state
    const full = occupants.length >= OCCUPANTS
    const command = {
      type: full ? 'ReturnSeat' : 'TakeSeat',
      projectId: full ? occupants[0]! : projectId(index),
    } as const
    const decision = cellDecider.decide(state, command, { now: AT, actor })
    if (!decision.ok) throw new Error('a seat was refused')
    made.push(...decision.events)
    for (const event of decision.events) state = cellDecider.evolve(state, event)
  }
  return made
}

function record(tables: Tables, stream: string, events: readonly unknown[]): void {
  for (const sealed of sealEvents(stream, emptyHead, events, { at: AT, actor }))
    tables.load(
      'ledger',
      marshall({ ...sealed, signature: 'c2lnbmF0dXJl', keyId: 'receipts' }, { removeUndefinedValues: true }) as Item,
    )
}
