import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { writeImageFiles } from '#lib/project/image/image.ts'
import { makeFolder } from '../files.ts'
import { answer } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf } from '../surroundings.ts'

/**
 * `renkei desktop image --out <folder>`: the files for the builder WorkSpace (docs/desktop-image.md), with the sums
 * that two people compare.
 */
export function writeImage(options: CommonOptions & { readonly out: string }): void {
  const config = configOf(options)
  const folder = resolve(options.out)
  makeFolder(folder)
  const written = writeImageFiles(folder, config)
  const files = written.map((file) => ({ file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }))
  answer({ environment: config.environment, files }, options.json, () =>
    files.map(({ file, sha256 }) => `${sha256}  ${file}`).join('\n'),
  )
}
