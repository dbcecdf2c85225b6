import { refusalLines, type Printed } from '#domain/kernel/refusal.ts'
import type { Figure, Finding } from '../finding.ts'
import type { Verdict } from '../verdict.ts'

/** Text that is safe between tags and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)
}

const style = `
:root {
  color-scheme: light dark; --ink: #1b2430; --soft: #5b6878; --paper: #fbfaf7; --card: #fff; --line: #dcdfe4;
  --good: #1c6b45; --bad: #a4262c; --warn: #7a5200; --accent: #274b8f
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8eaee; --soft: #a9b3c0; --paper: #14181e; --card: #1c222a; --line: #38414d;
    --good: #6fd0a0; --bad: #ff9c9c; --warn: #f0c36b; --accent: #9dbcf5
  }
}
* { box-sizing: border-box }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.6 system-ui, "Hiragino Sans", "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP", sans-serif
}
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem }
h1 small, h2 small { font-size: .75em; font-weight: 400; color: var(--soft); margin-left: .6em }
.sub { color: var(--soft); margin: 0 }
.verdict {
  display: inline-block; margin: 1rem 0 0; padding: .35rem .9rem; border: 2px solid currentColor;
  border-radius: .4rem; font-weight: 700
}
.good { color: var(--good) }
.bad { color: var(--bad) }
.warn { color: var(--warn) }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; background: var(--card) }
table { border-collapse: collapse; width: 100%; font-size: .9rem }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid var(--line) }
tr:last-child > * { border-bottom: 0 }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap }
td.d { white-space: nowrap }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
code { font: .85em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere }
td:has(> code, > details > code), th:has(> code) { min-width: 16em }
.next { color: var(--soft) }
details > summary { cursor: pointer; padding: .5rem 0; color: var(--accent) }
figure { margin: 0 0 1.5rem; overflow-x: auto }
figure svg { width: 100%; min-width: 60rem; height: auto }
figcaption { color: var(--soft) }
a.skip { position: absolute; left: -99rem }
a.skip:focus { left: 1rem; top: 1rem }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
@media print { body { background: #fff } details { display: block } }
`

const e = escapeHtml
const heading = (en: string, ja: string) => `<h2>${e(en)}<small lang="ja">${e(ja)}</small></h2>`
const code = (text: string) => `<code>${e(text)}</code>`
const numberCell = (value: number | string) => `<td class="n">${e(String(value))}</td>`
const none = '<p>None. <span lang="ja">ありません。</span></p>'

function table(caption: string, columns: readonly string[], rows: readonly string[]): string {
  const head = columns.map((column) => `<th scope="col">${e(column)}</th>`).join('')
  return `<div class="scroll" tabindex="0" role="region" aria-label="${e(caption)}">
<table><caption>${e(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`
}

/** The report as one file: no script, no outside resource, everything from outside the program escaped. */
export function renderHtml(verdict: Verdict): string {
  const errors = verdict.open.filter(({ severity }) => severity === 'error')
  const warnings = verdict.open.filter(({ severity }) => severity === 'warning')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Renkei check: ${e(verdict.environment)}</title><style>${style}</style></head>
<body><a class="skip" href="#findings">Skip to findings</a><main>
<h1>Renkei check: ${e(verdict.environment)}<small lang="ja">連携 検査報告</small></h1>
${outcome(verdict, errors.length)}
${heading('Checks', '検査')}
${checkTable(verdict, errors)}
<div id="findings">${heading('Open findings', '未処置の指摘')}</div>
${errors.length === 0 ? none : findingTable('Open findings', errors)}
${warningDetails(warnings)}
${verdict.figures.map(figureSection).join('')}
${heading('Acknowledged', '承認済みの指摘')}
${acknowledgedTable(verdict)}
${heading('Stacks', 'スタック')}
${stackTable(verdict)}
${heading('Requirements', '要件')}
<p class="sub">Named by a test or by a rule of this check. <span lang="ja">試験又は規則が名指しする要件。</span></p>
${requirementTable(verdict)}
</main></body></html>
`
}

function outcome({ stacks, at, seconds, ok }: Verdict, open: number): string {
  const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0)
  const moment = e(at.slice(0, 19).replace('T', ' '))
  const counted = `${stacks.length} stacks, ${resources} resources`
  return `<p class="sub">${counted}, judged at ${moment} UTC in ${seconds.toFixed(1)} s</p>
${
  ok
    ? '<p class="verdict good">✓ Nothing open <span lang="ja">指摘なし</span></p>'
    : `<p class="verdict bad">✗ ${open} open <span lang="ja">未処置の指摘</span></p>`
}`
}

function checkTable({ checks }: Verdict, errors: readonly Finding[]): string {
  return table(
    'Checks',
    ['Check', '検査', 'Judged', 'Found', 'Open', 'Seconds'],
    checks.map(({ id, title, judged, findings, seconds }) => {
      const open = errors.filter((finding) => finding.check === id).length
      return [
        `<tr><th scope="row">${e(title.en)}</th><td lang="ja">${e(title.ja)}</td><td>${e(judged)}</td>`,
        numberCell(findings),
        `<td class="n ${open > 0 ? 'bad' : 'good'}">${open > 0 ? `✗ ${open}` : '✓ 0'}</td>`,
        `${numberCell(seconds.toFixed(1))}</tr>`,
      ].join('')
    }),
  )
}

function warningDetails(warnings: readonly Finding[]): string {
  if (warnings.length === 0) return ''
  const summary = `<summary>${warnings.length} warnings <span lang="ja">警告</span></summary>`
  return `<details>${summary}${findingTable('Warnings', warnings)}</details>`
}

const figureSection = ({ title, svg }: Figure) =>
  `${heading(title.en, title.ja)}<figure role="img" aria-label="${e(title.en)}">${svg}</figure>`

const stackTable = ({ stacks }: Verdict) =>
  table(
    'Stacks',
    ['Stack', 'Resources'],
    stacks.map(({ name, resources }) => `<tr><th scope="row">${code(name)}</th>${numberCell(resources)}</tr>`),
  )

const requirementTable = ({ requirements }: Verdict) =>
  table(
    'Requirements',
    ['Id', 'Requirement', '要件', 'Tests', 'Rules'],
    requirements.map(({ id, en, ja, tests, rules }) => {
      const covered = tests.length > 0 ? 'good' : rules.length > 0 ? 'warn' : ''
      return [
        `<tr><th scope="row" class="${covered}">${e(id)}</th><td>${e(en)}</td><td lang="ja">${e(ja)}</td>`,
        `<td>${fileList(tests)}</td><td>${fileList(rules)}</td></tr>`,
      ].join('')
    }),
  )

const fileList = (files: readonly string[]) =>
  files.length === 0 ? '–' : `<details><summary>${files.length}</summary>${files.map(code).join('<br>')}</details>`

const findingTable = (caption: string, findings: readonly Finding[]) =>
  table(
    caption,
    ['Check', 'Rule', 'Where', 'What and what to do'],
    findings.map(({ check, rule, path, location, what, why, next, requirement }) =>
      [
        `<tr><td>${e(check)}</td>`,
        `<th scope="row">${code(rule)}${requirement ? `<br>${e(requirement)}` : ''}</th>`,
        `<td>${code(path)}${location ? `<br>${code(location)}` : ''}</td>`,
        `<td>${printed({ what, why, next })}</td></tr>`,
      ].join(''),
    ),
  )

/** The lines that the terminal has too: what, and below it why and what to do. */
function printed(finding: Printed<string>): string {
  const [what = '', ...rest] = refusalLines(finding)
  return [e(what), ...rest.map((line) => `<span class="next">${e(line.trim())}</span>`)].join('<br>')
}

/** More than a few are folded away, so that one rule of many places does not push the others off the screen. */
function paths(all: readonly string[]): string {
  const list = all.map(code).join('<br>')
  return all.length > 6 ? `<details><summary>${all.length} places</summary>${list}</details>` : list
}

function acknowledgedTable({ acknowledged }: Verdict): string {
  if (acknowledged.length === 0) return none
  return table(
    'Acknowledged',
    ['Where', 'Rule', 'Reason', 'Owners', 'Until', 'Requirement'],
    [...Map.groupBy(acknowledged, ({ by }) => by)].map(([by, found]) =>
      [
        `<tr><td>${paths([...new Set(found.map(({ finding }) => finding.path))])}</td>`,
        `<th scope="row">${code(by.rule)}</th><td>${e(by.reason)}</td>`,
        `<td>${e(by.owner)}<br>${e(by.secondOwner)}</td><td class="d">${e(by.expires)}</td>`,
        `<td>${e(by.requirement)}</td></tr>`,
      ].join(''),
    ),
  )
}
