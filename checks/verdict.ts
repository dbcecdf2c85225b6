import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { judge, loadAcknowledgements, type Judged } from './acknowledgements.ts'
import { cfnLint } from './cfn-lint.ts'
import { coverage, type Covered } from './coverage.ts'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import type { Check, Figure, Finding, Subject } from './finding.ts'
import { guard } from './guard.ts'
import { limitsCheck } from './limits/check.ts'
import { nag } from './nag.ts'
import { networkProof } from './network.ts'
import { templateValidation } from './template-validation.ts'

/** Every check, the one with child processes first so that it works beside the others. */
const checks: readonly Check[] = [cfnLint, guard, nag, templateValidation, limitsCheck, networkProof]

/** What one check came to. */
interface CheckVerdict {
  readonly id: string
  readonly title: Bilingual
  readonly judged: string
  readonly seconds: number
  readonly findings: number
}

/** What all checks came to. */
export interface Verdict extends Judged {
  readonly environment: string
  /** when it was judged, UTC */
  readonly at: string
  /** no open error */
  readonly ok: boolean
  readonly seconds: number
  readonly stacks: readonly { readonly name: string; readonly resources: number }[]
  readonly checks: readonly CheckVerdict[]
  readonly requirements: readonly Covered[]
  readonly figures: readonly Figure[]
}

/** Runs every check and holds the findings against the acknowledgements. */
export async function reachVerdict(subject: Subject, now: Date): Promise<Verdict> {
  const started = performance.now()
  const acknowledgements = loadAcknowledgements(join(subject.root, 'policies', 'checks', 'acknowledgements.yaml'))
  const outcomes = await Promise.all(checks.map((check) => timed(check, subject)))
  const covered = coverage(subject.root)
  const findings: Finding[] = [...outcomes.flatMap(({ outcome }) => outcome.findings), ...covered.findings]
  const judged = judge(findings, acknowledgements, subject.config, now.toISOString().slice(0, 10))
  return {
    ...judged,
    environment: subject.config.environment,
    at: now.toISOString(),
    ok: judged.open.every(({ severity }) => severity !== 'error'),
    seconds: seconds(started),
    stacks: subject.assembly.stacks.map(({ name, template }) => ({
      name,
      resources: Object.keys(template.Resources).length,
    })),
    checks: outcomes.map(({ check, outcome, took }) => ({
      id: check.id,
      title: check.title,
      judged: outcome.judged,
      seconds: took,
      findings: outcome.findings.length,
    })),
    requirements: covered.requirements,
    figures: outcomes.flatMap(({ outcome }) => outcome.figures ?? []),
  }
}

async function timed(check: Check, subject: Subject) {
  const started = performance.now()
  const outcome = await check.run(subject)
  return { check, outcome, took: seconds(started) }
}

const seconds = (started: number) => Math.round((performance.now() - started) / 100) / 10
