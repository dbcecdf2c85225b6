import { accept, type Context, type Decision } from '../kernel/decider.ts'
import { decide as decideProject } from '../project/decide.ts'
import type { ProjectEvent } from '../project/events.ts'
import type { Project } from '../project/state.ts'
import type { ApplicationEvent } from './events.ts'

/**
 * The project that a grant opens; any other event opens nothing. One transaction appends both streams (CON-2);
 * `project` is the state of `project/<projectIdOf(applicationId)>`, absent until then.
 */
export function grantProject(event: ApplicationEvent, project: Project, context: Context): Decision<ProjectEvent> {
  return event.type === 'ApplicationGranted'
    ? decideProject(project, { type: 'OpenProject', grant: event.grant }, context)
    : accept()
}
