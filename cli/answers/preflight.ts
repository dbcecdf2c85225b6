import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas'
import { parse } from 'yaml'
import { z } from 'zod'
import { demand, quotaRow, type QuotaRow } from '#lib/kernel/config/demand.ts'
import { answer, columns } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, useAws } from '../surroundings.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

interface QuotaAnswer {
  readonly service: string
  readonly name: string
  readonly needed: number
  readonly applied: number
  /** where `applied` comes from */
  readonly source: 'account' | 'default'
  readonly enough: boolean
}

/**
 * `renkei preflight`: what the configuration needs against what the account allows; exit code 1 where something is
 * short.
 */
export async function preflight(options: CommonOptions): Promise<void> {
  const config = configOf(options)
  const rows = z
    .array(quotaRow)
    .parse(parse(readFileSync(join(import.meta.dirname, '..', '..', 'policies', 'checks', 'quotas.yaml'), 'utf8')))
  const account = accountAtHand(options)
  const quotas: QuotaAnswer[] = []
  for (const row of rows) {
    const applied = account ? await appliedQuota(row) : undefined
    const needed = demand(row, config)
    quotas.push({
      service: row.service,
      name: row.name,
      needed,
      applied: applied ?? row.default,
      source: applied === undefined ? 'default' : 'account',
      enough: needed <= (applied ?? row.default),
    })
  }
  answer(
    { environment: config.environment, account: account ?? null, quotas, ok: quotas.every(({ enough }) => enough) },
    options.json,
    (result) =>
      [
        columns(
          ['', 'service', 'quota', 'needed', 'allowed', 'source'],
          quotas.map((each) => [
            each.enough ? 'ok' : 'SHORT',
            each.service,
            each.name,
            String(each.needed),
            String(each.applied),
            each.source,
          ]),
          'no quota',
        ),
        '',
        result.account
          ? `compared with ${result.account}`
          : 'no account at hand: compared with the quotas of a new account',
        ...(result.ok
          ? []
          : [
              'ask for the quotas marked SHORT before deploying: Service Quotas console, ' +
                'or a support case where no code is known',
            ]),
      ].join('\n'),
  )
  if (quotas.some(({ enough }) => !enough)) process.exitCode = 1
}

function accountAtHand(options: CommonOptions): string | undefined {
  try {
    return useAws(options)
  } catch (error) {
    if (error instanceof Obstacle) return undefined
    throw error
  }
}

async function appliedQuota({ service, code }: QuotaRow): Promise<number | undefined> {
  if (!code) return undefined
  try {
    const { Quota } = await new ServiceQuotasClient({}).send(
      new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }),
    )
    return Quota?.Value
  } catch (error) {
    if ((error as Error).name === 'NoSuchResourceException') return undefined
    throw error
  }
}
