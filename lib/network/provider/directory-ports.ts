/** One range of ports that a desktop uses on a domain controller. */
export interface DirectoryPort {
  /** TCP or UDP; where both are used, two rows. */
  readonly protocol: 'tcp' | 'udp'
  /** The first port. */
  readonly from: number
  /** The last port, inclusive. */
  readonly to: number
  /** What a desktop uses it for. */
  readonly use: string
}

/**
 * The ports a joined Linux desktop needs on the domain controllers
 * (WorkSpaces administration guide, "IP address and port requirements": traffic to the directory).
 * Left out of that list on purpose: 53, because the controllers may forward queries past the DNS firewall
 * (docs/aws-behaviour.md, Directory Service and Directory Service Data) and the image resolves through the VPC
 * resolver; 123, because time comes from the link-local Amazon Time Sync Service; 137-139, NetBIOS, which Linux does
 * not use. The dynamic range is Windows Server's own (49152-65535), not the guide's 1024-65535.
 */
export const directoryPorts: readonly DirectoryPort[] = [
  { protocol: 'tcp', from: 88, to: 88, use: 'Kerberos' },
  { protocol: 'udp', from: 88, to: 88, use: 'Kerberos' },
  { protocol: 'tcp', from: 135, to: 135, use: 'RPC endpoint mapper' },
  { protocol: 'tcp', from: 389, to: 389, use: 'LDAP' },
  { protocol: 'udp', from: 389, to: 389, use: 'LDAP ping' },
  { protocol: 'tcp', from: 445, to: 445, use: 'SMB, group policy' },
  { protocol: 'tcp', from: 464, to: 464, use: 'Kerberos password change' },
  { protocol: 'udp', from: 464, to: 464, use: 'Kerberos password change' },
  { protocol: 'tcp', from: 636, to: 636, use: 'LDAP over TLS' },
  { protocol: 'tcp', from: 3268, to: 3269, use: 'global catalogue' },
  { protocol: 'tcp', from: 49152, to: 65535, use: 'RPC' },
]
