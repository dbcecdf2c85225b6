/** Where a command was looked up, and how far. */
export interface CommandSource {
  /** The command, by its first words as the kit writes them. */
  readonly command: string
  /** The document and the chapter or subject in it. */
  readonly source: string
}

/** One document and the commands that were looked up in it. */
interface Page {
  readonly source: string
  readonly commands: readonly string[]
}

const sourcesOf = (pages: readonly Page[]): readonly CommandSource[] =>
  pages.flatMap(({ source, commands }) => commands.map((command) => ({ command, source })))

/** Every command of the Cisco IOS XE kit, by its first words. */
export const CISCO_SOURCES: readonly CommandSource[] = sourcesOf([
  {
    source:
      'FlexVPN and Internet Key Exchange Version 2 Configuration Guide, Cisco IOS XE: ' +
      'Configuring Internet Key Exchange Version 2',
    commands: [
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
      'set ikev2-profile',
    ],
  },
  {
    source: 'Security for VPNs with IPsec Configuration Guide, Cisco IOS XE: Configuring Security for VPNs with IPsec',
    commands: [
      'crypto ipsec transform-set',
      'mode tunnel',
      'crypto ipsec profile',
      'set transform-set',
      'set pfs group',
      'set security-association lifetime seconds',
      'set security-association replay window-size',
    ],
  },
  {
    source: 'Security for VPNs with IPsec Configuration Guide, Cisco IOS XE: IPsec Virtual Tunnel Interfaces',
    commands: [
      'interface',
      'description',
      'ip address',
      'ip mtu',
      'ip tcp adjust-mss',
      'tunnel source',
      'tunnel mode ipsec ipv4',
      'tunnel destination',
      'tunnel protection ipsec profile',
    ],
  },
  {
    source: 'Security Configuration Guide: Access Control Lists, Cisco IOS XE: Creating an IP Access List',
    commands: ['ip access-list extended', 'permit tcp', 'permit icmp', 'deny ip any any log', 'ip access-group'],
  },
  {
    source: 'IP Addressing: NAT Configuration Guide, Cisco IOS XE: Configuring NAT for IP Address Conservation',
    commands: ['ip nat inside source static network', 'ip nat inside', 'ip nat outside'],
  },
  {
    source: 'IP Routing: Protocol-Independent Configuration Guide, Cisco IOS XE: Static routes',
    commands: ['ip route'],
  },
  {
    source: 'IP Routing: BGP Configuration Guide, Cisco IOS XE: Configuring a Basic BGP Network',
    commands: [
      'ip prefix-list',
      'router bgp',
      'bgp log-neighbor-changes',
      'neighbor',
      'address-family ipv4',
      'network',
    ],
  },
  {
    source: 'Configuration Fundamentals Configuration Guide, Cisco IOS XE: Using the Command-Line Interface',
    commands: ['end'],
  },
])

const YAMAHA = 'ヤマハルーター コマンドリファレンス'

/** Every command of the Yamaha RTX kit, by its first words. */
export const YAMAHA_SOURCES: readonly CommandSource[] = sourcesOf([
  { source: `${YAMAHA}: IP の経路情報の設定 (gateway, null)`, commands: ['ip route'] },
  { source: `${YAMAHA}: IP パケットのフィルターの設定 (pass, reject, established)`, commands: ['ip filter'] },
  { source: `${YAMAHA}: フィルタリングによるセキュリティーの設定`, commands: ['ip lan2 secure filter'] },
  { source: `${YAMAHA}: 設定内容の保存`, commands: ['save'] },
])

/** Words of the strongSwan kit, by section or key. */
export const STRONGSWAN_SOURCES: readonly CommandSource[] = sourcesOf([
  {
    source: 'strongSwan documentation: swanctl.conf',
    commands: [
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
    ],
  },
  {
    source: 'strongSwan documentation: strongswan.conf',
    commands: ['install_routes', 'install_virtual_ip', 'retransmit_timeout', 'retransmit_tries', 'retransmit_base'],
  },
])
