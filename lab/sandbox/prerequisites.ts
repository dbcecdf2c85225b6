import { closeSync, existsSync, openSync } from 'node:fs'

/** One thing the machine lacks. */
export interface Missing {
  readonly what: string
  readonly next: string
}

/** Everything this machine lacks for the lab; empty where it can run. */
export function missingPrerequisites(): Missing[] {
  const found: Missing[] = []
  if (process.platform !== 'linux')
    found.push({ what: `Linux (this is ${process.platform})`, next: 'run the lab in a Linux virtual machine' })
  if (process.getuid?.() !== 0)
    found.push({ what: 'root (network namespaces, packet capture)', next: 'sudo npm run lab' })
  if (process.platform === 'linux' && !tunDevice())
    found.push({
      what: '/dev/net/tun, openable (ESP runs in user space over it)',
      next: 'modprobe tun, or in a container: --device /dev/net/tun --cap-add NET_ADMIN',
    })
  for (const program of ['ip', 'unshare', 'nsenter', 'apt-get', 'dpkg']) {
    if (
      !(process.env.PATH ?? '')
        .split(':')
        .concat('/usr/sbin', '/sbin')
        .some((folder) => existsSync(`${folder}/${program}`))
    )
      found.push({
        what: `the program ${program}`,
        next: 'install iproute2, util-linux, apt and dpkg (Debian, Ubuntu)',
      })
  }
  return found
}

function tunDevice(): boolean {
  try {
    closeSync(openSync('/dev/net/tun', 'r+'))
    return true
  } catch {
    return false
  }
}
