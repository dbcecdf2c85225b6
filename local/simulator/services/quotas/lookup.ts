import type { World } from '#local/simulator/world.ts'
import { defaultQuotas } from './state.ts'

export function quotaValue(world: World, service: string, code: string): number {
  return (
    world.quotas.get(`${service}/${code}`) ??
    defaultQuotas.find((quota) => quota.service === service && quota.code === code)?.value ??
    Infinity
  )
}

export function setQuota(world: World, service: string, code: string, value: number): void {
  if (!defaultQuotas.some((quota) => quota.service === service && quota.code === code))
    throw new Error(
      `the simulator knows no quota ${service}/${code}: ` +
        'add it to local/simulator/services/quotas/state.ts with its source',
    )
  world.quotas.set(`${service}/${code}`, value)
}
