import type { Project } from '#domain/project/state.ts'
import { formatAddress, rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { zoneRange } from '#lib/network/address-plan.ts'

/** A project with the addresses that AWS gave to what it has. */
export interface GrantedProject {
  readonly project: Project
  /** address of each person's desktop */
  readonly desktops: Readonly<Record<string, string>>
  /** addresses of the mount targets, one a storage subnet */
  readonly stores: readonly string[]
}

/** The projects of a proof. */
export interface Grants {
  /** the moment that is proved: whether a grant is in force depends on it */
  readonly now: string
  readonly projects: readonly GrantedProject[]
}

/** What is asked of a made-up project. */
export interface Sample {
  readonly id: string
  readonly cell: number
  readonly databases: readonly string[]
  readonly people: number
  readonly suspendedPeople?: number
  readonly status?: 'open' | 'suspended'
  /** its period of use has not begun */
  readonly later?: boolean
}

const NOW = '2026-06-15T03:00:00.000Z'

/** Addresses of made-up projects, each of its own, spread over both subnets of a zone as AWS does. */
export function madeUp(config: Config, samples: readonly Sample[]): Grants {
  const next = new Map<string, number>()
  const address = (cell: number, zone: 'desktops' | 'storage', index: number) => {
    const found = config.cells.find(({ id }) => id === cell)
    if (!found) throw new RangeError(`no cell ${cell} in the configuration`)
    const subnet = zoneRange(found, zone).subnets[index % 2]!
    const used = next.get(subnet) ?? 4
    next.set(subnet, used + 1)
    return formatAddress(rangeOf(subnet).first + used)
  }
  return {
    now: NOW,
    projects: samples.map(({ id, cell, databases, people, suspendedPeople = 0, status = 'open', later = false }) => {
      const persons = Array.from({ length: people }, (_, index) => `${id}-person-${index + 1}`)
      return {
        project: {
          status,
          projectId: id,
          applicationId: `A-${id}`,
          databases,
          cell,
          handlers: persons.map((personId) => ({ personId, organisation: 'Sample Institute' })),
          suspendedPersons: persons.slice(0, suspendedPeople),
          from: later ? '2026-07-01' : '2026-06-01',
          until: later ? '2026-07-31' : '2026-06-30',
          named: [],
          approvals: {},
          heldRemoval: undefined,
          exists: [],
          destroyed: [],
        },
        desktops: Object.fromEntries(persons.map((personId, index) => [personId, address(cell, 'desktops', index)])),
        stores: [address(cell, 'storage', 0), address(cell, 'storage', 1)],
      }
    }),
  }
}

/**
 * The sample world in which `npm run check` proves a configuration: every database is granted to somebody and withheld
 * from somebody, projects share databases and cells, one person is suspended, one project is suspended whole, one has
 * not begun.
 */
export function sampleGrants(config: Config): Grants {
  const ids = config.databases.map(({ id }) => id)
  const cells = config.cells.map(({ id }) => id)
  const odd = ids.filter((_, index) => index % 2 === 0)
  const even = ids.filter((_, index) => index % 2 === 1)
  return madeUp(config, [
    { id: 'P-FIRST', cell: cells[0]!, databases: odd, people: 2 },
    { id: 'P-SECOND', cell: cells[0]!, databases: even.length > 0 ? even : odd, people: 2, suspendedPeople: 1 },
    { id: 'P-THIRD', cell: cells.at(-1)!, databases: ids.slice(-1), people: 2 },
    { id: 'P-SUSPENDED', cell: cells[0]!, databases: ids, people: 1, status: 'suspended' },
    { id: 'P-LATER', cell: cells.at(-1)!, databases: ids.slice(0, 1), people: 1, later: true },
  ])
}
