/**
 * CloudWatch Logs' JSON filter patterns, as far as `policies/foundation/detection/` uses them: `=`, `!=`, `NOT EXISTS`,
 * `&&`, `||`, brackets, and `*` in quoted values (CloudWatch Logs user guide, filter pattern syntax). A selector
 * without a value in the record satisfies no comparison.
 */
export function filterMatches(filter: string, record: unknown): boolean {
  const tokens = filter.match(/\{|\}|\(|\)|&&|\|\||!=|=|NOT EXISTS|"[^"]*"|\$[.\w]+/g) ?? []
  let position = 0
  const take = (expected?: string): string => {
    const token = tokens[position]
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`filter: ${expected ?? 'a token'} expected, found ${token}`)
    position += 1
    return token
  }
  const select = (selector: string): unknown =>
    selector
      .split('.')
      .slice(1)
      .reduce<any>((value, name) => value?.[name], record)
  const equal = (text: string, value: unknown) =>
    new RegExp(
      `^${text
        .split('*')
        .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    ).test(String(value))
  const term = (): boolean => {
    if (tokens[position] === '(') {
      take('(')
      const value = either()
      take(')')
      return value
    }
    const value = select(take())
    const operator = take()
    if (operator === 'NOT EXISTS') return value === undefined
    const same = equal(take().slice(1, -1), value)
    return value !== undefined && (operator === '=' ? same : !same)
  }
  const both = (): boolean => {
    let value = term()
    while (tokens[position] === '&&') {
      take()
      const next = term()
      value &&= next
    }
    return value
  }
  const either = (): boolean => {
    let value = both()
    while (tokens[position] === '||') {
      take()
      const next = both()
      value ||= next
    }
    return value
  }
  take('{')
  const value = either()
  take('}')
  return value
}
