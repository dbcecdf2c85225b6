import {
  BGP_HOLD_SECONDS,
  DPD_DELAY_SECONDS,
  header,
  UDP_TUNNEL_MTU,
  type KitData,
  type KitFile,
  type KitTunnel,
} from './kit.ts'
import { filters } from './strongswan-filters.ts'

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

/**
 * The device asks for new keys first, at four fifths of a key's life; AWS would at 540 s before its end (rekey margin
 * and fuzz). Seconds.
 */
const rekeyAfter = (lifetime: number) => Math.floor(lifetime * 0.8)

/**
 * The strongSwan kit: IKE and ESP, routes, filters with translation, BGP. For Linux 4.19 or later with strongSwan 5.9,
 * BIRD 2 and nftables.
 */
export function strongswanKit(data: KitData): KitFile[] {
  const name = `renkei-${data.database.id.toLowerCase()}`
  return [
    ...data.tunnels.map((tunnel) => ({
      path: `swanctl/conf.d/${name}-${tunnel.number}.conf`,
      text: connection(data, tunnel, `${name}-${tunnel.number}`),
    })),
    { path: `strongswan.d/${name}.conf`, text: charonOptions(data) },
    { path: `${name}.nft`, text: filters(data, name) },
    { path: `${name}-network.sh`, text: network(data, name) },
    { path: 'bird.conf', text: bird(data) },
  ]
}

function connection(data: KitData, tunnel: KitTunnel, name: string): string {
  const {
    proposals: { encryption, integrity, dhGroups, phase1LifetimeSeconds, phase2LifetimeSeconds },
    database: { peer },
  } = data
  const groups = keywords(dhGroups, GROUP)
  return `${header(data, `Tunnel ${tunnel.number}`, '#')}
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

function charonOptions(data: KitData): string {
  const silence = `${DPD_DELAY_SECONDS} s of silence and four tries of 5 s`
  return `${header(data, 'Options of the IKE daemon', '#')}
charon {
  # routes are BIRD's and the network script's
  install_routes = no
  install_virtual_ip = no
  # a peer that answers nothing is dead after ${silence}, as AWS counts: 30 s
  retransmit_timeout = 5.0
  retransmit_tries = 3
  retransmit_base = 1.0
}
`
}

function network(data: KitData, name: string): string {
  const { presented, visiting, platform, tunnels } = data
  return `#!/bin/sh
${header(data, 'Interfaces, blackhole routes, filters', '#')}
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

function bird(data: KitData): string {
  const {
    presented,
    visiting,
    tunnels,
    awsAsn,
    database: { peer },
  } = data
  return `${header(data, 'BGP', '#')}
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
