import { Validations, type App } from 'aws-cdk-lib'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Config } from '../config/load.ts'
import { pathBelowStage } from './assembly.ts'
import type { Finding } from './finding.ts'
import { CallerMistake } from './python-tools.ts'

/** How long one approval may stand before two people look again. */
const longestDays = 366
const millisecondsPerDay = 86_400_000

const words = z.string().trim().min(1)
const entry = z.strictObject({
  path: words.regex(/^[^*?]+$/, 'write the exact construct path; only <DB>, <cell> and <env> stand for more than themselves'),
  rule: words,
  reason: words.min(40, 'say why the finding is acceptable here, in a sentence of at least 40 characters'),
  owner: words,
  secondOwner: words,
  expires: z.iso.date(),
  requirement: z.string().regex(/^[A-Z]+-\d+$/),
  environments: z.array(words).min(1).optional().describe('where the finding exists in some environments only'),
}).refine(({ owner, secondOwner }) => owner !== secondOwner, { path: ['secondOwner'], message: 'two different owners answer for an acknowledgement' })

/** A finding that two people decided to live with until a day (C-8). */
export type Acknowledgement = z.infer<typeof entry>

/** What the acknowledgements leave of the findings. */
export interface Judged {
  readonly open: readonly Finding[]
  readonly acknowledged: readonly { readonly finding: Finding, readonly by: Acknowledgement }[]
}

/**
 * Reads `policies/acknowledgements.yaml`.
 * @throws CallerMistake with the place and the reason of the first fault
 */
export function loadAcknowledgements(file: string): Acknowledgement[] {
  const result = z.array(entry).safeParse(parse(readFileSync(file, 'utf8')) ?? [])
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new CallerMistake(`${file}: entry ${issue!.path.map((key) => (typeof key === 'number' ? key + 1 : String(key))).join(', ')} cannot be read`, issue!.message, 'correct the entry; its fields are path, rule, reason, owner, secondOwner, expires, requirement and perhaps environments')
}

/**
 * Takes acknowledged errors out of the findings. An acknowledgement that has expired, reaches too far into the future, or
 * matches nothing is itself a finding, so that the list never holds more than what is decided and in force.
 * @param today calendar date, `2026-11-22`
 */
export function judge(findings: readonly Finding[], acknowledgements: readonly Acknowledgement[], config: Config, today: string): Judged {
  const used = new Set<Acknowledgement>()
  const matchers = acknowledgements.filter((one) => holdsIn(one, config)).map((by) => ({ by, pairs: new Set(expand(by, config).map(({ path, rule }) => `${path}\0${rule}`)) }))
  const open: Finding[] = []
  const acknowledged: { finding: Finding, by: Acknowledgement }[] = []
  for (const finding of findings) {
    const match = matchers.find(({ pairs }) => finding.severity === 'error' && pairs.has(`${finding.path}\0${finding.rule}`))
    if (match) {
      used.add(match.by)
      acknowledged.push({ finding, by: match.by })
    } else {
      open.push(finding)
    }
  }
  return { open: [...open, ...matchers.flatMap(({ by }) => faultsOf(by, used.has(by), today))], acknowledged }
}

/** Writes the acknowledgements onto the constructs they name, for the validation that runs inside `cdk synth` and `cdk deploy`. */
export function acknowledgeOnConstructs(app: App, acknowledgements: readonly Acknowledgement[], config: Config): void {
  const byPath = new Map(app.node.findAll().map((construct) => [pathBelowStage(construct), construct]))
  for (const { path, rule, reason } of acknowledgements.filter((one) => holdsIn(one, config)).flatMap((one) => expand(one, config))) {
    const construct = byPath.get(path)
    if (construct) Validations.of(construct).acknowledge({ id: templateRule.test(rule) ? `CloudFormation-Validate::${rule}` : rule, reason })
  }
}

/** Rules of aws-cdk-lib's own validation are a letter and four digits; they live under that plugin's name. */
const templateRule = /^[EFW]\d{4}$/

const holdsIn = ({ environments }: Acknowledgement, config: Config) => environments === undefined || environments.includes(config.environment)

/** One acknowledgement for each database and cell that its placeholders stand for. */
function expand(acknowledgement: Acknowledgement, config: Config): Pick<Acknowledgement, 'path' | 'rule' | 'reason'>[] {
  const { path, rule, reason } = acknowledgement
  const databases = path.includes('<DB>') || rule.includes('<DB>') ? config.databases.map(({ id }) => id) : ['']
  const cells = path.includes('<cell>') || rule.includes('<cell>') ? config.cells.map(({ id }) => String(id)) : ['']
  return databases.flatMap((database) => cells.map((cell) => {
    const fill = (text: string) => text.replaceAll('<DB>', database).replaceAll('<cell>', cell).replaceAll('<env>', config.environment)
      .replaceAll('<region>', config.region).replaceAll('<workload>', config.accounts.workload).replaceAll('<log>', config.accounts.log)
    return { path: fill(path), rule: fill(rule), reason }
  }))
}

function faultsOf(acknowledgement: Acknowledgement, matched: boolean, today: string): Finding[] {
  const days = (Date.parse(acknowledgement.expires) - Date.parse(today)) / millisecondsPerDay
  const fault = (rule: string, message: string, fix: string): Finding => ({ check: 'acknowledgements', rule, severity: 'error', path: acknowledgement.path, message, fix, requirement: 'C-8' })
  return [
    ...(days < 0 ? [fault('expired', `the acknowledgement of ${acknowledgement.rule} expired on ${acknowledgement.expires}`, 'remove the cause, or have both owners decide again and write a new date')] : []),
    ...(days > longestDays ? [fault('too-long', `the acknowledgement of ${acknowledgement.rule} stands until ${acknowledgement.expires}`, `write a date at most ${longestDays} days from now`)] : []),
    ...(matched ? [] : [fault('unmatched', `the acknowledgement of ${acknowledgement.rule} matches no finding`, 'delete the entry: what it spoke of is gone, or its path or rule is misspelt')]),
  ]
}
