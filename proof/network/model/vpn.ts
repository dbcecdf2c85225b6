import type { Attachment, Id, Party } from './network.ts'
import { vpnAttachment } from './aws-made.ts'
import type { Resources } from './resources.ts'

/**
 * Who is behind a gateway's address, and the network that stands for it; from the configuration, not from the template.
 */
export interface Peer {
  readonly party: Party
  readonly home: string
}

/** NET-2, stated here once more so that the proof does not lean on what makes the templates. */
const STRONG = {
  IKEVersions: ['ikev2'],
  Phase1EncryptionAlgorithms: ['AES128-GCM-16', 'AES256-GCM-16'],
  Phase2EncryptionAlgorithms: ['AES128-GCM-16', 'AES256-GCM-16'],
  Phase1IntegrityAlgorithms: ['SHA2-256', 'SHA2-384', 'SHA2-512'],
  Phase2IntegrityAlgorithms: ['SHA2-256', 'SHA2-384', 'SHA2-512'],
  Phase1DHGroupNumbers: [15, 16, 17, 18, 19, 20, 21],
  Phase2DHGroupNumbers: [15, 16, 17, 18, 19, 20, 21],
} as const

const NOT_PROPOSALS = [
  'TunnelInsideCidr',
  'Phase1LifetimeSeconds',
  'Phase2LifetimeSeconds',
  'StartupAction',
  'DPDTimeoutAction',
  'DPDTimeoutSeconds',
  'RekeyMarginTimeSeconds',
  'RekeyFuzzPercentage',
  'ReplayWindowSize',
  'EnableTunnelLifecycleControl',
  'LogOptions',
  'PreSharedKey',
]

/** VPN connections as attachments of the Transit Gateway, with all that is weak about their tunnels. */
export function readVpn(resources: Resources, peers: ReadonlyMap<string, Peer>): Record<Id, Attachment> {
  const attachments: Record<Id, Attachment> = {}
  for (const { id, properties } of resources.all('AWS::EC2::VPNConnection')) {
    const customer = resources.named(
      'AWS::EC2::CustomerGateway',
      properties['CustomerGatewayId'],
      `${id}.CustomerGatewayId`,
    )
    const gateway = resources.named(
      'AWS::EC2::TransitGateway',
      properties['TransitGatewayId'],
      `${id}.TransitGatewayId`,
    )
    if (!customer || !gateway) continue
    const address = String(customer.properties['IpAddress'])
    const peer = peers.get(address)
    attachments[vpnAttachment(id)] = {
      kind: 'vpn',
      gateway: gateway.id,
      connection: id,
      party: peer?.party ?? { kind: 'peer', id: address },
      home: peer?.home,
      weaknesses: weaknessesOf(properties['VpnTunnelOptionsSpecifications'], properties['Type'], (where, what) =>
        resources.gap(`${id}.${where}`, what),
      ),
    }
  }
  return attachments
}

/**
 * What a connection offers that NET-2 does not allow. What is left out is AWS's default, which offers everything, so it
 * is weak too.
 */
export function weaknessesOf(
  specifications: unknown,
  type: unknown,
  gap: (where: string, what: string) => void,
): string[] {
  if (type !== 'ipsec.1') return [`type ${String(type)} is no IPsec`]
  const tunnels = Array.isArray(specifications) ? (specifications as Record<string, unknown>[]) : []
  const missing = [0, 1]
    .filter((tunnel) => tunnels[tunnel] === undefined)
    .map((tunnel) => `tunnel ${tunnel + 1}: AWS's default options, which offer IKEv1, SHA-1 and group 2`)
  return [
    ...missing,
    ...tunnels.flatMap((options, tunnel) => {
      for (const key of Object.keys(options))
        if (!(key in STRONG) && !NOT_PROPOSALS.includes(key))
          gap(`VpnTunnelOptionsSpecifications[${tunnel}].${key}`, 'the option is not in the model')
      return Object.entries(STRONG).flatMap(([key, allowed]) => {
        const offered = Array.isArray(options[key])
          ? (options[key] as { Value: unknown }[]).map(({ Value }) => Value)
          : []
        if (offered.length === 0) return [`tunnel ${tunnel + 1}: ${key} is left to AWS, which offers weak ones too`]
        const weak = offered.filter(
          (value) => !(allowed as readonly unknown[]).some((strong) => String(strong) === String(value)),
        )
        return weak.length === 0 ? [] : [`tunnel ${tunnel + 1}: ${key} offers ${weak.join(', ')}`]
      })
    }),
  ]
}
