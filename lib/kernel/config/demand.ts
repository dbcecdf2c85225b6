import { z } from 'zod'
import type { ConfigInput } from './schema.ts'

const quantities = [
  'platform',
  'cells',
  'databases',
  'projects',
  'desktops',
  'projectsOfLargestCell',
  'interfaces',
] as const
export type Quantity = (typeof quantities)[number]

/** One row of `policies/checks/quotas.yaml`. */
export const quotaRow = z.strictObject({
  service: z.string(),
  code: z
    .string()
    .regex(/^L-[0-9A-F]{8}$/)
    .optional(),
  name: z.string(),
  default: z.int().positive(),
  of: z.enum(quantities),
  each: z.int().positive(),
  plus: z.int().min(0).default(0),
})
export type QuotaRow = z.infer<typeof quotaRow>

/** A file system has a mount target in each of the two zones. */
const MOUNT_TARGETS = 2

/** How many of each thing a configuration makes when it is full. */
function quantitiesOf(
  config: Pick<ConfigInput, 'capacity' | 'cells' | 'databases'>,
): Readonly<Record<Quantity, number>> {
  return {
    platform: 1,
    cells: config.cells.length,
    databases: config.databases.length,
    projects: config.capacity.projects,
    desktops: config.capacity.projects * config.capacity.handlersPerProject,
    projectsOfLargestCell: Math.max(...config.cells.map((cell) => cell.projects)),
    interfaces: config.capacity.projects * (config.capacity.handlersPerProject + MOUNT_TARGETS),
  }
}

/** What a configuration needs of one quota. */
export const demand = (row: QuotaRow, config: Pick<ConfigInput, 'capacity' | 'cells' | 'databases'>): number =>
  quantitiesOf(config)[row.of] * row.each + row.plus
