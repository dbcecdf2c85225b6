import type { CfnVPNConnection } from 'aws-cdk-lib/aws-ec2'
import type { IpsecProposals } from '#lib/kernel/config/schema.ts'

/** What differs between tunnels. */
export interface TunnelOptionsInput {
  /** Offered in both phases. */
  readonly proposals: IpsecProposals
  /** The /30 of the tunnel's two inside addresses. */
  readonly insideCidr: string
  /** The group of the tunnel log, without `:*`. */
  readonly tunnelLogArn: string
  /** The group of the BGP log, without `:*`. */
  readonly bgpLogArn: string
}

const values = <T>(list: readonly T[]) => list.map((value) => ({ value }))

/**
 * Every option of one tunnel, none left to AWS's defaults, which offer IKEv1, SHA-1 and DH group 2 (NET-2).
 * The same list stands in both phases, so that a device cannot agree on a strong first and a weak second (or a weaker
 * group for forward secrecy, which shows only when keys are renewed: docs/aws-behaviour.md, Site-to-Site VPN).
 */
export function tunnelOptions({
  proposals,
  insideCidr,
  tunnelLogArn,
  bgpLogArn,
}: TunnelOptionsInput): CfnVPNConnection.VpnTunnelOptionsSpecificationProperty {
  return {
    tunnelInsideCidr: insideCidr,
    ikeVersions: values(proposals.ikeVersions),
    phase1EncryptionAlgorithms: values(proposals.encryption),
    phase1IntegrityAlgorithms: values(proposals.integrity),
    phase1DhGroupNumbers: values(proposals.dhGroups),
    phase1LifetimeSeconds: proposals.phase1LifetimeSeconds,
    phase2EncryptionAlgorithms: values(proposals.encryption),
    phase2IntegrityAlgorithms: values(proposals.integrity),
    phase2DhGroupNumbers: values(proposals.dhGroups),
    phase2LifetimeSeconds: proposals.phase2LifetimeSeconds,
    // AWS opens the tunnel and opens it again after silence, so that recovery does not wait for the holder's device.
    startupAction: 'start',
    dpdTimeoutAction: 'restart',
    dpdTimeoutSeconds: 30,
    rekeyMarginTimeSeconds: 270,
    rekeyFuzzPercentage: 100,
    replayWindowSize: 1024,
    // AWS replaces an endpoint when we say so, not in the middle of a query, unless it is urgent.
    enableTunnelLifecycleControl: true,
    logOptions: {
      cloudwatchLogOptions: {
        logEnabled: true,
        logGroupArn: tunnelLogArn,
        logOutputFormat: 'json',
        bgpLogEnabled: true,
        bgpLogGroupArn: bgpLogArn,
        bgpLogOutputFormat: 'json',
      },
    },
  }
}
