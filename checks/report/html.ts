import { refusalLines, type Printed } from '#domain/kernel/refusal.ts'
import type { Finding } from '../finding.ts'
import type { Verdict } from '../verdict.ts'

/** Text that is safe between tags and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}

const style = `
:root { color-scheme: light dark; --ink: #1b2430; --soft: #5b6878; --paper: #fbfaf7; --card: #fff; --line: #dcdfe4; --good: #1c6b45; --bad: #a4262c; --warn: #7a5200; --accent: #274b8f }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaee; --soft: #a9b3c0; --paper: #14181e; --card: #1c222a; --line: #38414d; --good: #6fd0a0; --bad: #ff9c9c; --warn: #f0c36b; --accent: #9dbcf5 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "Hiragino Sans", "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP", sans-serif }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem } h1 small, h2 small { font-size: .75em; font-weight: 400; color: var(--soft); margin-left: .6em }
.sub { color: var(--soft); margin: 0 }
.verdict { display: inline-block; margin: 1rem 0 0; padding: .35rem .9rem; border: 2px solid currentColor; border-radius: .4rem; font-weight: 700 }
.good { color: var(--good) } .bad { color: var(--bad) } .warn { color: var(--warn) }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card) }
table { border-collapse: collapse; width: 100%; font-size: .9rem } caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line) } tr:last-child > * { border-bottom: 0 } thead th { color: var(--soft); font-weight: 600; white-space: nowrap } td.d { white-space: nowrap } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
code { font: .85em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
td:has(> code, > details > code), th:has(> code) { min-width: 16em }
.fix { color: var(--soft) } details > summary { cursor: pointer; padding: .5rem 0; color: var(--accent) } figure { margin: 0 0 1.5rem } figure { overflow-x: auto } figure svg { width: 100%; min-width: 60rem; height: auto } figcaption { color: var(--soft) }
a.skip { position: absolute; left: -99rem } a.skip:focus { left: 1rem; top: 1rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media print { body { background: #fff } details { display: block } }
`

const e = escapeHtml
const heading = (en: string, ja: string) => `<h2>${e(en)}<small lang="ja">${e(ja)}</small></h2>`
const table = (caption: string, columns: readonly string[], rows: readonly string[]) =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${e(caption)}"><table><caption>${e(caption)}</caption><thead><tr>${columns.map((column) => `<th scope="col">${e(column)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
const numberCell = (value: number | string) => `<td class="n">${e(String(value))}</td>`

/** The report as one file: no script, no outside resource, everything from outside the program escaped. */
export function renderHtml(verdict: Verdict): string {
  const errors = verdict.open.filter(({ severity }) => severity === 'error')
  const warnings = verdict.open.filter(({ severity }) => severity === 'warning')
  const resources = verdict.stacks.reduce((sum, stack) => sum + stack.resources, 0)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Renkei check: ${e(verdict.environment)}</title><style>${style}</style></head>
<body><a class="skip" href="#findings">Skip to findings</a><main>
<h1>Renkei check: ${e(verdict.environment)}<small lang="ja">連携 検査報告</small></h1>
<p class="sub">${verdict.stacks.length} stacks, ${resources} resources, judged at ${e(verdict.at.slice(0, 19).replace('T', ' '))} UTC in ${verdict.seconds.toFixed(1)} s</p>
<p class="verdict ${verdict.ok ? 'good' : 'bad'}">${verdict.ok ? '✓ Nothing open <span lang="ja">指摘なし</span>' : `✗ ${errors.length} open <span lang="ja">未処置の指摘</span>`}</p>
${heading('Checks', '検査')}
${table(
  'Checks',
  ['Check', '検査', 'Judged', 'Found', 'Open', 'Seconds'],
  verdict.checks.map(({ id, title, judged, findings, seconds }) => {
    const open = errors.filter((finding) => finding.check === id).length
    return `<tr><th scope="row">${e(title.en)}</th><td lang="ja">${e(title.ja)}</td><td>${e(judged)}</td>${numberCell(findings)}<td class="n ${open > 0 ? 'bad' : 'good'}">${open > 0 ? `✗ ${open}` : '✓ 0'}</td>${numberCell(seconds.toFixed(1))}</tr>`
  }),
)}
<div id="findings">${heading('Open findings', '未処置の指摘')}</div>
${errors.length === 0 ? '<p>None. <span lang="ja">ありません。</span></p>' : findingTable('Open findings', errors)}
${warnings.length === 0 ? '' : `<details><summary>${warnings.length} warnings <span lang="ja">警告</span></summary>${findingTable('Warnings', warnings)}</details>`}
${verdict.figures.map(({ title, svg }) => `${heading(title.en, title.ja)}<figure role="img" aria-label="${e(title.en)}">${svg}</figure>`).join('')}
${heading('Acknowledged', '承認済みの指摘')}
${acknowledgedTable(verdict)}
${heading('Stacks', 'スタック')}
${table(
  'Stacks',
  ['Stack', 'Resources'],
  verdict.stacks.map(
    ({ name, resources: count }) => `<tr><th scope="row"><code>${e(name)}</code></th>${numberCell(count)}</tr>`,
  ),
)}
${heading('Requirements', '要件')}
<p class="sub">Named by a test or by a rule of this check. <span lang="ja">試験又は規則が名指しする要件。</span></p>
${table(
  'Requirements',
  ['Id', 'Requirement', '要件', 'Tests', 'Rules'],
  verdict.requirements.map(
    ({ id, en, ja, tests, rules }) =>
      `<tr><th scope="row" class="${tests.length > 0 ? 'good' : rules.length > 0 ? 'warn' : ''}">${e(id)}</th><td>${e(en)}</td><td lang="ja">${e(ja)}</td><td>${fileList(tests)}</td><td>${fileList(rules)}</td></tr>`,
  ),
)}
</main></body></html>
`
}

const fileList = (files: readonly string[]) =>
  files.length === 0
    ? '–'
    : `<details><summary>${files.length}</summary>${files.map((file) => `<code>${e(file)}</code>`).join('<br>')}</details>`

/** The lines that the terminal has too: what, and below it why and what to do. */
function printed(finding: Printed<string>): string {
  const [what = '', ...rest] = refusalLines(finding)
  return [e(what), ...rest.map((line) => `<span class="fix">${e(line.trim())}</span>`)].join('<br>')
}

function findingTable(caption: string, findings: readonly Finding[]): string {
  return table(
    caption,
    ['Check', 'Rule', 'Where', 'What and what to do'],
    findings.map(
      ({ check, rule, path, location, what, why, next, requirement }) =>
        `<tr><td>${e(check)}</td><th scope="row"><code>${e(rule)}</code>${requirement ? `<br>${e(requirement)}` : ''}</th><td><code>${e(path)}</code>${location ? `<br><code>${e(location)}</code>` : ''}</td><td>${printed({ what, why, next })}</td></tr>`,
    ),
  )
}

/** More than a few are folded away, so that one rule of many places does not push the others off the screen. */
function paths(all: readonly string[]): string {
  const list = all.map((path) => `<code>${e(path)}</code>`).join('<br>')
  return all.length > 6 ? `<details><summary>${all.length} places</summary>${list}</details>` : list
}

function acknowledgedTable({ acknowledged }: Verdict): string {
  if (acknowledged.length === 0) return '<p>None. <span lang="ja">ありません。</span></p>'
  return table(
    'Acknowledged',
    ['Where', 'Rule', 'Reason', 'Owners', 'Until', 'Requirement'],
    [...Map.groupBy(acknowledged, ({ by }) => by)].map(
      ([by, found]) =>
        `<tr><td>${paths([...new Set(found.map(({ finding }) => finding.path))])}</td><th scope="row"><code>${e(by.rule)}</code></th><td>${e(by.reason)}</td><td>${e(by.owner)}<br>${e(by.secondOwner)}</td><td class="d">${e(by.expires)}</td><td>${e(by.requirement)}</td></tr>`,
    ),
  )
}
