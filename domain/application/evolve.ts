import { interests } from './conflicts.ts'
import type { ApplicationEvent } from './events.ts'
import { databasesOf, type Application } from './state.ts'

export const noApplication: Application = {
  status: 'absent',
  applicationId: '',
  revision: 0,
  form: undefined,
  formDigest: '',
  submittedBy: undefined,
  earlier: { persons: [], organisations: [] },
  problems: [],
  reviewers: [],
  reviews: [],
  opinions: new Map(),
  decisions: new Map(),
  pledges: [],
  grant: undefined,
}

/** What is true after an event. Total: any sequence of events gives a state. */
export function evolve(application: Application, event: ApplicationEvent): Application {
  switch (event.type) {
    case 'ApplicationSubmitted': {
      const { type: _, ...submitted } = event
      return { ...noApplication, ...submitted, earlier: interests(application), status: 'submitted' }
    }
    case 'ApplicationReturned':
      return { ...application, status: 'returned', problems: event.problems }
    case 'FormatAccepted':
      return { ...application, status: 'format-accepted', problems: [] }
    case 'ReviewersAssigned': {
      const assigned = new Set(event.reviewers.map(({ personId }) => personId))
      return {
        ...application,
        status: 'under-review',
        reviewers: [...application.reviewers.filter(({ personId }) => !assigned.has(personId)), ...event.reviewers],
      }
    }
    case 'ReviewRecorded': {
      const { type: _, comment: __, ...review } = event
      return {
        ...application,
        reviews: [
          ...application.reviews.filter(({ reviewer }) => reviewer.personId !== review.reviewer.personId),
          review,
        ],
      }
    }
    case 'OpinionRecorded': {
      const { databases, opinion, reason, reviewers, recordedBy } = event
      const opinions = new Map([
        ...application.opinions,
        ...databases.map((database) => [database, { opinion, reason, reviewers, recordedBy }] as const),
      ])
      return {
        ...application,
        opinions,
        status: databasesOf(application).every((database) => opinions.has(database))
          ? 'under-decision'
          : application.status,
      }
    }
    case 'DatabaseDecided': {
      const { type: _, database, ...decision } = event
      const decisions = new Map([...application.decisions, [database, decision] as const])
      if (decision.decision === 'refuse') return { ...application, decisions, status: 'refused' }
      const approved = databasesOf(application).every((id) => decisions.get(id)?.decision === 'approve')
      return { ...application, decisions, status: approved ? 'approved' : application.status }
    }
    case 'PledgeSigned': {
      const { type: _, formDigest: __, ...pledge } = event
      return {
        ...application,
        pledges: [...application.pledges.filter(({ personId }) => personId !== pledge.personId), pledge],
      }
    }
    case 'ApplicationGranted':
      return { ...application, status: 'granted', grant: event.grant }
    case 'ApplicationWithdrawn':
      return { ...application, status: 'withdrawn' }
    case 'ApplicationRejected':
      return { ...application, status: 'rejected' }
  }
}
