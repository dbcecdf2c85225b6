import type { Sandbox } from '../sandbox/sandbox.ts'
import type { AclEntry, Network, SecurityGroup, Subnet, Vpc } from './network.ts'
import type { Machine } from './scenario.ts'

/** The address every router answers on towards its machines, so that any machine can have any address. */
const NEXT_HOP = '169.254.1.1'

/** How a machine is connected to the router in front of it. */
export interface Uplink {
  readonly machine: string
  readonly addresses: readonly string[]
  readonly router: string
  /** the router's device towards the machine */
  readonly link: string
  /** the machine's own device */
  readonly device?: string
}

/** Connects a machine's namespace to a router's: /32 addresses and one gateway. */
export async function connectToRouter(
  sandbox: Sandbox,
  { machine, addresses, router, link, device = 'eth0' }: Uplink,
): Promise<void> {
  await sandbox.link({ namespace: machine, name: device }, { namespace: router, name: link })
  await Promise.all([
    sandbox.ip(machine, [
      ...addresses.map((address) => `addr add ${address}/32 dev ${device}`),
      `link set ${device} up`,
      `route add ${NEXT_HOP} dev ${device}`,
      `route add default via ${NEXT_HOP} dev ${device}`,
    ]),
    sandbox.ip(router, [
      `addr add ${NEXT_HOP}/32 dev ${link}`,
      `link set ${link} up`,
      ...addresses.map((address) => `route add ${address} dev ${link}`),
    ]),
  ])
}

/** The device by which a router or the cell speaks to its neighbour on the Transit Gateway. */
export const GATEWAY_LINK = 'tgw'

/** A VPC as one router: policy routing by subnet for its route tables, stateless nftables for its network ACLs. */
export async function layOutVpc(sandbox: Sandbox, name: string, vpc: Vpc, machines: readonly Machine[]): Promise<void> {
  const inside = machines.filter(({ subnet }) => subnet && vpc.subnets.includes(subnet))
  for (const [index, { name: machine, address }] of inside.entries())
    await connectToRouter(sandbox, { machine, addresses: [address], router: name, link: `m${index}` })
  const link = (machine: Machine) => `m${inside.indexOf(machine)}`
  const lines: string[] = []
  vpc.subnets.forEach((subnet, index) => {
    const table = 100 + index
    lines.push(`route add blackhole default table ${table} metric 4294967295`)
    // The local route of every VPC: what is not a machine here is nowhere.
    lines.push(
      `route add blackhole ${vpc.cidr} table ${table}`,
      ...inside.map((machine) => `route add ${machine.address} dev ${link(machine)} table ${table}`),
    )
    for (const cidr of subnet.toGateway)
      lines.push(`route add ${cidr} via 192.168.255.1 dev ${GATEWAY_LINK} onlink table ${table}`)
    for (const machine of inside.filter((each) => each.subnet === subnet))
      lines.push(`rule add iif ${link(machine)} lookup ${table} priority ${table}`)
    if (subnet === vpc.attachment?.subnet) lines.push(`rule add iif ${GATEWAY_LINK} lookup ${table} priority ${table}`)
  })
  await sandbox.ip(name, lines)
  await sandbox.nft(name, aclRules(vpc, inside, link))
}

function aclRules(vpc: Vpc, machines: readonly Machine[], link: (machine: Machine) => string): string {
  const chain = (subnet: Subnet, egress: boolean) =>
    `acl_${vpc.subnets.indexOf(subnet)}_${egress ? 'egress' : 'ingress'}`
  const chains = vpc.subnets.flatMap((subnet) =>
    [true, false].map(
      (egress) =>
        `  chain ${chain(subnet, egress)} {\n${subnet.acl
          .filter((entry) => entry.egress === egress)
          .map((entry) => `    ${aclMatch(entry)} ${entry.allow ? 'return' : 'drop'}\n`)
          .join('')}    counter drop\n  }\n`,
    ),
  )
  const own = (subnet: Subnet | undefined) =>
    machines.filter((machine) => machine.subnet === subnet).map((machine) => `"${link(machine)}"`)
  const jumps = machines.map((machine) => {
    const neighbours = `{ ${own(machine.subnet).join(', ')} }`
    return {
      leaving: `iifname "${link(machine)}" oifname != ${neighbours} jump ${chain(machine.subnet!, true)}`,
      entering: `oifname "${link(machine)}" iifname != ${neighbours} jump ${chain(machine.subnet!, false)}`,
    }
  })
  // An attachment's subnet judges by its outbound rules what comes from the gateway, by its inbound rules what goes to
  // it (docs/aws-behaviour.md).
  const attachment = vpc.attachment
    ? [
        `iifname "${GATEWAY_LINK}" jump ${chain(vpc.attachment.subnet, true)}`,
        `oifname "${GATEWAY_LINK}" jump ${chain(vpc.attachment.subnet, false)}`,
      ]
    : []
  const order = [...jumps.map(({ leaving }) => leaving), ...attachment, ...jumps.map(({ entering }) => entering)]
  return `table ip acl {
${chains.join('')}  chain forward {
    type filter hook forward priority 0; policy accept
${order.map((line) => `    ${line}\n`).join('')}  }
}
`
}

const PROTOCOL: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp' }

function aclMatch({ egress, protocol, cidr, ports }: AclEntry): string {
  const address = cidr === '0.0.0.0/0' ? '' : `ip ${egress ? 'daddr' : 'saddr'} ${cidr} `
  if (protocol === -1) return `${address}counter`
  const name = PROTOCOL[protocol]
  if (!name) throw new Error(`network ACL protocol ${protocol}: the lab knows tcp, udp and all`)
  return `${address}${ports ? `${name} dport ${ports[0]}-${ports[1]}` : `ip protocol ${name}`} counter`
}

function protocolMatch(protocol: string, ports: readonly [number, number] | undefined): string {
  if (protocol === '-1') return ''
  return ports ? `${protocol} dport ${ports[0]}-${ports[1]} ` : `ip protocol ${protocol} `
}

/** A machine's security groups: stateful, in the machine's own namespace, as AWS enforces them at the interface. */
export function groupRules(
  groups: readonly SecurityGroup[],
  network: Network,
  members: (group: string) => readonly string[],
): string {
  const line = (direction: 'ingress' | 'egress') =>
    groups
      .flatMap(({ rules }) => rules)
      .filter((rule) => rule.direction === direction)
      .flatMap(({ protocol, ports, peer }) => {
        const addresses =
          'cidr' in peer
            ? [peer.cidr]
            : 'prefixList' in peer
              ? network.prefixLists.get(peer.prefixList)
              : members(peer.group)
        if (!addresses) throw new Error(`a security group names ${JSON.stringify(peer)}, which is in no template`)
        if (addresses.length === 0) return []
        if (!/^(-1|tcp|udp)$/.test(protocol))
          throw new Error(`security group protocol ${protocol}: the lab knows tcp, udp and -1`)
        const address = `ip ${direction === 'egress' ? 'daddr' : 'saddr'} { ${addresses.join(', ')} }`
        return [`    ${address} ${protocolMatch(protocol, ports)}accept\n`]
      })
      .join('')
  const chain = (hook: 'input' | 'output', direction: 'ingress' | 'egress') => `  chain ${hook} {
    type filter hook ${hook} priority 0; policy drop
    ${hook === 'input' ? 'iifname' : 'oifname'} "lo" accept
    ct state established,related accept
${line(direction)}  }
`
  return `table ip sg\ndelete table ip sg\ntable ip sg {\n${chain('input', 'ingress')}${chain('output', 'egress')}}\n`
}
