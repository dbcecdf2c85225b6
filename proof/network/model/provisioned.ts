import type { PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import { provisioned } from '#domain/project/provisioning/ideal.ts'
import type { Rule } from '#domain/project/provisioning/observed.ts'
import { rangeOf } from '#lib/kernel/config/addresses.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { GrantedProject, Grants } from '../grants.ts'
import { fromPairs } from '../intervals.ts'
import type { Links } from './links.ts'
import type { GroupRule, Id, Interface, Party, Subnet } from './network.ts'
import { hasPorts, protocolOf } from './protocols.ts'
import { publishedPlatform } from './published.ts'
import type { Resources } from './resources.ts'
import type { TagSet } from './tag-sets.ts'

/** What the provisioner's project is put into: the network of the templates. */
interface Ground {
  readonly config: Config
  readonly links: Links
  readonly resources: Resources
  readonly subnets: Readonly<Record<Id, Subnet>>
  readonly sets: readonly TagSet[]
}

type Groups = Record<Id, { readonly egress: readonly GroupRule[]; readonly ingress: readonly GroupRule[] }>

interface Provisioned {
  readonly groups: Groups
  readonly interfaces: readonly Interface[]
}

/**
 * What the provisioner makes for the granted projects: its own `plan()`, carried out in an account where every call
 * succeeds.
 */
export function readProvisioned(grants: Grants, ground: Ground): Provisioned {
  const groups: Groups = {}
  const interfaces: Interface[] = []
  const platforms = new Map<number, PublishedPlatform | undefined>()
  for (const granted of grants.projects) {
    const { cell } = granted.project
    if (!platforms.has(cell))
      platforms.set(cell, publishedPlatform(ground.config, cell, ground.links, ground.resources))
    const platform = platforms.get(cell)
    if (platform === undefined) continue
    const project = new ProvisionedProject(granted, platform, grants.now, ground)
    Object.assign(groups, project.groups())
    interfaces.push(...project.desktops(), ...project.stores())
  }
  return { groups, interfaces }
}

/** One project as the plan makes it, in the names of the model. */
class ProvisionedProject {
  readonly #granted: GrantedProject
  readonly #platform: PublishedPlatform
  readonly #made: ReturnType<typeof provisioned>
  readonly #ground: Ground
  /** groups of the project itself, as the account of the plan names them */
  readonly #own: ReadonlySet<string>

  constructor(granted: GrantedProject, platform: PublishedPlatform, now: string, ground: Ground) {
    this.#granted = granted
    this.#platform = platform
    this.#made = provisioned(granted.project, platform, now)
    this.#ground = ground
    this.#own = new Set(this.#made.world.groups.map(({ id }) => id))
  }

  groups(): Groups {
    return Object.fromEntries(
      this.#made.world.groups.map(({ id, name, egress, ingress }) => [
        this.#groupId(id),
        {
          egress: egress.map((rule) => this.#rule(rule, name)),
          ingress: ingress.map((rule) => this.#rule(rule, name)),
        },
      ]),
    )
  }

  /** The account of the plan names groups `sg-3`; in the model they are the project's. */
  #groupId(id: string): Id {
    return this.#own.has(id) ? `project ${this.#granted.project.projectId}/${id}` : id
  }

  #rule(rule: Rule, group: string): GroupRule {
    const protocol = protocolOf(rule.protocol) ?? -1
    return {
      protocol,
      ports: hasPorts(protocol) ? [rule.from, rule.to] : undefined,
      peer: this.#peer(rule),
      rule: `${group} ${rule.protocol}/${rule.from} ${rule.peer}`,
    }
  }

  #peer({ peer }: Rule): GroupRule['peer'] {
    const [kind, ...rest] = peer.split('/')
    const id = rest.join('/')
    if (kind === 'group') return { group: this.#groupId(id) }
    return kind === 'prefix-list' ? { prefixList: id } : { cidr: id }
  }

  /** Desktops that differ in their address only are one interface of the model. */
  desktops(): Interface[] {
    const { resources } = this.#ground
    const alike = new Map<string, Omit<Interface, 'addresses'> & { readonly addresses: [number, number][] }>()
    for (const { personId, userName, access } of this.#made.desired.people) {
      if (access === 'removed') continue
      const found = this.#interfaceOf(userName)
      if (found === undefined) continue
      const given = this.#granted.desktops[personId]
      const address = rangeOf(`${given}/32`).first
      const subnet = this.#subnetAt(address, this.#platform.cell.desktopSubnetIds)
      if (subnet === undefined) {
        const what = `${given} is in no desktop subnet of its cell`
        resources.gap(`desktop of ${personId}`, what, 'give an address of the zone')
        continue
      }
      const groups = found.groups.map((id) => this.#groupId(id))
      const sets = this.#ground.sets.filter((set) => set.holds(found.tags)).map(({ id }) => id)
      const key = [access, subnet, ...groups, '|', ...sets].join(' ')
      const same = alike.get(key)
      if (same) same.addresses.push([address, address])
      else alike.set(key, { party: this.#desktop(access), subnet, groups, sets, addresses: [[address, address]] })
    }
    return [...alike.values()].map((each) => ({ ...each, addresses: fromPairs(each.addresses) }))
  }

  #interfaceOf(userName: string) {
    const { desktops, interfaces } = this.#made.world
    const desktop = desktops.find((each) => each.userName === userName)
    return interfaces.find(({ address }) => address === desktop?.address)
  }

  #desktop(access: Extract<Party, { readonly kind: 'desktop' }>['access']): Party {
    const { projectId, cell } = this.#granted.project
    return { kind: 'desktop', project: projectId, access, cell: String(cell) }
  }

  /** EFS puts an interface with the given group into each storage subnet (EFS user guide, "Managing mount targets"). */
  stores(): Interface[] {
    const { projectId, cell } = this.#granted.project
    return this.#made.actions.flatMap((action): Interface[] => {
      if (action.type !== 'CreateMountTarget') return []
      const { subnetId, groupId } = action
      const addresses = this.#granted.stores
        .map((address) => rangeOf(`${address}/32`).first)
        .filter((address) => this.#subnetAt(address, this.#platform.cell.storageSubnetIds) === subnetId)
      if (addresses.length !== 1) {
        const what = `${addresses.length} addresses for a mount target in ${subnetId}`
        this.#ground.resources.gap(`store of ${projectId}`, what, 'give one address a storage subnet')
      }
      return [
        {
          party: { kind: 'store', project: projectId, cell: String(cell) },
          subnet: subnetId,
          groups: [this.#groupId(groupId)],
          sets: [],
          addresses: fromPairs(addresses.map((address) => [address, address] as const)),
        },
      ]
    })
  }

  #subnetAt(address: number, ids: readonly Id[]): Id | undefined {
    return ids.find((id) => {
      const subnet = this.#ground.subnets[id]
      if (subnet === undefined) return false
      const { first, last } = rangeOf(subnet.cidr)
      return first <= address && address <= last
    })
  }
}
