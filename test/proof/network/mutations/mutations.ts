import { acls } from './acls.ts'
import { dns } from './dns.ts'
import { firewall } from './firewall.ts'
import { groups } from './groups.ts'
import type { Mutation } from './mutation.ts'
import { transit } from './transit.ts'
import { tunnels } from './tunnels.ts'
import { unknown } from './unknown.ts'
import { waysOut } from './ways-out.ts'

/** Weakenings of the demonstration templates, by what they weaken. */
export const mutations: readonly Mutation[] = [
  ...transit,
  ...waysOut,
  ...firewall,
  ...tunnels,
  ...groups,
  ...acls,
  ...dns,
  ...unknown,
]
