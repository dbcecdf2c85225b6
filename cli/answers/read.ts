import { stringify } from 'yaml'
import { apiOf, type ApiOptions } from '../api.ts'
import { columns, printable, tellRefusals } from '../output.ts'

/** One page of a list, or all of them one after the other. */
export async function listPage(
  plural: string,
  options: ApiOptions & { readonly after?: string; readonly all: boolean },
): Promise<void> {
  const api = await apiOf(options)
  const rows: Record<string, unknown>[] = []
  let next = options.after
  do {
    const page = await api.get(next === undefined ? plural : `${plural}?after=${encodeURIComponent(next)}`)
    if (page.status >= 300) return tellRefusals(page.refusals, options)
    rows.push(...page.body[plural])
    next = page.body.next
    // what stands on a page may be others': go on until there is something to show
  } while (next !== undefined && (options.all || rows.length === 0))
  if (options.json) return console.log(JSON.stringify({ [plural]: rows, ...(next !== undefined && { next }) }, null, 2))
  const heads = headsOf(rows)
  console.log(
    columns(
      heads,
      rows.map((row) => heads.map((head) => cell(row[head]))),
      `no ${plural}`,
    ),
  )
  if (next === undefined) return
  const as = options.as === undefined ? '' : ` --as ${printable(options.as)}`
  console.log(`\nmore: ./renkei list ${plural} --env ${options.env}${as} --after ${printable(next)}`)
}

/** One aggregate, or its events page by page. */
export async function showOne({
  name,
  plural,
  id,
  options,
}: {
  readonly name: string
  readonly plural: string
  readonly id: string
  readonly options: ApiOptions & { readonly events: boolean }
}): Promise<void> {
  const api = await apiOf(options)
  const path = encodeURIComponent(id)
  if (!options.events) {
    const one = await api.get(`${plural}/${path}`)
    if (one.status >= 300) return tellRefusals(one.refusals, options)
    return console.log(options.json ? JSON.stringify(one.body, null, 2) : yaml(one.body))
  }
  const events: unknown[] = []
  let next: string | undefined
  do {
    const page = await api.get(`ledger/${name}/${path}${next === undefined ? '' : `?after=${next}`}`)
    if (page.status >= 300) return tellRefusals(page.refusals, options)
    events.push(...page.body.events)
    next = page.body.next
  } while (next !== undefined)
  console.log(options.json ? JSON.stringify(events, null, 2) : yaml(events))
}

const yaml = (value: unknown) => stringify(value, { lineWidth: 110 }).trimEnd().split('\n').map(printable).join('\n')

/** Columns for what is short; the whole is `renkei show`. */
const headsOf = (rows: readonly Record<string, unknown>[]): readonly string[] =>
  [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((head) => rows.some((row) => cell(row[head]) !== ''))

function cell(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return printable(value.join(' '))
  if (Array.isArray(value)) return value.length === 0 ? '' : String(value.length)
  if (typeof value === 'object' && value !== null) return printable((value as { personId?: string }).personId ?? '')
  return printable(value).slice(0, 40)
}
