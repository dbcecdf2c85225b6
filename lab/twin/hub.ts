import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { GATEWAY_LINK } from './cell.ts'
import type { Firewall, Network } from './network.ts'

/** Where one attachment is plugged into the Transit Gateway. */
export interface Plug {
  readonly attachment: string
  /** the namespace at the other end, and the device there that leads to the gateway */
  readonly namespace: string
}

/**
 * The Transit Gateway: one router, its route tables chosen by the attachment a packet comes from; without an
 * association nothing is found.
 */
export async function layOutGateway(sandbox: Sandbox, { gateway }: Network, plugs: readonly Plug[]): Promise<void> {
  const lines: string[] = []
  for (const [index, { namespace }] of plugs.entries()) {
    await sandbox.link({ namespace: 'tgw', name: `a${index}` }, { namespace, name: GATEWAY_LINK })
    await sandbox.ip(namespace, [
      `addr add 192.168.255.${2 + index}/32 peer 192.168.255.1/32 dev ${GATEWAY_LINK}`,
      `link set ${GATEWAY_LINK} up`,
    ])
    lines.push(`addr add 192.168.255.1/32 peer 192.168.255.${2 + index}/32 dev a${index}`, `link set a${index} up`)
  }
  const wayTo = (attachment: string) => {
    const index = plugs.findIndex((plug) => plug.attachment === attachment)
    if (index < 0) throw new Error(`a Transit Gateway route leads to ${attachment}, which the lab has not laid out`)
    return `via 192.168.255.${2 + index} dev a${index} onlink`
  }
  gateway.tables.forEach((table, number) => {
    lines.push(`route add blackhole default table ${100 + number} metric 4294967295`)
    for (const { cidr, attachment } of table.routes) {
      const route = attachment === 'blackhole' ? `blackhole ${cidr}` : `${cidr} ${wayTo(attachment)}`
      lines.push(`route add ${route} table ${100 + number}`)
    }
  })
  plugs.forEach(({ attachment }, index) => {
    const associated = gateway.tables.flatMap((table, number) =>
      table.associated.includes(attachment) ? [100 + number] : [],
    )
    if (associated.length > 1)
      throw new Error(
        `${attachment} is associated with ${associated.length} route tables; the Transit Gateway takes one`,
      )
    lines.push(
      associated.length === 1
        ? `rule add iif a${index} lookup ${associated[0]} priority 100`
        : `rule add blackhole iif a${index} priority 100`,
    )
  })
  await sandbox.ip('tgw', lines)
}

/** Where the firewall's rules are kept, to be loaded again. */
export const FIREWALL_RULES = (sandbox: Sandbox) => join(sandbox.folder, 'firewall.nft')

/** What a set of tagged interfaces is called in nftables. */
export const setName = (group: string) => `set_${group.replaceAll(/[^A-Za-z0-9]/g, '_')}`

/**
 * The firewall: Suricata's rules in strict order as stateful nftables. What once passed goes on until the flows are
 * flushed; a packet in the middle of an unknown flow is dropped (stream exception policy).
 */
export async function layOutFirewall(
  sandbox: Sandbox,
  firewall: Firewall,
  members: (tag: string) => readonly string[],
): Promise<void> {
  await sandbox.must(['sh', '-c', 'echo 0 > /proc/sys/net/netfilter/nf_conntrack_tcp_loose'], { namespace: 'firewall' })
  await sandbox.ip('firewall', [`route add default via 192.168.255.1 dev ${GATEWAY_LINK} onlink`])
  const sets = [...firewall.tags]
    .map(([group, tag]) => {
      const addresses = members(tag)
      const elements = addresses.length > 0 ? `elements = { ${addresses.join(', ')} } ` : ''
      return `  set ${setName(group)} { type ipv4_addr; ${elements}}\n`
    })
    .join('')
  const rules = firewall.groups
    .flatMap((group) => group.rules.split('\n').map((rule) => `    ${suricata(rule, group.sets)}\n`))
    .join('')
  const ruleset = `table ip firewall {\n${sets}  chain forward {
    type filter hook forward priority 0; policy drop
    ct state established accept
    ct state invalid counter drop
${rules}    counter drop
  }\n}\n`
  writeFileSync(FIREWALL_RULES(sandbox), ruleset)
  await sandbox.nft('firewall', ruleset)
}

const RULE = new RegExp(
  [
    String.raw`^(?<action>pass|drop|alert) (?<protocol>ip|tcp|udp|icmp)`,
    String.raw`(?<source>\S+) any -> (?<destination>\S+) (?<port>\S+)`,
    String.raw`\(msg:"[^"]*"; sid:\d+; rev:\d+;\)$`,
  ].join(' '),
)

interface SuricataRule {
  readonly action: 'pass' | 'drop' | 'alert'
  readonly protocol: string
  readonly source: string
  readonly destination: string
  readonly port: string
}

/** What nftables says for an action; an alert lets the packet go on to the next rule. */
const VERDICT: Readonly<Record<SuricataRule['action'], string>> = { pass: ' accept', drop: ' drop', alert: '' }

/** One rule of the firewall in nftables' words. Throws on anything the lab does not know to mean the same in both. */
function suricata(rule: string, sets: Readonly<Record<string, string>>): string {
  const match = RULE.exec(rule)
  if (!match) throw new Error(`the lab does not know this firewall rule: ${rule}`)
  const { action, protocol, source, destination, port } = match.groups as unknown as SuricataRule
  const address = (side: 'saddr' | 'daddr', value: string) => {
    if (value === 'any') return ''
    if (!value.startsWith('@')) return `ip ${side} ${value} `
    const group = sets[value.slice(1)]
    if (!group) throw new Error(`${value}: the rule group refers to no such set: ${rule}`)
    return `ip ${side} @${setName(group)} `
  }
  if (port !== 'any' && !/^\d+$/.test(port)) throw new Error(`the lab does not know the port ${port}: ${rule}`)
  const kind = protocol === 'ip' ? '' : port === 'any' ? `ip protocol ${protocol} ` : `${protocol} dport ${port} `
  return `${address('saddr', source)}${address('daddr', destination)}${kind}counter${VERDICT[action]}`
}
