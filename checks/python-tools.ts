import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const executable = (file: string) => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Where a Python command-line tool is: `RENKEI_PYTHON_BIN` if set, else the private environment `.renkei/venv`, else
 * PATH.
 * @throws Obstacle where it is nowhere
 */
export function pythonTool(name: string, root: string, environment: NodeJS.ProcessEnv = process.env): string {
  const folders = [
    environment['RENKEI_PYTHON_BIN'],
    join(root, '.renkei', 'venv', 'bin'),
    ...(environment['PATH'] ?? '').split(delimiter),
  ]
  const found = folders
    .filter((folder) => folder !== undefined && folder !== '')
    .map((folder) => join(folder!, name))
    .find(executable)
  if (found) return found
  throw new Obstacle({
    code: 'checks.python-tool-missing',
    what: `${name} was not found`,
    why: 'it is a Python tool, looked for in .renkei/venv/bin and on PATH',
    next:
      'run `npm run check`, which makes .renkei/venv from hash-pinned requirements, ' +
      'or set RENKEI_PYTHON_BIN to the folder that holds it',
  })
}
