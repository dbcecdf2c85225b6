/**
 * EventBridge's matching, for the operators that `policies/foundation/detection/` uses (Amazon EventBridge user guide,
 * event patterns).
 */

const wildcard = (pattern: string, value: string) =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  ).test(value)

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

function compare(value: number, operator: unknown, bound: unknown): boolean {
  const limit = bound as number
  switch (operator) {
    case '=':
      return value === limit
    case '<':
      return value < limit
    case '<=':
      return value <= limit
    case '>':
      return value > limit
    case '>=':
      return value >= limit
    default:
      throw new Error(`unknown numeric operator ${String(operator)}`)
  }
}

/** Whether one matcher of a pattern's list holds for one value of the event. */
function holds(matcher: unknown, value: unknown): boolean {
  if (matcher === null || typeof matcher !== 'object') return matcher === value
  const [operator, operand] = Object.entries(matcher)[0]!
  switch (operator) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(operand as string)
    case 'wildcard':
      return typeof value === 'string' && asList(operand).some((one) => wildcard(one as string, value))
    case 'anything-but':
      return value !== undefined && !asList(operand).some((one) => holds(one, value))
    case 'numeric': {
      if (typeof value !== 'number') return false
      const parts = operand as unknown[]
      for (let index = 0; index < parts.length; index += 2)
        if (!compare(value, parts[index], parts[index + 1])) return false
      return true
    }
    default:
      throw new Error(`the matcher does not know the operator ${operator}: add it with its documentation`)
  }
}

/** Whether EventBridge would hand the event to a rule of this pattern. */
export function matches(pattern: any, event: any): boolean {
  // An array of objects matches where one of its elements does.
  if (Array.isArray(event)) return event.some((element) => matches(pattern, element))
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return (expected as unknown[]).some((alternative) => matches(alternative, event))
    const value = event?.[field]
    if (Array.isArray(expected)) return asList(value).some((one) => expected.some((matcher) => holds(matcher, one)))
    return value !== undefined && matches(expected, value)
  })
}
