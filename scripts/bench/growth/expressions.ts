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

const unknown = (text: string) => new Error(`the counted DynamoDB does not know ${text}`)

/** The attribute that `#name` stands for, or that stands there itself. */
const nameOf = (text: string, { ExpressionAttributeNames: names = {} }: Placeholders): string => names[text] ?? text

const COMPARISONS: Readonly<Record<string, (left: string | number, right: string | number) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

/**
 * Whether a condition holds of an item, or of there being none. It knows `AND`, `OR`, `attribute_exists`,
 * `attribute_not_exists` and comparisons with values; throws for anything else.
 */
export function holds(expression: string | undefined, placeholders: Placeholders, item: Item | undefined): boolean {
  if (expression === undefined) return true
  return expression
    .split(' OR ')
    .some((each) => each.split(' AND ').every((term) => termHolds(term, placeholders, item)))
}

function termHolds(term: string, placeholders: Placeholders, item: Item | undefined): boolean {
  const [, negated, path] = /^attribute_(not_)?exists\(([#\w]+)\)$/.exec(term) ?? []
  if (path !== undefined) return (item?.[nameOf(path, placeholders)] === undefined) === (negated !== undefined)
  const [, name, sign, value] = /^([#\w]+) ([<>=]+) (:\w+)$/.exec(term) ?? []
  const compare = COMPARISONS[sign ?? '']
  if (name === undefined || value === undefined || compare === undefined) throw unknown(term)
  const left = scalar(item?.[nameOf(name, placeholders)])
  const right = scalar(placeholders.ExpressionAttributeValues?.[value])
  return left !== undefined && right !== undefined && compare(left, right)
}

/** The number that an operand gives: a value, an attribute, or `if_not_exists(attribute, value)`. */
function numberOf(operand: string, placeholders: Placeholders, item: Item): number {
  const [, path, otherwise] = /^if_not_exists\(([#\w]+), (.+)\)$/.exec(operand) ?? []
  if (path !== undefined && otherwise !== undefined)
    return numberOf(item[nameOf(path, placeholders)] === undefined ? otherwise : path, placeholders, item)
  const attribute = operand.startsWith(':')
    ? placeholders.ExpressionAttributeValues?.[operand]
    : item[nameOf(operand, placeholders)]
  if (attribute?.N === undefined) throw unknown(operand)
  return Number(attribute.N)
}

/** The item after an update of numbers, `SET a = b + c, … ADD d e, …`; throws for any other. */
export function updated(expression: string, placeholders: Placeholders, item: Item): Item {
  const [, assignments, additions] = /^SET (.+?)(?: ADD (.+))?$/.exec(expression) ?? []
  if (assignments === undefined) throw unknown(expression)
  const changed = assignments.split(/, (?=[#\w]+ = )/).map((assignment): [string, Attribute] => {
    const [, target, ...operands] = /^([#\w]+) = (.+) \+ (.+)$/.exec(assignment) ?? []
    if (target === undefined) throw unknown(assignment)
    const sum = operands.reduce((total, operand) => total + numberOf(operand, placeholders, item), 0)
    return [nameOf(target, placeholders), { N: String(sum) }]
  })
  for (const addition of additions?.split(', ') ?? []) {
    const [, target, value] = /^([#\w]+) (:\w+)$/.exec(addition) ?? []
    if (target === undefined || value === undefined) throw unknown(addition)
    const name = nameOf(target, placeholders)
    const sum = Number(item[name]?.N ?? 0) + numberOf(value, placeholders, item)
    changed.push([name, { N: String(sum) }])
  }
  return { ...item, ...Object.fromEntries(changed) }
}
