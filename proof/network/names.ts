import type { Config } from '#lib/kernel/config/load.ts'
import type { Network } from './model/network.ts'

/** Something about names that is not as intended. */
export interface NameProblem {
  readonly where: string
  readonly rule: string
  readonly why: string
}

/** Names below `.internal` belong to nobody outside (ICANN keeps it for private use); a cell may resolve those of its own domain only. */
const OWN = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.renkei\.internal$/

/**
 * What each VPC resolves: its directory's domain, answered by its own controllers, and nothing else. A name that resolves is a way out, for
 * the question itself carries data.
 */
export function namesProblems({ names }: Network, { environment }: Pick<Config, 'environment'>): NameProblem[] {
  return names
    .filter(({ resolves }) => resolves)
    .flatMap(({ vpc, rules, forwards }) => {
      const problems: NameProblem[] = []
      const own = (domain: string) => OWN.test(domain) && domain.endsWith(`.${environment}.renkei.internal`)
      const end = rules.findIndex(({ action, domains }) => action === 'BLOCK' && domains.includes('*'))
      if (end < 0) problems.push({ where: vpc, rule: 'DNS firewall', why: 'no rule blocks every other name' })
      for (const { action, domains, rule } of end < 0 ? rules : rules.slice(0, end)) {
        for (const domain of action === 'ALLOW' ? domains : [])
          if (!own(domain)) problems.push({ where: vpc, rule, why: `${domain} resolves` })
      }
      const allowed = new Set(
        rules.slice(0, end < 0 ? undefined : end).flatMap(({ action, domains }) => (action === 'ALLOW' ? domains : [])),
      )
      if (forwards.length === 0)
        problems.push({
          where: vpc,
          rule: 'Resolver rules',
          why: "no rule asks the controllers for the directory's names",
        })
      for (const { domain, to, rule } of forwards) {
        if (!own(domain)) problems.push({ where: vpc, rule, why: `questions for ${domain} are sent elsewhere` })
        else if (!allowed.has(domain) || !allowed.has(`*.${domain}`))
          problems.push({ where: vpc, rule, why: `${domain} is asked of the controllers and blocked before` })
        for (const address of to)
          if (!/\.DnsIpAddresses\[\d\]$/.test(address))
            problems.push({ where: vpc, rule, why: `${domain} is asked of ${address}, which is no controller` })
      }
      return problems
    })
}
