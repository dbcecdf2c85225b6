import type { Cell } from '#lib/kernel/config/schema.ts'
import { directoryPorts } from '../provider/directory-ports.ts'
import { type CellZone, zoneRange } from '../address-plan.ts'

/** One line of a network ACL; everything else the ACL denies. */
export interface AclRule {
  readonly direction: 'ingress' | 'egress'
  readonly protocol: 'tcp' | 'udp' | 'all'
  readonly cidr: string
  /** Destination ports, both ends inclusive; of `all` none. */
  readonly ports?: readonly [number, number]
}

/** Where a Linux desktop's own connections come from (Linux `ip_local_port_range`, its default), so where answers go. */
const LINUX_EPHEMERAL = [32_768, 60_999] as const
/** Where a Resolver endpoint's queries come from (Route 53 Resolver developer guide: outbound endpoints). */
const RESOLVER_EPHEMERAL = [1024, 65_535] as const
const ANY_PORT = [1, 65_535] as const
const NFS = [2049, 2049] as const
const DNS = [53, 53] as const

/**
 * The network ACLs of a cell's zones: the layer that does not know connections and cannot be changed by a security group (C-9). A zone that
 * another does not speak to stands in neither's list: no desktop speaks to the desktops of the other availability zone, no storage to a directory.
 * Database ports are not named here, on purpose: they would make a cell change with every database (adding one changes one firewall rule);
 * which port is open to whom is for the project's security group and the firewall, each exact and each enough alone (C-2).
 */
export function aclRules(
  cell: Pick<Cell, 'cidr'>,
  presentedBlock: string,
): Readonly<Record<CellZone, readonly AclRule[]>> {
  const cidr = (zone: CellZone) => zoneRange(cell, zone).cidr
  const rule = (
    direction: AclRule['direction'],
    protocol: AclRule['protocol'],
    to: string,
    ports?: AclRule['ports'],
  ): AclRule => ({ direction, protocol, cidr: to, ports })
  const [desktops, storage, directory, resolver] = (['desktops', 'storage', 'directory', 'resolver'] as const).map(
    cidr,
  ) as [string, string, string, string]
  const dns = ['tcp', 'udp'] as const
  return {
    desktops: [
      rule('egress', 'tcp', presentedBlock, ANY_PORT),
      rule('egress', 'tcp', storage, NFS),
      ...directoryPorts.map(({ protocol, from, to }) => rule('egress', protocol, directory, [from, to])),
      rule('ingress', 'tcp', presentedBlock, LINUX_EPHEMERAL),
      rule('ingress', 'tcp', storage, LINUX_EPHEMERAL),
      rule('ingress', 'tcp', directory, LINUX_EPHEMERAL),
      rule('ingress', 'udp', directory, LINUX_EPHEMERAL),
    ],
    storage: [rule('ingress', 'tcp', desktops, NFS), rule('egress', 'tcp', desktops, LINUX_EPHEMERAL)],
    directory: [
      // The two controllers replicate with each other in all sorts of ways.
      rule('ingress', 'all', directory),
      rule('egress', 'all', directory),
      ...directoryPorts.map(({ protocol, from, to }) => rule('ingress', protocol, desktops, [from, to])),
      rule('egress', 'tcp', desktops, LINUX_EPHEMERAL),
      rule('egress', 'udp', desktops, LINUX_EPHEMERAL),
      ...dns.flatMap((protocol) => [
        rule('ingress', protocol, resolver, DNS),
        rule('egress', protocol, resolver, RESOLVER_EPHEMERAL),
      ]),
    ],
    resolver: dns.flatMap((protocol) => [
      rule('egress', protocol, directory, DNS),
      rule('ingress', protocol, directory, RESOLVER_EPHEMERAL),
    ]),
    // Towards the gateway the source counts, from it the destination (Transit Gateway guide, "How network ACLs work with transit gateways").
    attachment: [rule('ingress', 'tcp', desktops, ANY_PORT), rule('egress', 'tcp', desktops, LINUX_EPHEMERAL)],
  }
}
