import type { StackTemplate } from '../assembly.ts'
import { counted, type Check, type Finding } from '../finding.ts'
import { addressRules } from './addresses.ts'
import { countRules } from './counts.ts'
import { firewallRules } from './firewall.ts'
import { policySizeRules } from './policies.ts'
import { securityGroupRules } from './security-groups.ts'
import { vpnRules } from './vpn.ts'
import { loadLimits, type LimitRule, type Limits } from './limit.ts'

const rules: readonly LimitRule[] = [
  ...firewallRules,
  ...securityGroupRules,
  ...addressRules,
  ...vpnRules,
  ...policySizeRules,
  ...countRules,
]

/** Limits that AWS enforces at deploy or run time and the schemas do not know. */
export const limitsCheck: Check = {
  id: 'limits',
  title: { en: 'Deploy-time limits that schemas miss', ja: 'スキーマに現れないデプロイ時の上限' },
  async run({ assembly, root }) {
    return {
      findings: limitFindings(assembly.stacks, loadLimits(root)),
      judged: `${counted(assembly.stacks.length, 'template')}, ${counted(rules.length, 'rule')}`,
    }
  },
}

/** Every limit that these templates exceed together. */
export function limitFindings(stacks: readonly StackTemplate[], limits: Limits): Finding[] {
  return rules.flatMap((rule) => rule(stacks, limits))
}
