import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../tools/free-port.ts'
import { root } from '../tools/folders.ts'
import { run } from '../tools/run.ts'

/** The part of the story's report that is read here. */
interface Report {
  readonly deployment: readonly { readonly phase: string; readonly seconds: number }[]
}

/** Seconds of `cdk deploy` of the control plane to a local AWS of its own, as the story's report tells it. */
export async function deploySeconds(): Promise<number> {
  const state = mkdtempSync(join(tmpdir(), 'renkei-bench-'))
  try {
    const outcome = await run(process.execPath, [join(root, 'local', 'start.ts'), '--once'], {
      env: { ...process.env, RENKEI_STATE: state, RENKEI_PORT: String(await freePort()) },
    })
    if (outcome.code !== 0) throw new Error(`the local AWS failed:\n${outcome.output.slice(-2000)}`)
    const report: Report = JSON.parse(readFileSync(join(state, 'reports', 'story.json'), 'utf8'))
    return report.deployment.find(({ phase }) => phase.startsWith('Control plane deployed'))!.seconds
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}
