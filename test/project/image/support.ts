import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writeImageFiles } from '#lib/project/image/image.ts'

/** A machine's file system in a folder, as WorkSpaces' Rocky Linux image hands it over: everything still open. */
const files: Readonly<Record<string, string>> = {
  'etc/wsp/wsp.conf':
    '# DCV agent\n[policies]\nclipboard = enabled\nremote-printing=enabled\n\n' +
    '[logging]\nclipboard = verbose\nlevel = info\n',
  'etc/fstab': 'UUID=1 / xfs defaults 0 0\n/swapfile none swap sw 0 0\n',
  'etc/sudoers':
    'Defaults !visiblepw\nDefaults secure_path = /sbin:/bin\n\n' +
    '## Allow root\nroot ALL=(ALL) ALL\n%wheel ALL=(ALL) ALL\n#includedir /etc/sudoers.d\n',
  'etc/sudoers.d/90-workspaces': '%Domain\\ Admins ALL=(ALL) NOPASSWD: ALL\n',
  'etc/pam.d/postlogin': '#%PAM-1.0\nsession optional pam_umask.so silent\n',
  'etc/login.defs': 'UMASK\t\t022\nHOME_MODE 0700\n',
  'etc/amazon/efs/efs-utils.conf':
    '[DEFAULT]\nlogging_level = INFO\n\n' +
    '[mount]\ndns_name_format = {az}.{fs_id}.efs.{region}.{dns_name_suffix}\n' +
    '#region = us-east-1\nstunnel_check_cert_hostname = false\n\n' +
    '[cloudwatch-log]\nregion = x\n',
  'etc/resolv.conf': 'nameserver 10.0.0.2\n',
  'etc/chrony.conf': 'pool 2.rocky.pool.ntp.org iburst\n',
  'proc/modules': 'xfs 1 0 - Live 0x0\n',
  'proc/swaps': 'Filename Type Size Used Priority\n',
  'proc/sys/net/ipv4/ip_forward': '0\n',
  'proc/sys/net/ipv6/conf/eth1/disable_ipv6': '1\n',
  'proc/sys/fs/suid_dumpable': '0\n',
  'proc/sys/kernel/yama/ptrace_scope': '1\n',
  'var/packages': 'bash 5 1 x86_64\ncups 2 1 x86_64\nglibc 2 28 x86_64\nrhythmbox 3 4 x86_64\n',
}

/** The three programs of the machine that the scripts call, over `var/packages` in place of a package database. */
const programs: Readonly<Record<string, string>> = {
  'usr/bin/rpm': `while read -r n v r a; do
  f=\${3//%\\{NAME\\}/$n}
  f=\${f//%\\{VERSION\\}/$v}
  f=\${f//%\\{RELEASE\\}/$r}
  printf '%b' "\${f//%\\{ARCH\\}/$a}"
done < "$ROOT/var/packages"`,
  'usr/bin/dnf': `shift; verb=$1; shift
for name in "$@"; do
  grep -v "^$name " "$ROOT/var/packages" > "$ROOT/var/new" || true
  [[ $verb == remove ]] || echo "$name 1 1 x86_64" >> "$ROOT/var/new"
  mv "$ROOT/var/new" "$ROOT/var/packages"
done`,
  'usr/bin/dconf': 'for d in "$2"/*.d; do cat "$d"/[0-9]* > "${d%.d}"; done',
}

export const environment = { region: 'ap-northeast-1', desktop: { idleMinutes: 15 } }

export interface Outcome {
  readonly status: number | null
  readonly output: string
}

/** One desktop in a temporary folder. */
export class Machine {
  readonly root: string
  readonly #scripts: string

  constructor(root: string, scripts: string) {
    this.root = root
    this.#scripts = scripts
  }

  path(file: string): string {
    return join(this.root, file)
  }

  write(file: string, content: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), content, { mode })
  }

  /** Runs a command in the machine's folder, as an administrator would at its prompt. */
  shell(command: string): void {
    execFileSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: this.root, stdio: 'pipe' })
  }

  harden(): Outcome {
    return this.#run(join(this.#scripts, 'harden.sh'))
  }

  /** Runs the check that the hardening installed, not the one in the folder of rendered files. */
  check(): Outcome {
    return this.#run(this.path('usr/local/sbin/renkei-session-check'))
  }

  /** Another machine in the same state. */
  copy(): Machine {
    const root = mkdtempSync(join(tmpdir(), 'renkei-desktop-'))
    cpSync(this.root, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    return new Machine(root, this.#scripts)
  }

  #run(script: string): Outcome {
    const { status, stdout, stderr } = spawnSync('bash', [script, '--root', this.root], { encoding: 'utf8' })
    return { status, output: stdout + stderr }
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** A machine fresh from WorkSpaces, beside it the rendered scripts. */
export function freshMachine(): Machine {
  const root = mkdtempSync(join(tmpdir(), 'renkei-desktop-'))
  const scripts = mkdtempSync(join(tmpdir(), 'renkei-image-'))
  // shared by every copy of the machine
  process.once('exit', () => rmSync(scripts, { recursive: true, force: true }))
  writeImageFiles(scripts, environment)
  const machine = new Machine(root, scripts)
  for (const [file, content] of Object.entries(files)) machine.write(file, content)
  for (const [file, body] of Object.entries(programs)) {
    machine.write(file, `#!/bin/bash\nset -euo pipefail\nROOT=\${0%/usr/bin/*}\n${body}\n`, 0o755)
  }
  return machine
}
