import { existsSync, readFileSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { writeImageFiles } from '#lib/project/image/image.ts'
import { answer } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf } from '../surroundings.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** `renkei desktop image --out <folder>`: the files for the builder WorkSpace (docs/desktop-image.md), with the sums that two people compare. */
export function writeImage(options: CommonOptions & { readonly out: string }): void {
  const config = configOf(options)
  const folder = resolve(options.out)
  if (existsSync(folder) && !statSync(folder).isDirectory())
    throw new Obstacle({
      code: 'cli.no-folder',
      what: `${folder} is no folder`,
      why: 'a file of that name is there',
      next: 'name another folder with --out',
    })
  let written: string[]
  try {
    written = writeImageFiles(folder, config)
  } catch (error) {
    throw new Obstacle({
      code: 'cli.unwritable',
      what: `the files cannot be written into ${folder}`,
      why: (error as Error).message,
      next: 'name another folder with --out',
    })
  }
  const files = written.map((file) => ({ file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }))
  answer({ environment: config.environment, files }, options.json, () =>
    files.map(({ file, sha256 }) => `${sha256}  ${file}`).join('\n'),
  )
}
