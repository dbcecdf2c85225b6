import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { environmentCommand, type CommonOptions } from '../command.ts'

export const checkCommand = environmentCommand('check')
  .description('judge the synthesized platform (same as npm run check)')
  .action(({ env, json }: CommonOptions) => {
    const script = join(import.meta.dirname, '..', '..', 'scripts', 'check.ts')
    const args = [script, `--env=${env}`, ...(json ? ['--json'] : [])]
    process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
  })
