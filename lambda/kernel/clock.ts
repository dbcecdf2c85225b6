import { setTimeout } from 'node:timers/promises'
import type { Clock } from '#domain/kernel/clock.ts'

/** The host's clock, which AWS keeps in step (LOG-2). */
export const realClock: Clock = { now: () => Date.now(), sleep: (milliseconds) => setTimeout(milliseconds) }
