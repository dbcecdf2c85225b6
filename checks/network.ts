import { counted, type Check, type Finding } from './finding.ts'
import { proveAndDraw } from '#proof/network/prove-and-draw.ts'
import type { Counterexample } from '#proof/network/counterexamples.ts'
import { printCounterexample } from '#proof/network/print.ts'

/** Proves the network of the synthesized platform with a sample world of projects (C-1, C-2, C-3, C-9). */
export const networkProof: Check = {
  id: 'network',
  title: { en: 'Network proof: intent equals what can flow', ja: 'ネットワーク証明：意図した通信と実際の一致' },
  async run({ assembly, config }) {
    const { report, svg } = proveAndDraw(assembly, config)
    return {
      findings: report.counterexamples.map(findingOf),
      judged: `${counted(report.flows.length, 'flow')}, ${counted(report.verdicts.length, 'verdict')}`,
      figures: [{ title: { en: 'Network map', ja: 'ネットワーク図' }, svg }],
    }
  },
}

function findingOf(counterexample: Counterexample): Finding {
  const { code, verdict, path, why, next, requirement, trace } = counterexample
  const hops = trace.map(({ at, rule }) => `${at} [${rule}]`).join(' → ')
  return {
    check: 'network',
    code,
    rule: verdict,
    severity: 'error',
    path: path!,
    what: `${printCounterexample(counterexample)}${hops && `; way: ${hops}`}`,
    why,
    next,
    requirement,
  }
}
