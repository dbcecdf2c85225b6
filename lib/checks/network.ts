import { counted, type Check, type Finding } from './finding.ts'
import { sampleGrants } from './reachability/grants.ts'
import { intendedFlows } from './reachability/intent.ts'
import { networkMap } from './reachability/map.ts'
import { readModel } from './reachability/model/read.ts'
import { prove, VERDICTS, type Counterexample } from './reachability/prove.ts'
import { counterexampleInWords } from './reachability/words.ts'

/** Proves the network of the synthesized platform with a sample world of projects (C-1, C-2, C-3, C-9). */
export const networkProof: Check = {
  id: 'network',
  title: { en: 'Network proof: intent equals what can flow', ja: 'ネットワーク証明：意図した通信と実際の一致' },
  async run({ assembly, config }) {
    const grants = sampleGrants(config)
    const report = prove(assembly, config, grants)
    const { network } = readModel(assembly.stacks, config, grants)
    const svg = networkMap({ config, network, flows: intendedFlows(config, grants), proved: report.ok })
    return {
      findings: report.counterexamples.map(findingOf),
      judged: `${counted(report.flows.length, 'flow')}, ${counted(report.verdicts.length, 'verdict')}`,
      figures: [{ title: { en: 'Network map', ja: 'ネットワーク図' }, svg }],
    }
  },
}

function findingOf(counterexample: Counterexample): Finding {
  const { verdict, from, to, path } = counterexample
  return {
    check: 'network',
    rule: verdict,
    severity: 'error',
    path: to === '' ? from : `${from} → ${to}`,
    message: `${VERDICTS[verdict].en}: not so. ${counterexampleInWords(counterexample)}${path.length === 0 ? '' : `; way: ${path.map(({ at, rule }) => `${at} [${rule}]`).join(' → ')}`}`,
    fix: 'npx renkei network explain shows the way hop by hop; docs/network-proof.md says what each verdict means',
    requirement: VERDICTS[verdict].requirement,
  }
}
