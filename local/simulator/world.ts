import type { VirtualClock } from './clock.ts'
import { Faults, type FaultRates } from './faults.ts'
import { defaultLags, defaultLatencies, type Lags, type Latencies } from './latencies.ts'
import { Random } from './random.ts'
import { Collection, type MakeTable } from './store.ts'
import { directoryTables, type DirectoryTables } from './services/directory/state.ts'
import { ec2Tables, type Ec2Tables } from './services/ec2/state.ts'
import { efsTables, type EfsTables } from './services/efs/state.ts'
import { firewallTables, type FirewallTables } from './services/firewall/state.ts'
import { raisedQuotas } from './services/quotas/state.ts'
import { kmsTables, type KmsTables } from './services/kms/state.ts'
import { workspacesTables, type WorkspacesTables } from './services/workspaces/state.ts'

export interface WorldOptions {
  readonly seed: number
  readonly account: string
  readonly region: string
  readonly clock: VirtualClock
  readonly faults: FaultRates
  readonly latencies: Partial<Latencies>
  readonly lags: Partial<Lags>
}

/** Everything that exists in one account and one region. */
export class World {
  readonly clock: VirtualClock
  readonly random: Random
  readonly faults: Faults
  readonly latencies: Latencies
  readonly lags: Lags
  readonly account: string
  readonly region: string
  readonly ec2: Ec2Tables
  readonly workspaces: WorkspacesTables
  readonly directories: DirectoryTables
  readonly efs: EfsTables
  readonly kms: KmsTables
  readonly firewall: FirewallTables
  /** applied quotas by `service/code` */
  readonly quotas: Map<string, number>
  /** how far back the describe at hand looks, as a share of the service's lag */
  #lagShare = 1

  constructor(options: WorldOptions) {
    this.clock = options.clock
    this.random = new Random(options.seed)
    // Ids and faults draw from two sequences, so that a fault rate does not change the ids of a run.
    this.faults = new Faults(new Random(options.seed ^ 0x5bd1e995), options.faults)
    this.latencies = { ...defaultLatencies, ...options.latencies }
    this.lags = { ...defaultLags, ...options.lags }
    this.account = options.account
    this.region = options.region
    const longest = Math.max(...Object.values(this.lags))
    const table: MakeTable = (service) => new Collection(this.clock, () => this.lags[service] * this.#lagShare, longest)
    this.ec2 = ec2Tables(table)
    this.workspaces = workspacesTables(table)
    this.directories = directoryTables(table)
    this.efs = efsTables(table)
    this.kms = kmsTables(table)
    this.firewall = firewallTables(table)
    this.quotas = new Map(raisedQuotas)
  }

  /** Called once a request: all reads of one describe look at the same moment. */
  beginCall(): void {
    this.#lagShare = this.faults.rates.unsteadyReads ? this.random.next() : 1
  }

  /** A resource id of EC2's form: `sg-` and 17 hex digits. */
  id(prefix: string): string {
    return `${prefix}-${this.random.hex(17)}`
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${resource}`
  }

  date(): Date {
    return new Date(this.clock.now())
  }

  /** `run` after `ms`, unless a fault makes the resource stay where it is for ever. */
  later(operation: string, item: object, ms: number, run: () => void): void {
    if (this.faults.strikes('stuck', operation, item)) return
    this.clock.after(ms, run)
  }
}
