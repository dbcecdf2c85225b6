import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '../verdict.ts'
import { renderHtml } from './html.ts'

/** Writes `reports/check.json` and `reports/check.html`, each whole or not at all. */
export function writeReports(root: string, verdict: Verdict): void {
  const folder = join(root, 'reports')
  mkdirSync(folder, { recursive: true })
  const { figures: _, ...data } = verdict
  replace(join(folder, 'check.json'), `${JSON.stringify(data, undefined, 2)}\n`)
  replace(join(folder, 'check.html'), renderHtml(verdict))
}

function replace(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`
  writeFileSync(unfinished, text)
  renameSync(unfinished, file)
}
