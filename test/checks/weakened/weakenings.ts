import { counts } from './counts.ts'
import { desktops } from './desktops.ts'
import { firewall } from './firewall.ts'
import { identity } from './identity.ts'
import { keysAndLogs } from './keys-and-logs.ts'
import { network } from './network.ts'
import { storage } from './storage.ts'
import { vpn } from './vpn.ts'
import type { Weakening } from './weakening.ts'

/** Every weakening that the checks are held to. */
export const weakenings: readonly Weakening[] = [
  ...network,
  ...vpn,
  ...firewall,
  ...storage,
  ...keysAndLogs,
  ...identity,
  ...desktops,
  ...counts,
]
