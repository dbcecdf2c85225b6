import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { App, Stack } from 'aws-cdk-lib'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'
import { loneTemplate, type StackTemplate } from '#checks/assembly.ts'
import { lintTemplates } from '#checks/cfn-lint.ts'
import { requirementOf, type Finding } from '#checks/finding.ts'
import { guardTemplates, ruleFiles, ruleNames } from '#checks/guard.ts'
import { limitFindings } from '#checks/limits/check.ts'
import { loadLimits } from '#checks/limits/limit.ts'
import { nagFindings } from '#checks/nag.ts'
import { RUNTIME_STACK, runtimeTemplate } from '#checks/runtime.ts'
import { validateTemplates } from '#checks/template-validation.ts'
import type { Template } from '#checks/template.ts'
import { loadConfig } from '#lib/kernel/config/load.ts'
import { demoAssembly, productionAssembly } from '../support/assembly.ts'
import { full } from '../support/effort.ts'
import { expectThat } from '../support/expect.ts'
import { weakened, type Weakening } from './weakened/weakening.ts'
import { weakenings } from './weakened/weakenings.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, '.renkei', 'test', 'weakened')
const limits = loadLimits(root)
const app = new App()
const key = ({ rule, path }: Finding) => `${rule} ${path}`

/** The template a row begins with: as synthesized, or as the provisioner would make it. */
function original({ stack, production }: Weakening): Template {
  if (stack === RUNTIME_STACK)
    return runtimeTemplate(loadConfig(join(root, 'config', 'demo.yaml'), new Date('2026-11-22'))) as unknown as Template
  return (production ? productionAssembly() : demoAssembly()).template(stack) as Template
}

/** Writes a template that stands alone to disk, because some tools read files only. */
function place(name: string, file: string, template: Template): StackTemplate {
  const path = join(folder, `${file}.template.json`)
  writeFileSync(path, JSON.stringify(template))
  return loneTemplate(name, path, template, 'ap-northeast-1')
}

/** A row with its template before and after; rows of one stack share the one before. */
interface Placed {
  readonly row: Weakening
  readonly before: StackTemplate
  readonly after: StackTemplate
}

function placeRows(): Placed[] {
  const originals = new Map<string, StackTemplate>()
  return weakenings.flatMap((row, index) => {
    const name = `${row.production ? 'production' : 'demo'}-${row.stack}`
    if (!originals.has(name)) originals.set(name, place(row.stack, name, original(row)))
    const before = originals.get(name)!
    try {
      return [{ row, before, after: place(row.stack, String(index), weakened(before.template, row)) }]
    } catch {
      return []
    }
  })
}

/**
 * Guard's findings by template, in as few runs as may be. Everyday, a weakened template meets the file of its rule
 * only; in full, all rules.
 */
async function guardFindings(placed: readonly Placed[]): Promise<Map<StackTemplate, Finding[]>> {
  const findings = new Map<StackTemplate, Finding[]>()
  const judge = async (stacks: readonly StackTemplate[], files: readonly string[]) => {
    // Named by number, so that each finding comes back to the one template it is about.
    const found = await guardTemplates(
      stacks.map((stack, index) => ({ ...stack, name: String(index) })),
      files,
    )
    stacks.forEach((stack, index) =>
      findings.set(
        stack,
        found
          .filter(({ path }) => path.split('/')[0] === String(index))
          .map((finding) => ({ ...finding, path: finding.path.replace(/^\d+/, stack.name) })),
      ),
    )
  }
  for (const [production, rows] of Map.groupBy(placed, ({ row }) => row.production ?? false)) {
    const files = ruleFiles(root, production)
    await judge([...new Set(rows.map(({ before }) => before))], files)
    const fileOf = ({ row }: Placed) =>
      full ? 'all' : (files.find((file) => ruleNames([file]).includes(row.rule)) ?? 'none')
    for (const [file, group] of Map.groupBy(rows, fileOf))
      await judge(
        group.map(({ after }) => after),
        file === 'all' ? files : [file],
      )
  }
  return findings
}

/** The template as constructs, which is what cdk-nag judges. */
function included(stack: StackTemplate): Stack {
  const scope = new Stack(new App(), 'Included')
  new CfnInclude(scope, 'Template', { templateFile: stack.file })
  return scope
}

type Judge = (stack: StackTemplate) => Finding[] | Promise<Finding[]>
const judged = new Map<Weakening, { before: readonly Finding[]; after: readonly Finding[] }>()

describe('a weakened template is caught by the check that is meant to catch it', () => {
  beforeAll(async () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const placed = placeRows()
    const guarded = await guardFindings(placed.filter(({ row }) => row.check === 'guard'))
    const judges: Record<Weakening['check'], Judge> = {
      guard: (stack) => guarded.get(stack)!,
      limits: (stack) => limitFindings([stack], limits),
      template: (stack) => validateTemplates([stack], app),
      'cfn-lint': (stack) => lintTemplates([stack], root),
      nag: (stack) => nagFindings(included(stack)),
    }
    for (const { row, before, after } of placed)
      judged.set(row, { before: await judges[row.check](before), after: await judges[row.check](after) })
  })

  for (const row of weakenings) {
    test(`[${row.requirement}] ${row.stack}: ${row.name}`, () => {
      const found = judged.get(row)
      assert.ok(found, `${row.stack} has nothing of the kind to weaken; correct the row`)
      const rules = [row.rule, ...(row.also ?? [])].sort()
      expectThat(found.before.filter(({ rule }) => rules.includes(rule)).map(key), 'the rule holds before').toEqual([])
      const known = new Set(found.before.map(key))
      const caught = found.after.filter((finding) => finding.severity === 'error' && !known.has(key(finding)))
      expect([...new Set(caught.map(({ rule }) => rule))].sort()).toEqual(rules)
    })
  }
})

test('[C-8] there are at least forty weakenings, and no two are the same', () => {
  assert.ok(weakenings.length >= 40)
  expect(new Set(weakenings.map(({ stack, name }) => `${stack} ${name}`)).size).toBe(weakenings.length)
})

test('[C-8] every sentence of a Guard rule carries the requirement that the rule is named after', () => {
  const strangers = ruleFiles(root, true).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split(/^(?=rule )/m)
      .flatMap((text) => {
        const name = /^rule (\w+)/.exec(text)?.[1] ?? ''
        return [...text.matchAll(/<<\[([A-Z]+-\d+)\]/g)]
          .filter(([, id]) => id !== requirementOf(name))
          .map(([, id]) => `${name}: ${id}`)
      }),
  )
  expect(strangers).toEqual([])
})

test('[C-8] every rule of policies/checks/guard is held to a weakening', () => {
  const held = new Set(weakenings.map(({ rule }) => rule))
  expect(ruleNames(ruleFiles(root, true)).filter((rule) => !held.has(rule))).toEqual([])
})
