import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { refusalLines } from '#domain/kernel/refusal.ts'
import type { Database, IpsecProposals } from '#lib/kernel/config/schema.ts'
import { ipsecProblems } from '#lib/kernel/config/rules-databases.ts'

/** What both tunnels offer unless a database says otherwise. */
export const IPSEC_POLICY = join(import.meta.dirname, '..', '..', '..', 'policies', 'network', 'ipsec.yaml')

const sourced = <T extends z.ZodType>(value: T) => z.strictObject({ value, source: z.string().min(5) })
const policy = z.strictObject({
  ikeVersions: z.array(sourced(z.string())).min(1),
  encryption: z.array(sourced(z.string())).min(1),
  integrity: z.array(sourced(z.string())).min(1),
  dhGroups: z.array(sourced(z.int())).min(1),
  phase1LifetimeSeconds: sourced(z.int().positive()),
  phase2LifetimeSeconds: sourced(z.int().positive()),
})

/**
 * Reads a proposal file. Throws, with path, value and remedy, where it offers less than NET-2 or a value has no source.
 */
export function readProposals(text: string, file = 'policies/network/ipsec.yaml'): IpsecProposals {
  const parsed = policy.safeParse(parse(text))
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
  const list = parsed.data
  const proposals: IpsecProposals = {
    ikeVersions: list.ikeVersions.map(({ value }) => value),
    encryption: list.encryption.map(({ value }) => value),
    integrity: list.integrity.map(({ value }) => value),
    dhGroups: list.dhGroups.map(({ value }) => value),
    phase1LifetimeSeconds: list.phase1LifetimeSeconds.value,
    phase2LifetimeSeconds: list.phase2LifetimeSeconds.value,
  }
  const problems = ipsecProblems(proposals, file)
  if (problems.length > 0) throw new Error(problems.flatMap((problem) => refusalLines(problem)).join('\n'))
  return proposals
}

let platformDefault: IpsecProposals | undefined

/**
 * What both tunnels of a database's connection offer: its own list where the configuration has one, otherwise
 * `policies/network/ipsec.yaml`.
 */
export function proposalsOf(database: Pick<Database, 'ipsec'>): IpsecProposals {
  return database.ipsec ?? (platformDefault ??= readProposals(readFileSync(IPSEC_POLICY, 'utf8')))
}
