/** Where a command was looked up, and how far. */
export interface CommandSource {
  readonly command: string
  readonly source: string
}

const IKE =
  'FlexVPN and Internet Key Exchange Version 2 Configuration Guide, Cisco IOS XE: Configuring Internet Key Exchange Version 2'
const IPSEC = 'Security for VPNs with IPsec Configuration Guide, Cisco IOS XE: Configuring Security for VPNs with IPsec'
const TUNNEL = 'Security for VPNs with IPsec Configuration Guide, Cisco IOS XE: IPsec Virtual Tunnel Interfaces'
const ACL = 'Security Configuration Guide: Access Control Lists, Cisco IOS XE: Creating an IP Access List'
const NAT = 'IP Addressing: NAT Configuration Guide, Cisco IOS XE: Configuring NAT for IP Address Conservation'
const BGP = 'IP Routing: BGP Configuration Guide, Cisco IOS XE: Configuring a Basic BGP Network'
const ROUTE = 'IP Routing: Protocol-Independent Configuration Guide, Cisco IOS XE: Static routes'

/** Every command of the Cisco IOS XE kit, by its first words. */
export const CISCO_SOURCES: readonly CommandSource[] = [
  ...[
    'crypto ikev2 proposal',
    'encryption aes-gcm-',
    'prf sha',
    'group',
    'crypto ikev2 policy',
    'match address local',
    'proposal',
    'crypto ikev2 keyring',
    'peer',
    'address',
    'pre-shared-key',
    'crypto ikev2 profile',
    'match identity remote address',
    'identity local address',
    'authentication remote pre-share',
    'authentication local pre-share',
    'keyring local',
    'lifetime',
    'dpd',
  ].map((command) => ({ command, source: IKE })),
  ...[
    'crypto ipsec transform-set',
    'mode tunnel',
    'crypto ipsec profile',
    'set transform-set',
    'set pfs group',
    'set security-association lifetime seconds',
    'set security-association replay window-size',
  ].map((command) => ({ command, source: IPSEC })),
  { command: 'set ikev2-profile', source: IKE },
  ...[
    'interface',
    'description',
    'ip address',
    'ip mtu',
    'ip tcp adjust-mss',
    'tunnel source',
    'tunnel mode ipsec ipv4',
    'tunnel destination',
    'tunnel protection ipsec profile',
  ].map((command) => ({ command, source: TUNNEL })),
  ...['ip access-list extended', 'permit tcp', 'permit icmp', 'deny ip any any log', 'ip access-group'].map(
    (command) => ({ command, source: ACL }),
  ),
  ...['ip nat inside source static network', 'ip nat inside', 'ip nat outside'].map((command) => ({
    command,
    source: NAT,
  })),
  { command: 'ip route', source: ROUTE },
  ...['ip prefix-list', 'router bgp', 'bgp log-neighbor-changes', 'neighbor', 'address-family ipv4', 'network'].map(
    (command) => ({ command, source: BGP }),
  ),
  {
    command: 'end',
    source: 'Configuration Fundamentals Configuration Guide, Cisco IOS XE: Using the Command-Line Interface',
  },
]

const YAMAHA = 'ヤマハルーター コマンドリファレンス'

/** Every command of the Yamaha RTX kit, by its first words. */
export const YAMAHA_SOURCES: readonly CommandSource[] = [
  { command: 'ip route', source: `${YAMAHA}: IP の経路情報の設定 (gateway, null)` },
  { command: 'ip filter', source: `${YAMAHA}: IP パケットのフィルターの設定 (pass, reject, established)` },
  { command: 'ip lan2 secure filter', source: `${YAMAHA}: フィルタリングによるセキュリティーの設定` },
  { command: 'save', source: `${YAMAHA}: 設定内容の保存` },
]

/** Words of the strongSwan kit, by section or key. */
export const STRONGSWAN_SOURCES: readonly CommandSource[] = [
  ...[
    'version',
    'local_addrs',
    'remote_addrs',
    'proposals',
    'encap',
    'mobike',
    'dpd_delay',
    'keyingtries',
    'rekey_time',
    'over_time',
    'if_id_in',
    'if_id_out',
    'auth',
    'id',
    'local_ts',
    'remote_ts',
    'esp_proposals',
    'life_time',
    'start_action',
    'dpd_action',
    'close_action',
    'id-1',
    'id-2',
    'secret',
  ].map((command) => ({ command, source: 'strongSwan documentation: swanctl.conf' })),
  ...['install_routes', 'install_virtual_ip', 'retransmit_timeout', 'retransmit_tries', 'retransmit_base'].map(
    (command) => ({ command, source: 'strongSwan documentation: strongswan.conf' }),
  ),
]
