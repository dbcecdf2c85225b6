import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, expect, test } from '@jest/globals'
import { freshMachine } from './machine.ts'
import { expectThat } from '#test/support/expect.ts'

const fresh = freshMachine()
const hardened = fresh.copy()
const first = hardened.harden()
afterAll(() => {
  fresh[Symbol.dispose]()
  hardened[Symbol.dispose]()
})

test('[VIS-2] a machine that was never hardened has no check to let it in', () => {
  expect(fresh.check().status).not.toBe(0)
})

test('[VIS-2] [VIS-3] a hardened machine passes the session check', () => {
  expectThat(first.status, first.output).toBe(0)
  expect(hardened.check()).toEqual({ status: 0, output: '' })
})

test('[VIS-2] hardening a second time changes nothing', () => {
  const tree = () =>
    execFileSync(
      'bash',
      ['-c', 'find . -type f -exec sha256sum {} + | sort; find . -type l -printf "%p %l\\n" | sort'],
      { cwd: hardened.root, encoding: 'utf8' },
    )
  const before = tree()
  const second = hardened.harden()
  expectThat(second.status, second.output).toBe(0)
  expect(second.output).not.toMatch(/^(changed|removed)/m)
  expect(tree()).toBe(before)
})

test('[VIS-2] hardening keeps what is not ours in the files that it edits', () => {
  const wsp = readFileSync(hardened.path('etc/wsp/wsp.conf'), 'utf8')
  expect(wsp).toMatch(/\[logging\]\nclipboard = verbose\nlevel = info/)
  expect(wsp.match(/clipboard = disabled/g)?.length).toBe(1)
  expect(readFileSync(hardened.path('etc/amazon/efs/efs-utils.conf'), 'utf8')).toMatch(/\[cloudwatch-log\]\nregion = x/)
  expect(readFileSync(hardened.path('etc/sudoers'), 'utf8')).toMatch(/^root ALL=\(ALL\) ALL$/m)
})

const wsp = 'etc/wsp/wsp.conf'
/** What an administrator, an update or a person could have done, the setting that must refuse it, and its requirement. */
const deviations: readonly (readonly [what: string, command: string, setting: string, requirement: string])[] = [
  ['the clipboard switched on', `sed -i 's/^clipboard = disabled/clipboard = enabled/' ${wsp}`, 'clipboard', 'VIS-2'],
  [
    'the clipboard allowed one way',
    `sed -i 's/^clipboard = disabled/clipboard = copy-only/' ${wsp}`,
    'clipboard',
    'VIS-2',
  ],
  [
    'a second clipboard line that wins',
    `sed -i '/^clipboard = disabled/a clipboard=enabled' ${wsp}`,
    'clipboard',
    'VIS-2',
  ],
  [
    'a second [policies] group that wins',
    `printf '[policies]\\nclipboard = enabled\\n' >> ${wsp}`,
    'clipboard',
    'VIS-2',
  ],
  ['the clipboard line commented out', `sed -i 's/^clipboard = disabled/#&/' ${wsp}`, 'clipboard', 'VIS-2'],
  ['printing switched on', `sed -i 's/^remote-printing = .*/remote-printing = enabled/' ${wsp}`, 'printing', 'VIS-2'],
  ['the microphone switched on', `sed -i 's/^audio-in = .*/audio-in = enabled/' ${wsp}`, 'audio-in', 'VIS-2'],
  ['the camera left at its default', `sed -i '/^video-in/d' ${wsp}`, 'video-in', 'VIS-2'],
  ['the time zone of the terminal', `sed -i '/^timezone-redirection/d' ${wsp}`, 'time-zone', 'LOG-2'],
  [
    'a lock that leaves the session connected',
    `sed -i 's/^disconnect-on-lock = .*/disconnect-on-lock = disabled/' ${wsp}`,
    'disconnect-on-lock',
    'VIS-3',
  ],
  ['wsp.conf removed', `rm ${wsp}`, 'clipboard', 'VIS-2'],
  ['wsp.conf writable by everybody', `chmod 666 ${wsp}`, 'clipboard', 'VIS-2'],
  ['wsp.conf led elsewhere', `mv ${wsp} tmp-wsp; ln -s ../../tmp-wsp ${wsp}`, 'clipboard', 'VIS-2'],
  ['USB storage allowed', 'sed -i /usb-storage/d etc/modprobe.d/renkei.conf', 'usb-and-drives', 'VIS-2'],
  ['USB storage loaded', "echo 'usb_storage 81920 0 - Live 0x0' >> proc/modules", 'usb-and-drives', 'VIS-2'],
  [
    'USB redirection allowed by another file',
    "echo 'install vhci-hcd /sbin/modprobe --ignore-install vhci-hcd' > etc/modprobe.d/zz.conf",
    'usb-and-drives',
    'VIS-2',
  ],
  ['drives through FUSE', "echo 'fuse 1 0 - Live 0x0' >> proc/modules", 'usb-and-drives', 'VIS-2'],
  ['the print service back', 'rm etc/systemd/system/cups.service', 'no-cups', 'VIS-2'],
  ['a longer idle time', 'sed -i s/900/3600/ etc/dconf/db/renkei.d/10-lock', 'idle-lock', 'VIS-3'],
  ['no lock', 'sed -i s/lock-enabled=true/lock-enabled=false/ etc/dconf/db/renkei.d/10-lock', 'idle-lock', 'VIS-3'],
  ['a setting that the person may change', 'sed -i 1d etc/dconf/db/renkei.d/locks/renkei', 'settings-locked', 'VIS-3'],
  [
    'another settings file beside ours',
    "printf '[org/gnome/desktop/session]\\nidle-delay=uint32 0\\n' > etc/dconf/db/renkei.d/99-mine",
    'only-our-desktop-settings',
    'VIS-3',
  ],
  [
    'settings that were not compiled',
    'touch -d "+1 hour" etc/dconf/db/renkei.d/10-lock',
    'desktop-settings-compiled',
    'VIS-3',
  ],
  ['no compiled settings at all', 'rm etc/dconf/db/renkei', 'desktop-settings-compiled', 'VIS-3'],
  [
    'a profile that leaves our settings out',
    "echo 'user-db:user' > etc/dconf/profile/user",
    'desktop-profile',
    'VIS-3',
  ],
  ['the second idle lock gone', 'rm etc/systemd/logind.conf.d/renkei.conf', 'idle-lock-second', 'VIS-3'],
  [
    'the watermark switched off',
    'sed -i "s/\'watermark@renkei\'//" etc/dconf/db/renkei.d/20-watermark',
    'watermark-shown',
    'VIS-2',
  ],
  [
    'a paler watermark',
    'sed -i s/0.28/0.01/ usr/share/gnome-shell/extensions/watermark@renkei/extension.js',
    'watermark-program',
    'VIS-2',
  ],
  [
    'the watermark made for another shell',
    'sed -i s/3.32/40/ usr/share/gnome-shell/extensions/watermark@renkei/metadata.json',
    'watermark-description',
    'VIS-2',
  ],
  ['another clock', "echo 'server ntp.example.org' >> etc/chrony.conf", 'time-source', 'LOG-2'],
  ['no clock', 'rm etc/systemd/system/multi-user.target.wants/chronyd.service', 'time-service', 'LOG-2'],
  ['the clock masked', 'ln -s /dev/null etc/systemd/system/chronyd.service', 'time-service', 'LOG-2'],
  ['names asked of the domain controllers', "echo 'nameserver 172.24.0.10' > etc/resolv.conf", 'resolver', 'NET-4'],
  ['a resolver that DHCP may change', 'rm etc/NetworkManager/conf.d/90-renkei.conf', 'resolver-untouched', 'NET-4'],
  ['port 53 to the controllers open', 'sed -i /dport/d etc/sysconfig/nftables.conf', 'packet-filter', 'NET-4'],
  [
    'the packet filter not started',
    'rm etc/systemd/system/multi-user.target.wants/nftables.service',
    'packet-filter-service',
    'NET-4',
  ],
  [
    'SSH back',
    'ln -sfn /usr/lib/systemd/system/sshd.service etc/systemd/system/sshd.service',
    'no-remote-login',
    'NET-5',
  ],
  ['a desktop that forwards', 'echo 1 > proc/sys/net/ipv4/ip_forward', 'no-forwarding', 'NET-5'],
  [
    'forwarding set for the next start',
    'sed -i "s/ip_forward = 0/ip_forward = 1/" etc/sysctl.d/99-renkei.conf',
    'no-forwarding',
    'NET-5',
  ],
  ['IPv6', 'echo 0 > proc/sys/net/ipv6/conf/eth1/disable_ipv6', 'no-ipv6', 'NET-4'],
  ['sudo for a group', "echo '%wheel ALL=(ALL) ALL' >> etc/sudoers", 'no-sudo', 'AUTH-5'],
  [
    'sudo for a person in a file of their own',
    "echo 'taro ALL=(ALL) NOPASSWD: ALL' > etc/sudoers.d/taro",
    'no-sudo',
    'AUTH-5',
  ],
  ['sudo for a user number', "echo '#1000 ALL=(ALL) ALL' >> etc/sudoers", 'no-sudo', 'AUTH-5'],
  ['sudo from another folder', "echo '#include /srv/taro/sudoers' >> etc/sudoers", 'no-sudo', 'AUTH-5'],
  ['files that others can read', 'sed -i "s/^UMASK.*/UMASK 022/" etc/login.defs', 'umask-login', 'NET-5'],
  ['a shell with another umask', "echo 'umask 000' >> etc/profile.d/renkei-umask.sh", 'umask-shell', 'NET-5'],
  ['swap in fstab', "echo '/swapfile none swap sw 0 0' >> etc/fstab", 'no-swap', 'CRY-3'],
  ['swap in use', "echo '/swapfile file 2097148 0 -2' >> proc/swaps", 'no-swap', 'CRY-3'],
  ['core dumps', 'echo 2 > proc/sys/fs/suid_dumpable', 'no-core-dumps', 'VIS-5'],
  ['tracing of other programs', 'echo 0 > proc/sys/kernel/yama/ptrace_scope', 'no-tracing', 'AUTH-5'],
  [
    'storage in another region',
    'sed -i "s/^region = ap.*/region = us-east-1/" etc/amazon/efs/efs-utils.conf',
    'efs-region',
    'CRY-2',
  ],
  [
    'storage without a certificate check',
    'sed -i "s/^stunnel_check_cert_hostname.*/stunnel_check_cert_hostname = false/" etc/amazon/efs/efs-utils.conf',
    'efs-certificate',
    'CRY-2',
  ],
  ['a mount without TLS', 'sed -i s/tls,// usr/local/sbin/renkei-mount-project', 'efs-mount', 'CRY-2'],
  ['log-on without this check', 'sed -i /renkei-session-check/d etc/pam.d/postlogin', 'session-check', 'VIS-2'],
  [
    'log-on that ends before this check',
    "echo 'session sufficient pam_permit.so' >> etc/pam.d/postlogin",
    'session-check',
    'VIS-2',
  ],
  ['a program that is not on the list', "echo 'htop 3 1 x86_64' >> var/packages", 'software', 'SEC-4'],
  ['another version of a program', 'sed -i "s/^glibc 2 28/glibc 2 29/" var/packages', 'software', 'SEC-4'],
  ['a program taken away', 'sed -i /^nftables/d var/packages', 'software', 'SEC-4'],
  [
    'file sharing, and the list changed with it',
    "echo 'transmission-gtk 3 1 x86_64' >> var/packages; echo 'transmission-gtk-3-1.x86_64' >> etc/renkei/packages.allow",
    'software',
    'TER-2',
  ],
  ['no list of programs', 'rm etc/renkei/packages.allow', 'software', 'SEC-4'],
]

for (const [what, command, setting, requirement] of deviations) {
  test(`[${requirement}] the session is refused on a desktop with ${what}`, () => {
    using machine = hardened.copy()
    machine.shell(command)
    const { status, output } = machine.check()
    expectThat(status, output).toBe(1)
    expect(output).toMatch(
      new RegExp(`refused: ${setting} \\[[A-Z0-9 -]*${requirement}[A-Z0-9 -]*\\]: .+ is .+, wanted .+`),
    )
    expect(output).toMatch(/no session is given/)
  })
}

test('[VIS-2] hardening repairs every deviation in the files', () => {
  using machine = hardened.copy()
  machine.write('var/packages', readFileSync(machine.path('var/packages'), 'utf8'))
  for (const [, command] of deviations) {
    // What the running kernel holds, what is installed and links out of place are for the administrator.
    if (/proc\/|var\/packages|packages\.allow|zz\.conf|ln -s|^rm etc\/dconf|chmod/.test(command)) continue
    machine.shell(`${command} || true`)
  }
  const { status, output } = machine.harden()
  expectThat(status, output).toBe(0)
  expect(machine.check()).toEqual({ status: 0, output: '' })
})
