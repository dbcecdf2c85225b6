import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { desiredOf } from '#domain/project/provisioning/desired.ts'
import { plan } from '#domain/project/provisioning/plan.ts'
import { runs, seed } from '#test/support/effort.ts'
import { passes, trial, type Product } from './trial.ts'

test('[C-10] [C-11] on lagging views, failing calls and stopped passes the plan breaks no rule and converges', () => {
  fc.assert(
    fc.property(passes, (script) => {
      expect(trial({ plan, desiredOf }, script)).toEqual([])
    }),
    { numRuns: runs(300, 20_000), seed },
  )
})

const root = join(import.meta.dirname, '..', '..', '..')
const mutants = join(root, '.renkei', 'test', `provisioning-mutants-${process.pid}`)
afterAll(() => {
  rmSync(mutants, { recursive: true, force: true })
})

/** Rules taken out of the product one at a time; the trial must notice each. */
const mutations: readonly {
  readonly rule: string
  readonly file: string
  readonly from: string
  readonly to: string
  readonly notices: string
}[] = [
  {
    rule: 'nothing is destroyed that was not named',
    file: 'removal.ts',
    from: '.filter(({ named }) => named.desktop)',
    to: ".filter(({ access }) => access !== 'granted')",
    notices: 'a desktop is removed unnamed',
  },
  {
    rule: 'an absence must last',
    file: 'plan-builder.ts',
    from: '>= this.limits.settleSeconds) return true',
    to: '>= 0) return true',
    notices: 'a user is deleted before the desktop',
  },
  {
    rule: 'unseen is not absent',
    file: 'plan-builder.ts',
    from: 'return found.seen ? found :',
    to: "return found.seen ? found : what === 'the key' ? { value: [] as never } :",
    notices: 'a second key is made',
  },
  {
    rule: 'an asked-for desktop is waited for',
    file: 'plan-person.ts',
    from: 'if (builder.fresh(desktopIntent(userName))) {',
    to: "if (builder.fresh('')) {",
    notices: 'a second desktop is asked for',
  },
  {
    rule: 'the group comes before the granted tag',
    file: 'plan-person.ts',
    from: 'const right = groupsRight && groundwork.complete && granted',
    to: 'const right = granted',
    notices: 'a granted tag comes before the group',
  },
  {
    rule: 'the policy comes before the mount target',
    file: 'plan-store.ts',
    from: 'after: before,',
    to: 'after: [],',
    notices: 'a mount target comes before the policy',
  },
  {
    rule: 'a key needs two approvals',
    file: 'removal.ts',
    from: '&& !desired.approved.includes(removal.digest)) return removal',
    to: '&& false) return removal',
    notices: 'a key is removed unnamed or unapproved',
  },
  {
    rule: "each approval is another person's",
    file: '../approvals.ts',
    from: 'APPROVALS_NEEDED = 2',
    to: 'APPROVALS_NEEDED = 1',
    notices: 'a key is removed unnamed or unapproved',
  },
  {
    rule: 'the desktop goes before its user',
    file: 'removal.ts',
    from: 'if (!gone) return',
    to: 'if (gone === undefined) return',
    notices: 'a user is deleted before the desktop',
  },
  {
    rule: 'who is named is looked for until there is evidence',
    file: 'desired.ts',
    from: 'destroyedOfTheirs.some((resource) => resource.kind === kind)',
    to: 'true',
    notices: 'something is orphaned at the end',
  },
  {
    rule: 'who is suspended is shut off',
    file: 'desired.ts',
    from: 'project.suspendedPersons.includes(personId)',
    to: 'false',
    notices: 'who is let out is not who the grant names',
  },
]

for (const [index, { rule, file, from, to, notices }] of mutations.entries()) {
  test(`[C-11] without the rule "${rule}" the trial fails`, async () => {
    const folder = join(mutants, String(index))
    mkdirSync(folder, { recursive: true })
    cpSync(join(root, 'domain'), join(folder, 'domain'), { recursive: true })
    const path = join(folder, 'domain', 'project', 'provisioning', file)
    const source = readFileSync(path, 'utf8')
    assert.ok(source.includes(from), `${file} no longer has: ${from}`)
    writeFileSync(path, source.replace(from, to))
    const provisioning = join(folder, 'domain', 'project', 'provisioning')
    const mutant = {
      ...((await import(join(provisioning, 'plan.ts'))) as Pick<Product, 'plan'>),
      ...((await import(join(provisioning, 'desired.ts'))) as Pick<Product, 'desiredOf'>),
    }
    const found = fc.check(
      fc.property(passes, (script) => !trial(mutant, script).includes(notices)),
      { numRuns: 2_000, seed: 7, endOnFailure: true },
    )
    assert.ok(found.failed, `nothing noticed: ${notices}`)
  })
}
