import type { Desired } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import { projectTags } from './resource-names.ts'
import { ruleKey, type Observed, type ObservedGroup, type Rule } from './observed.ts'

/** NFS, the one port of a project's store. */
const NFS_PORT = 2049

export interface Groups {
  readonly desktop: ObservedGroup
  readonly store: ObservedGroup
  /** the rules of both are exactly right */
  readonly right: boolean
}

const tcp = (port: number, peer: Rule['peer']): Rule => ({ protocol: 'tcp', from: port, to: port, peer })

/**
 * What the project's desktops may reach: its databases on their ports, and its own store. Nothing reaches them (C-1,
 * C-2).
 */
function rulesOf(desired: Desired, desktopId: string, storeId: string) {
  return {
    desktop: {
      egress: [
        ...desired.databases.map(({ prefixListId, port }) => tcp(port, `prefix-list/${prefixListId}`)),
        tcp(NFS_PORT, `group/${storeId}`),
      ],
      ingress: [],
    },
    store: { egress: [], ingress: [tcp(NFS_PORT, `group/${desktopId}`)] },
  } as const
}

/**
 * The two groups of a project: on its desktops and on its mount targets. A store group of its own, not one of the cell,
 * so that no desktop of another project reaches these mount targets, by either group alone (NET-5). Gives them once
 * both exist.
 */
export function planGroups(desired: Desired, observed: Observed, builder: PlanBuilder): Groups | undefined {
  const found = builder.value('the security groups', observed.groups)?.value
  if (found === undefined) return undefined
  const {
    platform: { environment, cell },
    projectId,
    names,
  } = desired
  const desktop = found.find(({ name }) => name === names.desktopGroup)
  const store = found.find(({ name }) => name === names.storeGroup)
  for (const group of found) {
    if (group !== desktop && group !== store) builder.raise({ kind: 'security-group', id: group.id })
  }
  const create = (role: 'desktop' | 'store', name: string) =>
    builder.add(
      {
        type: 'CreateGroup',
        role,
        name,
        vpcId: cell.vpcId,
        description: `Renkei ${environment}: ${role === 'desktop' ? 'desktops' : 'store'} of project ${projectId}`,
        tags: projectTags(environment, projectId),
      },
      name,
    )
  if (store === undefined) create('store', names.storeGroup)
  if (desktop === undefined) create('desktop', names.desktopGroup)
  if (desktop === undefined || store === undefined) return undefined
  const rules = rulesOf(desired, desktop.id, store.id)
  const desktopRight = converge(desktop, rules.desktop, builder)
  const storeRight = converge(store, rules.store, builder)
  return { desktop, store, right: desktopRight && storeRight }
}

/** Takes away what is too much before it adds what is missing. */
function converge(
  group: ObservedGroup,
  wanted: { readonly egress: readonly Rule[]; readonly ingress: readonly Rule[] },
  builder: PlanBuilder,
): boolean {
  let right = true
  for (const direction of ['egress', 'ingress'] as const) {
    const has = new Set(group[direction].map(ruleKey))
    const wants = new Set(wanted[direction].map(ruleKey))
    const surplus = group[direction].filter((rule) => !wants.has(ruleKey(rule)))
    const missing = wanted[direction].filter((rule) => !has.has(ruleKey(rule)))
    if (surplus.length > 0)
      builder.add({ type: 'RevokeRules', groupId: group.id, direction, rules: surplus }, `${group.id} ${direction}`)
    if (missing.length > 0)
      builder.add({ type: 'AuthorizeRules', groupId: group.id, direction, rules: missing }, `${group.id} ${direction}`)
    right &&= surplus.length === 0 && missing.length === 0
  }
  return right
}
