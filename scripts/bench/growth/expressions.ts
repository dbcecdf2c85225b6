/** An attribute as DynamoDB's JSON writes it, e.g. `{ S: 'project' }`. */
export interface Attribute {
  readonly S?: string
  readonly N?: string
  readonly [kind: string]: unknown
}
export type Item = Readonly<Record<string, Attribute>>

/** What `#name` and `:value` stand for in the expressions of a request. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>
  readonly ExpressionAttributeValues?: Item
}

/** The value of a text or a number. */
export const scalar = (attribute: Attribute | undefined): string | number | undefined =>
  attribute?.N === undefined ? attribute?.S : Number(attribute.N)

/**
 * Whether a condition holds of an item, or of there being none. It knows `AND`, `OR`, `attribute_not_exists` and
 * comparisons; throws for anything else, so that a new expression of the platform is noticed.
 */
export function holds(expression: string | undefined, placeholders: Placeholders, item: Item | undefined): boolean {
  if (expression === undefined) return true
  return expression
    .split(' OR ')
    .some((each) => each.split(' AND ').every((term) => termHolds(term, placeholders, item)))
}

function termHolds(
  term: string,
  { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Placeholders,
  item: Item | undefined,
): boolean {
  const [, absent] = /^attribute_not_exists\((#\w+)\)$/.exec(term) ?? []
  if (absent !== undefined) return item?.[names[absent]!] === undefined
  const [, name, comparison, value] = /^(#\w+) (=|<|<=|>) (:\w+)$/.exec(term) ?? []
  if (name === undefined || value === undefined) throw new Error(`the counted DynamoDB does not know ${term}`)
  const [left, right] = [scalar(item?.[names[name]!]), scalar(values[value])]
  if (left === undefined || right === undefined) return false
  if (comparison === '=') return left === right
  if (comparison === '>') return left > right
  return comparison === '<' ? left < right : left <= right
}

/** The item after an update of the form `SET #a = … + :b, … ADD #c :d`; throws for any other. */
export function updated(expression: string, placeholders: Placeholders, item: Item): Item {
  const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = placeholders
  const [, assignments, added] = /^SET (.+?)(?: ADD (.+))?$/.exec(expression) ?? []
  if (assignments === undefined) throw new Error(`the counted DynamoDB does not know ${expression}`)
  const number = (attribute: Attribute | undefined) => Number(attribute?.N ?? 0)
  const changed = assignments.split(/, (?=#\w+ = )/).map((assignment): [string, Attribute] => {
    const [, target, operand, kept, otherwise, increment] =
      /^(#\w+) = (if_not_exists\((#\w+), (:\w+)\)|:\w+) \+ (:\w+)$/.exec(assignment) ?? []
    if (target === undefined) throw new Error(`the counted DynamoDB does not know ${assignment}`)
    const from = kept === undefined ? values[operand!] : (item[names[kept]!] ?? values[otherwise!])
    return [names[target]!, { N: String(number(from) + number(values[increment!])) }]
  })
  const [, target, increment] = /^(#\w+) (:\w+)$/.exec(added ?? '') ?? []
  if (target !== undefined)
    changed.push([names[target]!, { N: String(number(item[names[target]!]) + number(values[increment!])) }])
  return { ...item, ...Object.fromEntries(changed) }
}
