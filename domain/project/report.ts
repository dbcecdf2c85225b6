import { accept, isMachine, refuse, type Context, type Decision } from '../kernel/decider.ts'
import type { ProjectCommand } from './commands.ts'
import type { ProjectEvent } from './events.ts'
import { covers, resourceKey, sameThings } from './evolve.ts'
import { over } from './refusals.ts'
import type { Project } from './state.ts'

type Report = Extract<ProjectCommand, { type: `Report${string}` }>

/** Reports say what the reconciler found; a repeated report is accepted and changes nothing (C-10). */
export function report(project: Project, command: Report, { actor, now }: Context): Decision<ProjectEvent> {
  if (!isMachine(actor))
    return refuse({
      code: 'project.machine-only',
      what: { en: `${actor.id} is not a machine of the platform`, ja: `${actor.id} は、基盤の機能ではありません。` },
      why: {
        en: `${command.type} is evidence, and comes from the platform's own functions only`,
        ja: `${command.type} は証拠となる報告であり、基盤の機能だけが送ります。`,
      },
      next: {
        en: 'nothing is to be sent; read the project instead (renkei project show)',
        ja: '送信は不要です。研究プロジェクトを参照してください（renkei project show）。',
      },
      requirement: 'C-5',
    })
  switch (command.type) {
    case 'ReportQuarantined': {
      const known = (project.quarantined ?? []).map(resourceKey)
      return known.includes(resourceKey(command.resource))
        ? accept()
        : accept({ type: 'UnknownResourceQuarantined', resource: command.resource })
    }
    case 'ReportHeld':
      if (project.status === 'closed') return refuse(over(project))
      return project.heldRemoval === command.digest
        ? accept()
        : accept({ type: 'RemovalHeld', digest: command.digest, removes: command.removes })
    case 'ReportConverged':
      if (project.status === 'closed') return accept()
      if (project.convergedAt !== undefined && sameThings(project.exists, command.exists)) return accept()
      return accept({ type: 'ProvisioningConverged', exists: command.exists, at: command.at ?? now })
    case 'ReportDestroyed': {
      const unnamed = command.destroyed.filter((resource) => !project.named.some((name) => covers(name, resource)))
      if (unnamed.length > 0) {
        return refuse({
          code: 'project.unnamed',
          what: {
            en: `${unnamed.map(resourceKey).join(', ')} was destroyed, but no end event named it`,
            ja: `${unnamed.map(resourceKey).join('、')} が破棄されましたが、終了のイベントに記載がありません。`,
          },
          why: {
            en: 'nothing is destroyed but what an end event names',
            ja: '破棄できるのは、終了のイベントに記載されたものだけです。',
          },
          next: {
            en: 'treat it as an incident: stop the reconciler and find who destroyed it',
            ja: 'インシデントとして扱い、調整機能を停止して、誰が破棄したかを調べてください。',
          },
          requirement: 'C-11',
          path: 'destroyed',
        })
      }
      const known = new Set(project.destroyed.map(resourceKey))
      const fresh = command.destroyed.filter((resource) => !known.has(resourceKey(resource)))
      return fresh.length === 0
        ? accept()
        : accept({ type: 'ResourcesDestroyed', destroyed: fresh, at: command.at ?? now })
    }
  }
}
