import type { Actor } from '#domain/kernel/decider.ts'

/** The bodies of the tests' one story. */
export const bodies = {
  applicant: '東都医科大学',
  outsourced: 'みなと統計株式会社',
  platform: '情報連携基盤運営機構',
  ministry: '厚生労働省',
  producer: '認定作成事業者',
} as const

const person = (id: string, organisation: string, roles: Actor['roles'], databases?: readonly string[]): Actor => ({
  id,
  organisation,
  roles,
  factors: ['pwd', 'otp'],
  ...(databases && { databases }),
})

const machine = (id: string): Actor => ({ id, organisation: 'renkei', roles: ['system'], factors: [] })

/** Everybody who acts in the tests' one story, from the application to the end of its project. */
export const people = {
  contact: person('p.sato', bodies.applicant, ['applicant', 'handler']),
  representative: person('p.kondo', bodies.applicant, ['applicant']),
  tanaka: person('p.tanaka', bodies.applicant, ['handler']),
  suzuki: person('p.suzuki', bodies.applicant, ['handler']),
  yamada: person('p.yamada', bodies.outsourced, ['handler']),
  operator: person('o.mori', bodies.platform, ['operator']),
  secondOperator: person('o.ueda', bodies.platform, ['operator']),
  thirdOperator: person('o.endo', bodies.platform, ['operator']),
  reviewer: person('r.ito', '北信大学', ['reviewer']),
  secondReviewer: person('r.kato', '西海研究所', ['reviewer']),
  conflictedReviewer: person('r.abe', bodies.applicant, ['reviewer']),
  publicHolder: person('h.ndb', bodies.ministry, ['holder'], ['NDB', 'DPC']),
  privateHolder: person('h.rwd', bodies.producer, ['holder'], ['RWD1']),
  machine: machine('system/command'),
} as const

/** The function that makes and destroys what a project has, and reports it. */
export const reconciler = machine('system/reconcile')
