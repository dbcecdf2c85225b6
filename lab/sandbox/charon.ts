import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until, type Sandbox } from './sandbox.ts'
import { Vici, type Message } from './vici.ts'

export interface CharonOptions {
  readonly name: string
  readonly namespace: string
  /** swanctl configuration files, verbatim */
  readonly connections: readonly string[]
  /** a further strongswan.conf, verbatim, read after the lab's own */
  readonly options?: string
  /** ports, where two daemons share an address */
  readonly ports?: readonly [number, number]
}

const PLUGINS = [
  'random nonce aesni openssl kdf pem pkcs1 pubkey x509 constraints',
  'socket-default kernel-libipsec kernel-netlink updown vici counters',
]

/**
 * One strongSwan daemon, ESP in user space (kernel-libipsec) on a TUN device, because containers have no kernel ESP.
 */
export class Charon {
  readonly name: string
  readonly #sandbox: Sandbox
  readonly #folder: string
  #vici: Vici | undefined

  private constructor(sandbox: Sandbox, name: string, folder: string) {
    this.#sandbox = sandbox
    this.name = name
    this.#folder = folder
  }

  static async start(
    sandbox: Sandbox,
    { name, namespace, connections, options, ports = [500, 4500] }: CharonOptions,
  ): Promise<Charon> {
    const folder = join(sandbox.folder, name)
    mkdirSync(folder)
    const charon = new Charon(sandbox, name, folder)
    charon.configure(connections)
    writeFileSync(join(folder, 'further.conf'), options ?? '')
    writeFileSync(
      join(folder, 'strongswan.conf'),
      `charon {
  load_modular = no
  load = ${PLUGINS.join(' ')}
  threads = 16
  # behind table main: the routes there decide
  routing_table_prio = 32800
  install_virtual_ip = no
  port = ${ports[0]}
  port_nat_t = ${ports[1]}
  plugins { vici { socket = unix://${folder}/vici } }
  filelog { log { path = ${folder}/log
    flush_line = yes
    time_format = %T
    default = 1
    esp = 0 } }
}
include ${folder}/further.conf
`,
    )
    // The daemon's pid file has a fixed path: each gets its own by a mount that only it sees.
    writeFileSync(join(folder, 'pid'), '')
    sandbox.start(
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `touch /run/charon.pid && mount --bind ${folder}/pid /run/charon.pid && exec /usr/lib/ipsec/charon`,
      ],
      { namespace, environment: { STRONGSWAN_CONF: join(folder, 'strongswan.conf') } },
    )
    await until(`IKE daemon ${name}`, 20, () => existsSync(join(folder, 'vici')))
    return charon
  }

  /** Replaces the configuration files; `load` makes the daemon read them. */
  configure(connections: readonly string[]): void {
    writeFileSync(join(this.#folder, 'swanctl.conf'), 'include conf.d/*.conf\n')
    rmSync(join(this.#folder, 'conf.d'), { recursive: true, force: true })
    mkdirSync(join(this.#folder, 'conf.d'))
    connections.forEach((text, index) => writeFileSync(join(this.#folder, 'conf.d', `${index}.conf`), text))
  }

  /** `swanctl --load-all` of the configuration files; throws with what swanctl refuses. */
  async load(): Promise<void> {
    const environment = { SWANCTL_DIR: this.#folder, STRONGSWAN_CONF: join(this.#folder, 'strongswan.conf') }
    const said = await this.#sandbox.must(
      ['swanctl', '--load-all', '--noprompt', '--uri', `unix://${this.#folder}/vici`],
      { environment },
    )
    if (!said.includes('successfully loaded')) throw new Error(`${this.name}: ${said}`)
  }

  async request(command: string, message: Message = {}): Promise<Message> {
    this.#vici ??= await Vici.open(join(this.#folder, 'vici'))
    return this.#vici.request(command, message)
  }

  /** Tunnels that carry traffic: installed CHILD_SAs with the algorithms they use. An IKE SA alone carries nothing. */
  async installed(): Promise<Message[]> {
    this.#vici ??= await Vici.open(join(this.#folder, 'vici'))
    const sas = await this.#vici.stream('list-sas', 'list-sa')
    return sas
      .flatMap((message) => Object.values(message))
      .flatMap((ike) => Object.values((ike as Message)['child-sas'] as Message))
      .filter((child): child is Message => (child as Message).state === 'INSTALLED')
  }

  /** The name of the first connection that is loaded, or nothing. */
  async firstConnection(): Promise<string> {
    const { conns } = await this.request('get-conns')
    return Array.isArray(conns) ? (conns[0] ?? '') : ''
  }

  /** What the daemon wrote down so far. */
  log(): string {
    return existsSync(join(this.#folder, 'log')) ? readFileSync(join(this.#folder, 'log'), 'utf8') : ''
  }
}
