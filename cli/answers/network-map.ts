import { join, resolve } from 'node:path'
import { proveAndDraw } from '#proof/network/prove-and-draw.ts'
import { writeInFolder } from '../files.ts'
import { answer } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf } from '../surroundings.ts'
import { synthesized } from '../synthesized.ts'

/** `renkei network map`: a picture of the network of the configuration, with a sample world of grants. */
export function drawMap(options: CommonOptions & { readonly out?: string }): void {
  const config = configOf(options)
  const {
    report: { ok: proved },
    svg,
  } = proveAndDraw(synthesized(config), config)
  const file = resolve(options.out ?? join('reports', `network-${config.environment}.svg`))
  writeInFolder(file, svg)
  answer(
    { environment: config.environment, file, proved },
    options.json,
    (map) => `network map of ${map.environment}${map.proved ? '' : ' (NOT PROVED: see npm run check)'}: ${map.file}`,
  )
}
