import { refusalLines } from '#domain/kernel/refusal.ts'
import type { Finding } from '../finding.ts'
import type { Verdict } from '../verdict.ts'

/** How many places of one finding are written out on the terminal; the report has all. */
const shownPerRule = 5

/** What a person reads on the terminal. */
export function renderSummary(verdict: Verdict): string {
  const errors = verdict.open.filter(({ severity }) => severity === 'error')
  const warnings = verdict.open.filter(({ severity }) => severity === 'warning')
  const resources = verdict.stacks.reduce((sum, stack) => sum + stack.resources, 0)
  const covered = verdict.requirements.filter(({ tests, rules }) => tests.length + rules.length > 0).length
  const entries = new Set(verdict.acknowledged.map(({ by }) => by)).size
  return [
    `Renkei check: ${verdict.environment}, ${verdict.stacks.length} stacks, ${resources} resources`,
    '',
    ...verdict.checks.map(({ id, title, judged, seconds, findings }) =>
      [
        errors.some((finding) => finding.check === id) ? '  ✗' : '  ✓',
        title.en.padEnd(44),
        judged.padEnd(26),
        String(findings).padStart(4),
        'found',
        seconds.toFixed(1).padStart(6),
        's',
      ].join(' '),
    ),
    '',
    ...details('errors', errors),
    ...details('warnings', warnings),
    `  acknowledged: ${verdict.acknowledged.length} findings by ${entries} entries; ` +
      `requirements named by a test or rule: ${covered} of ${verdict.requirements.length}`,
    `  ${verdict.ok ? '✓ nothing open' : `✗ ${errors.length} open`}, ` +
      `${warnings.length} warnings, ${verdict.seconds.toFixed(1)} s`,
    '',
  ].join('\n')
}

function details(heading: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return []
  const byRule = [...Map.groupBy(findings, ({ check, rule }) => `${check}: ${rule}`)].sort(([a], [b]) =>
    a.localeCompare(b),
  )
  return [
    `  ${heading}`,
    ...byRule.flatMap(([rule, found]) => [
      `    ${rule}${found[0]!.requirement ? ` (${found[0]!.requirement})` : ''}`,
      ...[...Map.groupBy(found, lines)].flatMap(([text, same]) => [
        `      ${text}`,
        ...same
          .slice(0, shownPerRule)
          .map(({ path, location }) => `        ${path}${location ? ` at ${location}` : ''}`),
        ...(same.length > shownPerRule
          ? [`        … and ${same.length - shownPerRule} more; reports/check.html has all`]
          : []),
      ]),
    ]),
    '',
  ]
}

/** What is wrong and what to do, without the list of control numbers that NIST rules end with; places follow below. */
const lines = ({ what, why, next }: Finding) =>
  refusalLines({ what: what.replace(/ - \(Control IDs: .*\)\.?$/, ''), why, next }).join('\n      ')
