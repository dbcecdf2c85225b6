import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** What a command in the sandbox answered. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A network device of a namespace. */
export interface Device {
  readonly namespace: string
  readonly name: string
}

export interface RunOptions {
  /** the network namespace; without it, the sandbox's own, which has no links */
  readonly namespace?: string
  readonly input?: string
  /** milliseconds after which the command is killed */
  readonly timeout?: number
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * A private piece of the machine: its own mounts, processes and networks, with the lab's packages laid over /usr.
 * Inside it network namespaces are made and commands run. It ends when `close` is called, or when this process ends in
 * whatever way: the first process of the sandbox reads a pipe from here and goes when the pipe closes, and the kernel
 * then ends every process, link and mount in it.
 */
export class Sandbox {
  /** Work files; short, because a socket's path has 108 bytes. */
  readonly folder: string
  readonly #keeper: ChildProcess
  readonly #first: string
  readonly #gone: Promise<void>

  private constructor(folder: string, keeper: ChildProcess, first: string) {
    this.folder = folder
    this.#keeper = keeper
    this.#first = first
    this.#gone = new Promise((resolve) => {
      keeper.once('exit', () => resolve())
    })
  }

  /** Opens a sandbox over the tree of `unpackedPackages`. Throws `Obstacle` where the kernel refuses. */
  static async open(usr: string): Promise<Sandbox> {
    sweep()
    const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
    const setup = `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lock
mount -t overlay -o "lowerdir=$1:/usr" overlay /usr
ip link set lo up
echo ready
exec cat > /dev/null`
    const keeper = spawn(
      'unshare',
      ['--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', 'sh', '-c', setup, 'sandbox', usr],
      { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, PATH: PATHS } },
    )
    let complaint = ''
    keeper.stderr!.on('data', (data: Buffer) => {
      complaint += data.toString()
    })
    try {
      await new Promise<void>((resolve, reject) => {
        keeper.stdout!.once('data', () => resolve())
        keeper.once('exit', (code) =>
          reject(
            new Obstacle({
              code: 'lab.sandbox',
              what: 'the kernel refuses a sandbox of its own',
              why: complaint.trim() || `unshare ended with ${code}`,
              next: 'run as root; in a container with --privileged',
            }),
          ),
        )
      })
    } catch (error) {
      rmSync(folder, { recursive: true, force: true })
      throw error
    }
    const first = readFileSync(`/proc/${keeper.pid}/task/${keeper.pid}/children`, 'utf8').trim()
    return new Sandbox(folder, keeper, first)
  }

  #enter(namespace: string | undefined, command: readonly string[]): string[] {
    const inside = namespace ? ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command] : command
    return ['-t', this.#first, '-m', '-n', '-p', '--', ...inside]
  }

  /** Runs a command to its end; never throws, the caller looks at the code. */
  run(command: readonly string[], { namespace, input, timeout, environment }: RunOptions = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = execFile(
        'nsenter',
        this.#enter(namespace, command),
        {
          encoding: 'utf8',
          maxBuffer: 1 << 26,
          timeout,
          killSignal: 'SIGKILL',
          env: { ...process.env, ...environment, PATH: PATHS },
        },
        (error, stdout, stderr) => {
          resolve({ code: error ? (typeof error.code === 'number' ? error.code : 124) : 0, stdout, stderr })
        },
      )
      child.stdin!.on('error', () => undefined)
      child.stdin!.end(input ?? '')
    })
  }

  /** Runs a command that must succeed; throws with what it said. */
  async must(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, options)
    if (code !== 0)
      throw new Error(
        `${options.namespace ?? 'sandbox'}: ${command.join(' ').slice(0, 200)}: ${(stderr || stdout).trim()}`,
      )
    return stdout
  }

  /** Starts a command that stays; it ends with the sandbox at the latest. */
  start(
    command: readonly string[],
    { namespace, environment }: RunOptions = {},
    output: 'ignore' | 'pipe' = 'ignore',
  ): ChildProcess {
    const child = spawn('nsenter', this.#enter(namespace, command), {
      stdio: [output, output, output],
      env: { ...process.env, ...environment, PATH: PATHS },
    })
    child.on('error', () => undefined)
    return child
  }

  /** Makes network namespaces: IPv4 forwarding on, IPv6 and reverse-path filtering off. */
  async namespaces(names: readonly string[]): Promise<void> {
    await this.must(['ip', '-batch', '-'], { input: names.map((name) => `netns add ${name}\n`).join('') })
    const settings = Object.entries(SETTINGS).map(([name, value]) => `echo ${value} > /proc/sys/net/${name}`)
    await this.must(
      ['sh', '-ec', 'for name; do nsenter --net=/run/netns/$name -- sh -ec "$SETTINGS"; done', 'sh', ...names],
      { environment: { SETTINGS: [...settings, 'ip link set lo up'].join('; ') } },
    )
  }

  /** Joins two namespaces by a link with a device in each. */
  async link(one: Device, other: Device): Promise<void> {
    const ends = [
      one.name,
      'netns',
      one.namespace,
      'type',
      'veth',
      'peer',
      'name',
      other.name,
      'netns',
      other.namespace,
    ]
    await this.must(['ip', 'link', 'add', ...ends])
  }

  /** Runs `ip` commands in one namespace, one a line. */
  async ip(namespace: string, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.must(['ip', '-batch', '-'], { namespace, input: `${lines.join('\n')}\n` })
  }

  /** Loads nftables rules in one namespace. */
  async nft(namespace: string, rules: string): Promise<void> {
    await this.must(['nft', '-f', '-'], { namespace, input: rules })
  }

  /** Ends everything in the sandbox and removes its work files. */
  async close(): Promise<void> {
    this.#keeper.kill('SIGKILL')
    await this.#gone
    for (let waited = 0; exists(this.#first) && waited < 500; waited += 1) await pause(10)
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Kernel settings of every namespace, by name below /proc/sys/net. */
const SETTINGS: Readonly<Record<string, 0 | 1>> = {
  'ipv4/ip_forward': 1,
  'ipv6/conf/all/disable_ipv6': 1,
  'ipv6/conf/default/disable_ipv6': 1,
  'ipv4/conf/all/rp_filter': 0,
  'ipv4/conf/default/rp_filter': 0,
}

const PREFIX = 'renkei-lab-'

/** Removes the work files of labs whose process was killed too hard to do it itself. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = /^renkei-lab-(\d+)-/.exec(name) ?? []
    if (pid !== undefined && !exists(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function exists(pid: string): boolean {
  try {
    process.kill(Number(pid), 0)
    return true
  } catch {
    return false
  }
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, milliseconds)
  })

/** Waits until `ready` says so; throws after `seconds` with the name of what did not come. */
export async function until(what: string, seconds: number, ready: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await ready())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await pause(50)
  }
}
