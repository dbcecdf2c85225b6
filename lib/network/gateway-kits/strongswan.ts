import {
  BGP_HOLD_SECONDS,
  DPD_DELAY_SECONDS,
  header,
  UDP_TUNNEL_MSS,
  UDP_TUNNEL_MTU,
  type GatewayFacts,
  type KitFile,
  type KitTunnel,
} from './kit.ts'

/** strongSwan's keywords for AWS's words (strongSwan documentation, "IKEv2 cipher suites"). */
const ENCRYPTION: Readonly<Record<string, string>> = { 'AES256-GCM-16': 'aes256gcm16', 'AES128-GCM-16': 'aes128gcm16' }
const PRF: Readonly<Record<string, string>> = {
  'SHA2-256': 'prfsha256',
  'SHA2-384': 'prfsha384',
  'SHA2-512': 'prfsha512',
}
const GROUP: Readonly<Record<number, string>> = {
  15: 'modp3072',
  16: 'modp4096',
  17: 'modp6144',
  18: 'modp8192',
  19: 'ecp256',
  20: 'ecp384',
  21: 'ecp521',
}

/** Interfaces of the two tunnels on a Linux gateway. */
const tunnelInterface = (number: 1 | 2) => `ipsec${number}`

function keywords(values: readonly (string | number)[], names: Readonly<Record<string | number, string>>): string {
  return values
    .map((value) => {
      const name = names[value]
      if (name === undefined) throw new Error(`strongSwan: no keyword for ${value}`)
      return name
    })
    .join('-')
}

/** The device asks for new keys first, at four fifths of a key's life; AWS would at 540 s before its end (rekey margin and fuzz). */
const rekeyAfter = (lifetime: number) => Math.floor(lifetime * 0.8)

/** The strongSwan kit: IKE and ESP, routes, filters with translation, BGP. For Linux 4.19 or later with strongSwan 5.9, BIRD 2 and nftables. */
export function strongswanKit(facts: GatewayFacts): KitFile[] {
  const name = `renkei-${facts.database.id.toLowerCase()}`
  return [
    ...facts.tunnels.map((tunnel) => ({
      path: `swanctl/conf.d/${name}-${tunnel.number}.conf`,
      text: connection(facts, tunnel, `${name}-${tunnel.number}`),
    })),
    { path: `strongswan.d/${name}.conf`, text: charonOptions(facts) },
    { path: `${name}.nft`, text: filters(facts, name) },
    { path: `${name}-network.sh`, text: network(facts, name) },
    { path: 'bird.conf', text: bird(facts) },
  ]
}

function connection(facts: GatewayFacts, tunnel: KitTunnel, name: string): string {
  const {
    proposals: { encryption, integrity, dhGroups, phase1LifetimeSeconds, phase2LifetimeSeconds },
    database: { peer },
  } = facts
  const groups = keywords(dhGroups, GROUP)
  return `${header(facts, `Tunnel ${tunnel.number}`, '#')}
connections {
  ${name} {
    version = 2
    local_addrs = %any
    remote_addrs = ${tunnel.outside}
    proposals = ${keywords(encryption, ENCRYPTION)}-${keywords(integrity, PRF)}-${groups}
    # ESP always in UDP: it passes whatever stands between
    encap = yes
    mobike = no
    dpd_delay = ${DPD_DELAY_SECONDS}s
    keyingtries = 0
    rekey_time = ${rekeyAfter(phase1LifetimeSeconds)}s
    over_time = ${phase1LifetimeSeconds - rekeyAfter(phase1LifetimeSeconds)}s
    if_id_in = ${tunnel.number}
    if_id_out = ${tunnel.number}
    local {
      auth = psk
      id = ${peer.address}
    }
    remote {
      auth = psk
      id = ${tunnel.outside}
    }
    children {
      ${name} {
        # routes and filters decide what enters the tunnel, see the .nft file; AWS proposes no narrower selectors
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = ${keywords(encryption, ENCRYPTION)}-${groups}
        life_time = ${phase2LifetimeSeconds}s
        rekey_time = ${rekeyAfter(phase2LifetimeSeconds)}s
        start_action = start
        dpd_action = restart
        close_action = start
      }
    }
  }
}
secrets {
  ike-${name} {
    id-1 = ${peer.address}
    id-2 = ${tunnel.outside}
    secret = "${tunnel.preSharedKey}"
  }
}
`
}

function charonOptions(facts: GatewayFacts): string {
  return `${header(facts, 'Options of the IKE daemon', '#')}
charon {
  # routes are BIRD's and the network script's
  install_routes = no
  install_virtual_ip = no
  # a peer that answers nothing is dead after ${DPD_DELAY_SECONDS} s of silence and four tries of 5 s, as AWS counts: 30 s
  retransmit_timeout = 5.0
  retransmit_tries = 3
  retransmit_base = 1.0
}
`
}

const interfaces = '{ "ipsec1", "ipsec2" }'

function filters(facts: GatewayFacts, name: string): string {
  const {
    presented,
    real,
    visiting,
    platform,
    database: { service },
    tunnels,
  } = facts
  const table = name.replaceAll('-', '_')
  const inside = (key: 'insideAws' | 'insidePeer') => `{ ${tunnels.map((tunnel) => tunnel[key]).join(', ')} }`
  return `#!/usr/sbin/nft -f
${header(facts, 'Filters and translation', '#')}
table ip ${table}
delete table ip ${table}
table ip ${table} {
  set visiting {
    type ipv4_addr; flags interval
    elements = { ${visiting.join(', ')} }
  }
  set platform {
    type ipv4_addr; flags interval
    elements = { ${platform.join(', ')} }
  }

  # A desktop's address is believed from a tunnel only, the presented network is reached from a tunnel only.
  chain spoofed {
    type filter hook prerouting priority raw; policy accept
    iifname != ${interfaces} ip saddr @platform drop
    iifname != ${interfaces} ip daddr ${presented} drop
  }

  # The presented network, address for address, to the real one; answers are translated back by the same entry.
  chain translation {
    type nat hook prerouting priority dstnat; policy accept
    iifname ${interfaces} ip saddr @visiting ip daddr ${presented} tcp dport ${service.port} dnat ip prefix to ip daddr map { ${presented} : ${real} }
  }

  chain forward {
    type filter hook forward priority filter; policy accept
    tcp flags syn / syn,rst iifname ${interfaces} tcp option maxseg size set ${UDP_TUNNEL_MSS}
    tcp flags syn / syn,rst oifname ${interfaces} tcp option maxseg size set ${UDP_TUNNEL_MSS}
    iifname ${interfaces} oifname ${interfaces} drop
    iifname ${interfaces} goto from_renkei
    oifname ${interfaces} goto to_renkei
    # Second layer behind the blackhole routes: what is meant for the platform leaves by a tunnel or not at all.
    ip daddr @platform drop
  }

  # Desktops to the one service, through the translation, and nothing else.
  chain from_renkei {
    ct state new,established ct direction original ip saddr @visiting ct original ip daddr ${presented} ip daddr ${real} tcp dport ${service.port} accept
    counter drop
  }

  # Answers only: the database side opens nothing.
  chain to_renkei {
    ct state established ct direction reply ip daddr @visiting ip saddr ${real} tcp sport ${service.port} accept
    counter drop
  }

  # The device itself speaks BGP with the other end of each tunnel, and answers its pings.
  chain input {
    type filter hook input priority filter; policy accept
    iifname ${interfaces} ip saddr ${inside('insideAws')} ip daddr ${inside('insidePeer')} tcp dport 179 accept
    iifname ${interfaces} ip saddr ${inside('insideAws')} ip daddr ${inside('insidePeer')} tcp sport 179 ct state established accept
    iifname ${interfaces} ip saddr ${inside('insideAws')} ip daddr ${inside('insidePeer')} icmp type { echo-request, echo-reply } accept
    iifname ${interfaces} drop
  }

  chain output {
    type filter hook output priority filter; policy accept
    oifname ${interfaces} ip saddr ${inside('insidePeer')} ip daddr ${inside('insideAws')} tcp dport 179 accept
    oifname ${interfaces} ip saddr ${inside('insidePeer')} ip daddr ${inside('insideAws')} tcp sport 179 accept
    oifname ${interfaces} ip saddr ${inside('insidePeer')} ip daddr ${inside('insideAws')} icmp type { echo-request, echo-reply } accept
    oifname ${interfaces} drop
    ip daddr @platform drop
  }
}
`
}

function network(facts: GatewayFacts, name: string): string {
  const { presented, visiting, platform, tunnels } = facts
  return `#!/bin/sh
${header(facts, 'Interfaces, blackhole routes, filters', '#')}
# Run as root at every start, before strongSwan and BIRD. It may run again at any time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# When a tunnel goes, its route goes with it; these stay behind, so that nothing looks for another way out.
for network in ${[...visiting, presented, ...platform].join(' ')}; do
  ip route replace blackhole "$network" metric 4294967295
done

nft -f "$here/${name}.nft"
echo 1 > /proc/sys/net/ipv4/ip_forward

tunnel() {
  ip link show dev "$1" > /dev/null 2>&1 || ip link add "$1" type xfrm if_id "$2"
  ip address replace "$3/30" dev "$1"
  ip link set dev "$1" mtu ${UDP_TUNNEL_MTU} up
  # an answer may come by the other tunnel than the question
  echo 2 > "/proc/sys/net/ipv4/conf/$1/rp_filter"
}
${tunnels.map(({ number, insidePeer }) => `tunnel ${tunnelInterface(number)} ${number} ${insidePeer}`).join('\n')}
`
}

function bird(facts: GatewayFacts): string {
  const {
    presented,
    visiting,
    tunnels,
    awsAsn,
    database: { peer },
  } = facts
  return `${header(facts, 'BGP', '#')}
log syslog all;
router id ${peer.address};
protocol device { scan time 5; }

protocol static presented {
  ipv4;
  route ${presented} blackhole;
}


protocol kernel {
  ipv4 { import none; export where source = RTS_BGP; };
}

template bgp renkei {
  local as ${peer.asn};
  # keepalives every third of it, as AWS asks
  hold time ${BGP_HOLD_SECONDS};
  connect retry time 5;
  connect delay time 2;
  error wait time 2, 10;
}
${tunnels
  .map(
    ({ number, insideAws, insidePeer }) => `
# ${number === 1 ? 'preferred in both directions' : 'takes over when the first goes'}
protocol bgp renkei_${number} from renkei {
  source address ${insidePeer};
  neighbor ${insideAws} as ${awsAsn};
  ipv4 {
    # only where desktops are, exactly
    import filter { bgp_local_pref = ${300 - 100 * number}; if net ~ [ ${visiting.join(', ')} ] then accept; reject; };
    # only the presented network
    export filter { bgp_med = ${100 * number}; if net = ${presented} then accept; reject; };
  };
}
`,
  )
  .join('')}`
}
