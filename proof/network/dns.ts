import type { Refusal } from '#domain/kernel/refusal.ts'
import { VERDICTS } from './verdicts.ts'
import type { Network, VpcDns } from './model/network.ts'

/** Something about names that is not as intended; `path` is the VPC. */
interface DnsProblem extends Refusal<string> {
  readonly path: string
  /** the rule that makes it so */
  readonly rule: string
}

/**
 * Names below `.internal` belong to nobody outside (ICANN keeps it for private use); a cell may resolve those of its
 * own domain only.
 */
const OWN = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*\.renkei\.internal$/

/** An address that a directory has for its controllers. */
const CONTROLLER = /\.DnsIpAddresses\[\d\]$/

/**
 * What each VPC resolves: its directory's domain, answered by its own controllers, and nothing else. A name that
 * resolves is a way out, for the question itself carries data.
 */
export const dnsProblems = ({ dns }: Network, environment: string): DnsProblem[] =>
  dns
    .filter(({ resolves }) => resolves)
    .flatMap((vpc) => {
      const own = (domain: string) => OWN.test(domain) && domain.endsWith(`.${environment}.renkei.internal`)
      return [...firewallProblems(vpc, own), ...forwardingProblems(vpc, own)]
    })

/** The DNS firewall ends in a rule that blocks every name, and allows none before but those of the domain. */
function firewallProblems({ vpc, rules }: VpcDns, own: (domain: string) => boolean): DnsProblem[] {
  const foreign = asked(rules).flatMap(({ domains, rule }) =>
    domains
      .filter((domain) => !own(domain))
      .map((domain) =>
        problem({ path: vpc, rule, what: `${domain} resolves`, next: 'take the name off the list of allowed ones' }),
      ),
  )
  if (blocksAll(rules) >= 0) return foreign
  const open = problem({
    path: vpc,
    rule: 'DNS firewall',
    what: 'no rule blocks every other name',
    next: 'associate a rule group whose last rule blocks *',
  })
  return [open, ...foreign]
}

/** Questions for the domain go to the controllers, and are not blocked before. */
function forwardingProblems({ vpc, rules, forwards }: VpcDns, own: (domain: string) => boolean): DnsProblem[] {
  const allowed = new Set(asked(rules).flatMap(({ domains }) => domains))
  const report = (rule: string, what: string, next: string) => problem({ path: vpc, rule, what, next })
  if (forwards.length === 0)
    return [
      report(
        'Resolver rules',
        "no rule asks the controllers for the directory's names",
        'associate a Resolver rule for its domain',
      ),
    ]
  return forwards.flatMap(({ domain, to, rule }) => [
    ...(own(domain) ? [] : [report(rule, `questions for ${domain} are sent elsewhere`, 'take the Resolver rule away')]),
    ...(own(domain) && !(allowed.has(domain) && allowed.has(`*.${domain}`))
      ? [
          report(
            rule,
            `${domain} is asked of the controllers and blocked before`,
            `allow ${domain} and *.${domain} in the DNS firewall`,
          ),
        ]
      : []),
    ...to
      .filter((address) => !CONTROLLER.test(address))
      .map((address) =>
        report(rule, `${domain} is asked of ${address}, which is no controller`, "name the directory's own addresses"),
      ),
  ])
}

const blocksAll = (rules: VpcDns['rules']) =>
  rules.findIndex(({ action, domains }) => action === 'BLOCK' && domains.includes('*'))

/** The rules that allow something before the one that blocks everything. */
function asked(rules: VpcDns['rules']): VpcDns['rules'] {
  const end = blocksAll(rules)
  return (end < 0 ? rules : rules.slice(0, end)).filter(({ action }) => action === 'ALLOW')
}

const problem = (given: Pick<DnsProblem, 'path' | 'rule' | 'what' | 'next'>): DnsProblem => ({
  code: 'network.names',
  why: VERDICTS.names.title.en,
  requirement: VERDICTS.names.requirement,
  ...given,
})
