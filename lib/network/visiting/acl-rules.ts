import type { Cell } from '#lib/kernel/config/schema.ts'
import { directoryPorts } from '../provider/directory-ports.ts'
import { type CellZone, zoneRange } from '../address-plan.ts'

/** TCP or UDP ports, both ends inclusive. */
interface PortRange {
  /** The first. */
  readonly from: number
  /** The last. */
  readonly to: number
}

/** One line of a network ACL, which lets a packet pass; everything else the ACL denies. */
export interface AclRule {
  /** Into the zone, or out of it. */
  readonly direction: 'ingress' | 'egress'
  /** `all` is every IP protocol. */
  readonly protocol: 'tcp' | 'udp' | 'all'
  /** Where the packet comes from (`ingress`) or goes to (`egress`). */
  readonly cidr: string
  /** Destination ports; of `all` none. */
  readonly ports?: PortRange
}

/**
 * Where a Linux desktop's own connections come from (Linux `ip_local_port_range`, its default), so where answers go.
 */
const LINUX_EPHEMERAL: PortRange = { from: 32_768, to: 60_999 }
/** Where a Resolver endpoint's queries come from (Route 53 Resolver developer guide: outbound endpoints). */
const RESOLVER_EPHEMERAL: PortRange = { from: 1024, to: 65_535 }
const ANY_PORT: PortRange = { from: 1, to: 65_535 }
const NFS: PortRange = { from: 2049, to: 2049 }
const DNS: PortRange = { from: 53, to: 53 }

/**
 * The network ACLs of a cell's zones: the layer that does not know connections and cannot be changed by a security
 * group (C-9). A zone that another does not speak to stands in neither's list: no desktop speaks to the desktops of the
 * other availability zone, no storage to a directory. Database ports are not named here, on purpose: they would make a
 * cell change with every database (adding one changes one firewall rule); which port is open to whom is for the
 * project's security group and the firewall, each exact and each enough alone (C-2).
 */
export function aclRules(
  cell: Pick<Cell, 'cidr'>,
  presentedBlock: string,
): Readonly<Record<CellZone, readonly AclRule[]>> {
  const cidr = (zone: CellZone) => zoneRange(cell, zone).cidr
  const desktops = cidr('desktops')
  const storage = cidr('storage')
  const directory = cidr('directory')
  const resolver = cidr('resolver')
  const dns = ['tcp', 'udp'] as const
  return {
    desktops: [
      { direction: 'egress', protocol: 'tcp', cidr: presentedBlock, ports: ANY_PORT },
      { direction: 'egress', protocol: 'tcp', cidr: storage, ports: NFS },
      ...directoryPorts.map(({ protocol, from, to }): AclRule => ({
        direction: 'egress',
        protocol,
        cidr: directory,
        ports: { from, to },
      })),
      { direction: 'ingress', protocol: 'tcp', cidr: presentedBlock, ports: LINUX_EPHEMERAL },
      { direction: 'ingress', protocol: 'tcp', cidr: storage, ports: LINUX_EPHEMERAL },
      { direction: 'ingress', protocol: 'tcp', cidr: directory, ports: LINUX_EPHEMERAL },
      { direction: 'ingress', protocol: 'udp', cidr: directory, ports: LINUX_EPHEMERAL },
    ],
    storage: [
      { direction: 'ingress', protocol: 'tcp', cidr: desktops, ports: NFS },
      { direction: 'egress', protocol: 'tcp', cidr: desktops, ports: LINUX_EPHEMERAL },
    ],
    directory: [
      // The two controllers replicate with each other in all sorts of ways.
      { direction: 'ingress', protocol: 'all', cidr: directory },
      { direction: 'egress', protocol: 'all', cidr: directory },
      ...directoryPorts.map(({ protocol, from, to }): AclRule => ({
        direction: 'ingress',
        protocol,
        cidr: desktops,
        ports: { from, to },
      })),
      { direction: 'egress', protocol: 'tcp', cidr: desktops, ports: LINUX_EPHEMERAL },
      { direction: 'egress', protocol: 'udp', cidr: desktops, ports: LINUX_EPHEMERAL },
      ...dns.flatMap((protocol): AclRule[] => [
        { direction: 'ingress', protocol, cidr: resolver, ports: DNS },
        { direction: 'egress', protocol, cidr: resolver, ports: RESOLVER_EPHEMERAL },
      ]),
    ],
    resolver: dns.flatMap((protocol): AclRule[] => [
      { direction: 'egress', protocol, cidr: directory, ports: DNS },
      { direction: 'ingress', protocol, cidr: directory, ports: RESOLVER_EPHEMERAL },
    ]),
    // Towards the gateway the source counts, from it the destination (Transit Gateway guide, "How network ACLs work
    // with transit gateways").
    attachment: [
      { direction: 'ingress', protocol: 'tcp', cidr: desktops, ports: ANY_PORT },
      { direction: 'egress', protocol: 'tcp', cidr: desktops, ports: LINUX_EPHEMERAL },
    ],
  }
}
