import { endOfJapanDay, japanDate, type Instant } from '../kernel/decider.ts'
import type { ProjectCommand } from './commands.ts'
import type { Project } from './state.ts'

/** What the sweep must command now, as a machine. Running late or twice changes nothing but the time (C-10). */
export function dueCommands(project: Project, now: Instant): readonly ProjectCommand[] {
  const inUse = project.status === 'open' || project.status === 'suspended'
  return inUse && japanDate(now) > project.until ? [{ type: 'EndProject', cause: 'expiry' }] : []
}

/** When the next deadline falls, so that a sweep can look early; undefined where none is left. */
export function nextDeadline(project: Project): Instant | undefined {
  return project.status === 'open' || project.status === 'suspended' ? endOfJapanDay(project.until) : undefined
}

/**
 * Whether the project may be used at all at this moment: open, begun, not over (VIS-6: expired means denied, even
 * before the sweep runs).
 */
export function usable(project: Project, now: Instant): boolean {
  const today = japanDate(now)
  return project.status === 'open' && project.from <= today && today <= project.until
}
