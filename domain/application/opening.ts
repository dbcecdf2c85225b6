import { accept, type Context, type Decision, type Rejection } from '../kernel.ts'
import { decide as decideProject } from '../project/decide.ts'
import type { ProjectEvent } from '../project/events.ts'
import type { Project } from '../project/state.ts'
import type { ApplicationContext } from './context.ts'
import { decide } from './decide.ts'
import type { ApplicationEvent } from './events.ts'
import type { Application } from './state.ts'

export type GrantDecision =
  | { readonly ok: true, readonly application: readonly ApplicationEvent[], readonly project: readonly ProjectEvent[] }
  | { readonly ok: false, readonly rejections: readonly Rejection[] }

/**
 * The whole of `Grant`: events for the application's stream and for the project's, which one transaction appends to both.
 * `project` is the state of stream `project/<projectIdOf(applicationId)>`, absent until then.
 */
export function decideGrant(application: Application, project: Project, context: ApplicationContext): GrantDecision {
  const granted = decide(application, { type: 'Grant' }, context)
  if (!granted.ok) return granted
  const opened = granted.events.map((event) => grantProject(event, project, context))
  const refused = opened.flatMap((decision) => (decision.ok ? [] : decision.rejections))
  if (refused.length > 0) return { ok: false, rejections: refused }
  return { ok: true, application: granted.events, project: opened.flatMap((decision) => (decision.ok ? decision.events : [])) }
}

/** The project that a grant opens; any other event opens nothing. */
export function grantProject(event: ApplicationEvent, project: Project, context: Context): Decision<ProjectEvent> {
  return event.type === 'ApplicationGranted' ? decideProject(project, { type: 'OpenProject', grant: event.grant }, context) : accept()
}
