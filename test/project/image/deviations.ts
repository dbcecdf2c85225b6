const wsp = 'etc/wsp/wsp.conf'
/**
 * What an administrator, an update or a person could have done on a hardened desktop, the setting that must refuse it,
 * and its requirement.
 */
export interface Deviation {
  readonly what: string
  readonly command: string
  readonly setting: string
  readonly requirement: string
}
/** Each deviation alone is enough to refuse the session. */
export const deviations: readonly Deviation[] = [
  {
    what: 'the clipboard switched on',
    command: `sed -i 's/^clipboard = disabled/clipboard = enabled/' ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'the clipboard allowed one way',
    command: `sed -i 's/^clipboard = disabled/clipboard = copy-only/' ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'a second clipboard line that wins',
    command: `sed -i '/^clipboard = disabled/a clipboard=enabled' ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'a second [policies] group that wins',
    command: `printf '[policies]\\nclipboard = enabled\\n' >> ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'the clipboard line commented out',
    command: `sed -i 's/^clipboard = disabled/#&/' ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'printing switched on',
    command: `sed -i 's/^remote-printing = .*/remote-printing = enabled/' ${wsp}`,
    setting: 'printing',
    requirement: 'VIS-2',
  },
  {
    what: 'the microphone switched on',
    command: `sed -i 's/^audio-in = .*/audio-in = enabled/' ${wsp}`,
    setting: 'audio-in',
    requirement: 'VIS-2',
  },
  {
    what: 'the camera left at its default',
    command: `sed -i '/^video-in/d' ${wsp}`,
    setting: 'video-in',
    requirement: 'VIS-2',
  },
  {
    what: 'the time zone of the terminal',
    command: `sed -i '/^timezone-redirection/d' ${wsp}`,
    setting: 'time-zone',
    requirement: 'LOG-2',
  },
  {
    what: 'a lock that leaves the session connected',
    command: `sed -i 's/^disconnect-on-lock = .*/disconnect-on-lock = disabled/' ${wsp}`,
    setting: 'disconnect-on-lock',
    requirement: 'VIS-3',
  },
  { what: 'wsp.conf removed', command: `rm ${wsp}`, setting: 'clipboard', requirement: 'VIS-2' },
  { what: 'wsp.conf writable by everybody', command: `chmod 666 ${wsp}`, setting: 'clipboard', requirement: 'VIS-2' },
  {
    what: 'wsp.conf led elsewhere',
    command: `mv ${wsp} tmp-wsp; ln -s ../../tmp-wsp ${wsp}`,
    setting: 'clipboard',
    requirement: 'VIS-2',
  },
  {
    what: 'USB storage allowed',
    command: 'sed -i /usb-storage/d etc/modprobe.d/renkei.conf',
    setting: 'usb-and-drives',
    requirement: 'VIS-2',
  },
  {
    what: 'USB storage loaded',
    command: "echo 'usb_storage 81920 0 - Live 0x0' >> proc/modules",
    setting: 'usb-and-drives',
    requirement: 'VIS-2',
  },
  {
    what: 'USB redirection allowed by another file',
    command: "echo 'install vhci-hcd /sbin/modprobe --ignore-install vhci-hcd' > etc/modprobe.d/zz.conf",
    setting: 'usb-and-drives',
    requirement: 'VIS-2',
  },
  {
    what: 'drives through FUSE',
    command: "echo 'fuse 1 0 - Live 0x0' >> proc/modules",
    setting: 'usb-and-drives',
    requirement: 'VIS-2',
  },
  {
    what: 'the print service back',
    command: 'rm etc/systemd/system/cups.service',
    setting: 'no-cups',
    requirement: 'VIS-2',
  },
  {
    what: 'a longer idle time',
    command: 'sed -i s/900/3600/ etc/dconf/db/renkei.d/10-lock',
    setting: 'idle-lock',
    requirement: 'VIS-3',
  },
  {
    what: 'no lock',
    command: 'sed -i s/lock-enabled=true/lock-enabled=false/ etc/dconf/db/renkei.d/10-lock',
    setting: 'idle-lock',
    requirement: 'VIS-3',
  },
  {
    what: 'a setting that the person may change',
    command: 'sed -i 1d etc/dconf/db/renkei.d/locks/renkei',
    setting: 'settings-locked',
    requirement: 'VIS-3',
  },
  {
    what: 'another settings file beside ours',
    command: "printf '[org/gnome/desktop/session]\\nidle-delay=uint32 0\\n' > etc/dconf/db/renkei.d/99-mine",
    setting: 'only-our-desktop-settings',
    requirement: 'VIS-3',
  },
  {
    what: 'settings that were not compiled',
    command: 'touch -d "+1 hour" etc/dconf/db/renkei.d/10-lock',
    setting: 'desktop-settings-compiled',
    requirement: 'VIS-3',
  },
  {
    what: 'no compiled settings at all',
    command: 'rm etc/dconf/db/renkei',
    setting: 'desktop-settings-compiled',
    requirement: 'VIS-3',
  },
  {
    what: 'a profile that leaves our settings out',
    command: "echo 'user-db:user' > etc/dconf/profile/user",
    setting: 'desktop-profile',
    requirement: 'VIS-3',
  },
  {
    what: 'the second idle lock gone',
    command: 'rm etc/systemd/logind.conf.d/renkei.conf',
    setting: 'idle-lock-second',
    requirement: 'VIS-3',
  },
  {
    what: 'the watermark switched off',
    command: 'sed -i "s/\'watermark@renkei\'//" etc/dconf/db/renkei.d/20-watermark',
    setting: 'watermark-shown',
    requirement: 'VIS-2',
  },
  {
    what: 'a paler watermark',
    command: 'sed -i s/0.28/0.01/ usr/share/gnome-shell/extensions/watermark@renkei/extension.js',
    setting: 'watermark-program',
    requirement: 'VIS-2',
  },
  {
    what: 'the watermark made for another shell',
    command: 'sed -i s/3.32/40/ usr/share/gnome-shell/extensions/watermark@renkei/metadata.json',
    setting: 'watermark-description',
    requirement: 'VIS-2',
  },
  {
    what: 'another clock',
    command: "echo 'server ntp.example.org' >> etc/chrony.conf",
    setting: 'time-source',
    requirement: 'LOG-2',
  },
  {
    what: 'no clock',
    command: 'rm etc/systemd/system/multi-user.target.wants/chronyd.service',
    setting: 'time-service',
    requirement: 'LOG-2',
  },
  {
    what: 'the clock masked',
    command: 'ln -s /dev/null etc/systemd/system/chronyd.service',
    setting: 'time-service',
    requirement: 'LOG-2',
  },
  {
    what: 'names asked of the domain controllers',
    command: "echo 'nameserver 172.24.0.10' > etc/resolv.conf",
    setting: 'resolver',
    requirement: 'NET-4',
  },
  {
    what: 'a resolver that DHCP may change',
    command: 'rm etc/NetworkManager/conf.d/90-renkei.conf',
    setting: 'resolver-untouched',
    requirement: 'NET-4',
  },
  {
    what: 'port 53 to the controllers open',
    command: 'sed -i /dport/d etc/sysconfig/nftables.conf',
    setting: 'packet-filter',
    requirement: 'NET-4',
  },
  {
    what: 'the packet filter not started',
    command: 'rm etc/systemd/system/multi-user.target.wants/nftables.service',
    setting: 'packet-filter-service',
    requirement: 'NET-4',
  },
  {
    what: 'SSH back',
    command: 'ln -sfn /usr/lib/systemd/system/sshd.service etc/systemd/system/sshd.service',
    setting: 'no-remote-login',
    requirement: 'NET-5',
  },
  {
    what: 'a desktop that forwards',
    command: 'echo 1 > proc/sys/net/ipv4/ip_forward',
    setting: 'no-forwarding',
    requirement: 'NET-5',
  },
  {
    what: 'forwarding set for the next start',
    command: 'sed -i "s/ip_forward = 0/ip_forward = 1/" etc/sysctl.d/99-renkei.conf',
    setting: 'no-forwarding',
    requirement: 'NET-5',
  },
  {
    what: 'IPv6',
    command: 'echo 0 > proc/sys/net/ipv6/conf/eth1/disable_ipv6',
    setting: 'no-ipv6',
    requirement: 'NET-4',
  },
  {
    what: 'sudo for a group',
    command: "echo '%wheel ALL=(ALL) ALL' >> etc/sudoers",
    setting: 'no-sudo',
    requirement: 'AUTH-5',
  },
  {
    what: 'sudo for a person in a file of their own',
    command: "echo 'taro ALL=(ALL) NOPASSWD: ALL' > etc/sudoers.d/taro",
    setting: 'no-sudo',
    requirement: 'AUTH-5',
  },
  {
    what: 'sudo for a user number',
    command: "echo '#1000 ALL=(ALL) ALL' >> etc/sudoers",
    setting: 'no-sudo',
    requirement: 'AUTH-5',
  },
  {
    what: 'sudo from another folder',
    command: "echo '#include /srv/taro/sudoers' >> etc/sudoers",
    setting: 'no-sudo',
    requirement: 'AUTH-5',
  },
  {
    what: 'files that others can read',
    command: 'sed -i "s/^UMASK.*/UMASK 022/" etc/login.defs',
    setting: 'umask-login',
    requirement: 'NET-5',
  },
  {
    what: 'a shell with another umask',
    command: "echo 'umask 000' >> etc/profile.d/renkei-umask.sh",
    setting: 'umask-shell',
    requirement: 'NET-5',
  },
  {
    what: 'swap in fstab',
    command: "echo '/swapfile none swap sw 0 0' >> etc/fstab",
    setting: 'no-swap',
    requirement: 'CRY-3',
  },
  {
    what: 'swap in use',
    command: "echo '/swapfile file 2097148 0 -2' >> proc/swaps",
    setting: 'no-swap',
    requirement: 'CRY-3',
  },
  { what: 'core dumps', command: 'echo 2 > proc/sys/fs/suid_dumpable', setting: 'no-core-dumps', requirement: 'VIS-5' },
  {
    what: 'tracing of other programs',
    command: 'echo 0 > proc/sys/kernel/yama/ptrace_scope',
    setting: 'no-tracing',
    requirement: 'AUTH-5',
  },
  {
    what: 'storage in another region',
    command: 'sed -i "s/^region = ap.*/region = us-east-1/" etc/amazon/efs/efs-utils.conf',
    setting: 'efs-region',
    requirement: 'CRY-2',
  },
  {
    what: 'storage without a certificate check',
    command:
      'sed -i "s/^stunnel_check_cert_hostname.*/stunnel_check_cert_hostname = false/" etc/amazon/efs/efs-utils.conf',
    setting: 'efs-certificate',
    requirement: 'CRY-2',
  },
  {
    what: 'a mount without TLS',
    command: 'sed -i s/tls,// usr/local/sbin/renkei-mount-project',
    setting: 'efs-mount',
    requirement: 'CRY-2',
  },
  {
    what: 'log-on without this check',
    command: 'sed -i /renkei-session-check/d etc/pam.d/postlogin',
    setting: 'session-check',
    requirement: 'VIS-2',
  },
  {
    what: 'log-on that ends before this check',
    command: "echo 'session sufficient pam_permit.so' >> etc/pam.d/postlogin",
    setting: 'session-check',
    requirement: 'VIS-2',
  },
  {
    what: 'a program that is not on the list',
    command: "echo 'htop 3 1 x86_64' >> var/packages",
    setting: 'software',
    requirement: 'SEC-4',
  },
  {
    what: 'another version of a program',
    command: 'sed -i "s/^glibc 2 28/glibc 2 29/" var/packages',
    setting: 'software',
    requirement: 'SEC-4',
  },
  {
    what: 'a program taken away',
    command: 'sed -i /^nftables/d var/packages',
    setting: 'software',
    requirement: 'SEC-4',
  },
  {
    what: 'file sharing, and the list changed with it',
    command:
      "echo 'transmission-gtk 3 1 x86_64' >> var/packages; " +
      "echo 'transmission-gtk-3-1.x86_64' >> etc/renkei/packages.allow",
    setting: 'software',
    requirement: 'SEC-4',
  },
  { what: 'no list of programs', command: 'rm etc/renkei/packages.allow', setting: 'software', requirement: 'SEC-4' },
]
