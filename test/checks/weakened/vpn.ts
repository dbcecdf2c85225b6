import { change, tunnel, type Weakening } from './weakening.ts'

/** Tunnels to the databases: algorithms, lifetimes, keys, routes. */
export const vpn: readonly Weakening[] = [
  {
    name: 'the second tunnel also offers IKEv1',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_ikev2_only',
    weaken: tunnel((second) => {
      second['IKEVersions'].push({ Value: 'ikev1' })
    }),
  },
  {
    name: 'the second tunnel leaves the IKE version to AWS',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_ikev2_only',
    weaken: tunnel((second) => {
      delete second['IKEVersions']
    }),
  },
  {
    name: 'a tunnel offers AES-CBC',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_aes_gcm_only',
    weaken: tunnel((second) => {
      second['Phase2EncryptionAlgorithms'] = [{ Value: 'AES256' }]
    }),
  },
  {
    name: 'a tunnel offers SHA-1',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_sha2_only',
    weaken: tunnel((second) => {
      second['Phase1IntegrityAlgorithms'].push({ Value: 'SHA1' })
    }),
  },
  {
    name: 'a tunnel offers group 2 for rekeying',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_strong_groups_only',
    weaken: tunnel((second) => {
      second['Phase2DHGroupNumbers'].push({ Value: 2 })
    }),
  },
  {
    name: 'a tunnel offers group 14',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_strong_groups_only',
    weaken: tunnel((second) => {
      second['Phase1DHGroupNumbers'] = [{ Value: 14 }]
    }),
  },
  {
    name: 'traffic keys live eight hours',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_short_lifetimes',
    weaken: tunnel((second) => {
      second['Phase2LifetimeSeconds'] = 28_800
    }),
  },
  {
    name: 'the second tunnel is left to AWS',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'NET_2_two_explicit_tunnels',
    weaken: change('AWS::EC2::VPNConnection', (connection) => {
      connection['VpnTunnelOptionsSpecifications'].pop()
    }),
  },
  {
    name: "a tunnel's log is off",
    requirement: 'LOG-1',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'LOG_1_tunnel_logs',
    weaken: tunnel((second) => {
      second['LogOptions'].CloudwatchLogOptions.LogEnabled = false
    }),
  },
  {
    name: "a tunnel's log is missing",
    requirement: 'LOG-1',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'LOG_1_tunnel_logs',
    weaken: tunnel((second) => {
      delete second['LogOptions']
    }),
  },
  {
    name: 'a pre-shared key stands in the template',
    requirement: 'AUTH-4',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'AUTH_4_no_written_shared_key',
    weaken: tunnel((second) => {
      second['PreSharedKey'] = 'written'
    }),
  },
  {
    name: 'pre-shared keys leave Secrets Manager',
    requirement: 'AUTH-4',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'AUTH_4_no_written_shared_key',
    weaken: change('AWS::EC2::VPNConnection', (connection) => {
      connection['PreSharedKeyStorage'] = 'Standard'
    }),
  },
  {
    name: 'one option of one tunnel is left out',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'limits',
    rule: 'vpn-tunnel-options',
    weaken: tunnel((second) => {
      delete second['Phase2IntegrityAlgorithms']
    }),
  },
  {
    name: 'a connection ends elsewhere than on the Transit Gateway',
    requirement: 'C-3',
    stack: 'link-NDB',
    check: 'guard',
    rule: 'C_3_static_routes_are_not_announced',
    weaken: change('AWS::EC2::VPNConnection', (connection) => {
      delete connection['TransitGatewayId']
      connection['VpnGatewayId'] = 'vgw'
    }),
  },
]
