import { holds, scalar, updated, type Attribute, type Item, type Placeholders } from './expressions.ts'

/** Partition key and sort key of each table, as the control stack makes them. */
const KEYS = {
  ledger: ['stream', 'sequence'],
  view: ['view', 'id'],
  requests: ['actor', 'key'],
} as const satisfies Record<string, readonly [string, string]>
type TableName = keyof typeof KEYS

/** A page of a query holds at most 1 MB of items read, before any filter. */
const PAGE_BYTES = 1_048_576

/** A request that DynamoDB refuses: 400 with the name of the exception. */
export class Refused extends Error {
  readonly exception: string
  readonly more: object

  constructor(exception: string, more: object = {}) {
    super(exception)
    this.exception = exception
    this.more = more
  }
}

/** Where an item stands. */
interface Key {
  readonly hash: string
  readonly range: string | number
}

const keyOf = (table: TableName, item: Item): Key => {
  const [hash, range] = KEYS[table]
  return { hash: item[hash]!.S!, range: scalar(item[range])! }
}

interface Row {
  readonly key: string | number
  /** the item as JSON, as an answer carries it */
  readonly text: string
}

interface Write extends Placeholders {
  readonly TableName: TableName
  readonly Item: Item
  readonly ConditionExpression?: string
}

interface Query extends Placeholders {
  readonly TableName: TableName
  readonly KeyConditionExpression: string
  readonly FilterExpression?: string
  readonly ExclusiveStartKey?: Item
  readonly ScanIndexForward?: boolean
  readonly Limit?: number
}

interface Update extends Placeholders {
  readonly TableName: TableName
  readonly Key: Item
  readonly UpdateExpression: string
  readonly ConditionExpression?: string
}

/**
 * The tables of one platform in memory, as far as the platform uses DynamoDB: single items, queries with their page
 * limits, conditional and transactional puts. Growth is counted on these, because loading 10,000 projects into an
 * emulator takes longer than measuring them.
 */
export class Tables {
  readonly #partitions = new Map<string, Row[]>()

  /** The operations by the name that the SDK sends; each answers with JSON. */
  answer(operation: string, input: never): string {
    switch (operation) {
      case 'GetItem':
        return this.#get(input)
      case 'PutItem':
        return this.#putAll([{ Put: input }], () => new Refused('ConditionalCheckFailedException'))
      case 'Query':
        return this.#query(input)
      case 'TransactWriteItems':
        return this.#transact(input)
      case 'UpdateItem':
        return this.#update(input)
      default:
        throw new Error(`the counted DynamoDB does not know ${operation}`)
    }
  }

  /** Puts an item, whatever is there. */
  load(table: TableName, item: Item): void {
    this.loadText(table, keyOf(table, item), JSON.stringify(item))
  }

  /** The same of an item that is JSON already. */
  loadText(table: TableName, key: Key, text: string): void {
    const [rows, at, found] = this.#position(table, key)
    rows.splice(at, found ? 1 : 0, { key: key.range, text })
  }

  /** Every item of a table. */
  items(table: TableName): readonly Item[] {
    return [...this.#partitions]
      .filter(([name]) => name.startsWith(`${table}\0`))
      .flatMap(([, rows]) => rows.map(({ text }) => JSON.parse(text) as Item))
  }

  find(table: TableName, key: Item): Item | undefined {
    const [rows, at, found] = this.#position(table, keyOf(table, key))
    return found ? (JSON.parse(rows[at]!.text) as Item) : undefined
  }

  #get({ TableName, Key }: { readonly TableName: TableName; readonly Key: Item }): string {
    const [rows, at, found] = this.#position(TableName, keyOf(TableName, Key))
    return found ? `{"Item":${rows[at]!.text}}` : '{}'
  }

  #transact({ TransactItems }: { readonly TransactItems: readonly { readonly Put: Write }[] }): string {
    return this.#putAll(TransactItems, (failed) => {
      const CancellationReasons = failed.map((each) => ({ Code: each ? 'ConditionalCheckFailed' : 'None' }))
      return new Refused('TransactionCanceledException', { CancellationReasons })
    })
  }

  #putAll(writes: readonly { readonly Put: Write }[], refusal: (failed: readonly boolean[]) => Refused): string {
    const failed = writes.map(({ Put }) => !holds(Put.ConditionExpression, Put, this.find(Put.TableName, Put.Item)))
    if (failed.includes(true)) throw refusal(failed)
    for (const { Put } of writes) this.load(Put.TableName, Put.Item)
    return '{}'
  }

  #update({ TableName, Key, UpdateExpression, ConditionExpression, ...placeholders }: Update): string {
    const before = this.find(TableName, Key)
    if (!holds(ConditionExpression, placeholders, before)) throw new Refused('ConditionalCheckFailedException')
    const after = updated(UpdateExpression, placeholders, before ?? Key)
    this.load(TableName, after)
    return JSON.stringify({ Attributes: after })
  }

  /** The rows from the start key on, as many as a page holds; what a filter drops was read all the same. */
  #query(query: Query): string {
    const [hash, range] = KEYS[query.TableName]
    const { ScanIndexForward: forward = true, Limit: limit = Infinity, ExclusiveStartKey: start } = query
    const partition = partitionValue(query, hash)
    const rows = this.#rows(query.TableName, partition)
    const step = forward ? 1 : -1
    const shown: string[] = []
    let [at, read, bytes] = [forward ? 0 : rows.length - 1, 0, 0]
    if (start !== undefined) {
      const [, position, found] = this.#position(query.TableName, keyOf(query.TableName, start))
      at = forward ? position + (found ? 1 : 0) : position - 1
    }
    let last: Row | undefined
    for (; rows[at] !== undefined && read < limit && bytes < PAGE_BYTES; at += step) {
      const row = rows[at]!
      const item = JSON.parse(row.text) as Item
      if (!holds(query.KeyConditionExpression, query, item)) continue
      last = row
      read += 1
      bytes += row.text.length
      if (holds(query.FilterExpression, query, item)) shown.push(row.text)
    }
    const key = (value: string | number): Attribute => (typeof value === 'number' ? { N: `${value}` } : { S: value })
    // A page that ends at its limit names where it ended, even where nothing follows.
    const next = last !== undefined && (read >= limit || bytes >= PAGE_BYTES)
    const LastEvaluatedKey = next && JSON.stringify({ [hash]: { S: partition }, [range]: key(last!.key) })
    return (
      `{"Items":[${shown.join(',')}],"Count":${shown.length},"ScannedCount":${read}` +
      `${LastEvaluatedKey ? `,"LastEvaluatedKey":${LastEvaluatedKey}` : ''}}`
    )
  }

  #rows(table: TableName, partition: string): Row[] {
    const name = `${table}\0${partition}`
    const rows = this.#partitions.get(name) ?? []
    this.#partitions.set(name, rows)
    return rows
  }

  /** The rows of an item's partition, where in them it stands or would stand, and whether it does. */
  #position(table: TableName, { hash, range: key }: Key): readonly [rows: Row[], at: number, found: boolean] {
    const rows = this.#rows(table, hash)
    let [from, to] = [0, rows.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (rows[middle]!.key < key) from = middle + 1
      else to = middle
    }
    return [rows, from, rows[from]?.key === key]
  }
}

/** The partition that a key condition names. */
function partitionValue({ KeyConditionExpression, ...placeholders }: Query, hash: string): string {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = placeholders
  for (const term of KeyConditionExpression.split(' AND ')) {
    const [, name, value] = /^([#\w]+) = (:\w+)$/.exec(term) ?? []
    if (name !== undefined && (names[name] ?? name) === hash) return values[value!]!.S!
  }
  throw new Error(`the counted DynamoDB finds no partition in ${KeyConditionExpression}`)
}
