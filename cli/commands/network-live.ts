import type { Config } from '../../lib/config/load.ts'
import type { ProofReport } from '../../lib/checks/reachability/prove.ts'
import { Mistake } from '../output.ts'
import type { CommonOptions } from '../surroundings.ts'

export async function proveLive(_config: Config, _options: CommonOptions): Promise<ProofReport> {
  throw new Mistake('--live', 'not yet', '')
}
