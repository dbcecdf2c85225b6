import type { Cell } from '../kernel/config/schema.ts'
import { prefixLength, subnetOf } from '../kernel/config/addresses.ts'

/**
 * What a subnet of a cell is for; one purpose a zone, so that routes and network ACLs can be stated for the whole zone.
 */
export type CellZone = 'desktops' | 'storage' | 'directory' | 'resolver' | 'attachment'

/**
 * The addresses of one zone of a cell. The cell's CIDR block alone fixes them, so hub and cell agree without asking.
 */
export interface ZoneRange {
  /** The CIDR block of the whole zone; rules name this. */
  readonly cidr: string
  /** Its two subnets, in the order of `azIds`. */
  readonly subnets: readonly [string, string]
}

/**
 * How each zone is cut from the cell: bits added to the cell's prefix and the index at that length.
 * Half of the cell holds desktops, an eighth the file systems' mount targets; a /20 cell then still has 1,019 desktops
 * and 251 mount targets in each availability zone, enough for 180 projects, which the quota of 400 mount targets a VPC
 * allows (docs/aws-behaviour.md, EFS). The last quarter stays free for what a later version adds.
 */
const PLAN: Record<CellZone, { readonly bits: number; readonly index: number }> = {
  desktops: { bits: 1, index: 0 },
  storage: { bits: 3, index: 4 },
  directory: { bits: 5, index: 20 },
  resolver: { bits: 5, index: 21 },
  attachment: { bits: 5, index: 22 },
}

/** Every zone, in the order of the plan. */
export const cellZones = Object.keys(PLAN) as CellZone[]

/**
 * The addresses of one zone of a cell: fixed by the cell's CIDR block alone, so that hub and cell agree without asking
 * each other.
 */
export function zoneRange(cell: Pick<Cell, 'cidr'>, zone: CellZone): ZoneRange {
  const { bits, index } = PLAN[zone]
  const length = prefixLength(cell.cidr) + bits
  return {
    cidr: subnetOf(cell.cidr, length, index),
    subnets: [subnetOf(cell.cidr, length + 1, 2 * index), subnetOf(cell.cidr, length + 1, 2 * index + 1)],
  }
}
