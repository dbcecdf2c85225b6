import { at, list, resourcesOf } from '../template.ts'
import type { LimitRule } from './limit.ts'

const tunnels = 2

/** Every option of both tunnels is written out: what is left out is AWS's default offer. */
const completeTunnelOptions: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::EC2::VPNConnection').flatMap(({ logicalId, properties }) => {
      const options = list(properties['VpnTunnelOptionsSpecifications'])
      const missing = options.flatMap((option, index) =>
        limits
          .list('vpn-tunnel-options')
          .filter((name) => at(option, name) === undefined)
          .map((name) => `tunnel ${index + 1}: ${name}`),
      )
      if (options.length !== tunnels) missing.push(`${tunnels - options.length} of ${tunnels} tunnels`)
      return missing.length > 0
        ? [
            limits.exceeded(
              'vpn-tunnel-options',
              stack,
              logicalId,
              `left to AWS's defaults: ${missing.join(', ')}`,
              'write every option for both tunnels',
            ),
          ]
        : []
    }),
  )

const connectionsPerRegion: LimitRule = (stacks, limits) => {
  const connections = stacks.flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::EC2::VPNConnection').map(({ logicalId }) => ({ stack, logicalId })),
  )
  const most = limits.number('vpn-connections-per-region')
  const beyond = connections[most]
  return beyond
    ? [
        limits.exceeded(
          'vpn-connections-per-region',
          beyond.stack,
          beyond.logicalId,
          `the platform has ${connections.length} VPN connections, AWS gives ${most} without a request`,
          'ask for a higher quota first (renkei preflight)',
        ),
      ]
    : []
}

/** What Site-to-Site VPN takes and leaves to defaults. */
export const vpnRules: readonly LimitRule[] = [completeTunnelOptions, connectionsPerRegion]
