import type { Bilingual } from '#domain/kernel/refusal.ts'
import type { Party } from './model/network.ts'

interface Verdict {
  readonly requirement: string
  readonly title: Bilingual
  /** when it does not hold */
  readonly fails: string
}

/** What a proof answers, each with the requirement it serves. */
export const VERDICTS = {
  model: {
    requirement: 'ARC-3',
    title: { en: 'Everything that could matter is understood', ja: '通信に関わる全要素がモデル化されている' },
    fails: 'a type or property in the templates, or something in the account, is in no reader of the model',
  },
  internet: {
    requirement: 'NET-4',
    title: { en: 'Nothing reaches the Internet or is reached from it (C-1)', ja: 'インターネットとの経路がない' },
    fails: 'a packet arrives between the platform and the Internet, or a connection that belongs to no database',
  },
  databases: {
    requirement: 'NET-1',
    title: {
      en: 'No database reaches another, or a desktop that did not ask (C-1)',
      ja: 'DB間及びDBから仮想デスクトップへの経路がない',
    },
    fails: 'a packet that a holder sends arrives, and is no answer',
  },
  projects: {
    requirement: 'NET-5',
    title: { en: 'No project reaches another (C-1)', ja: '研究間の経路がない' },
    fails: "a packet arrives from one project's desktop or store at another's",
  },
  grants: {
    requirement: 'NET-5',
    title: {
      en: 'A desktop reaches its granted databases on their ports, no others (C-2)',
      ja: '許可されたDBのみに到達する',
    },
    fails: 'a packet arrives at a database, and no grant in force gives that',
  },
  rest: {
    requirement: 'ARC-3',
    title: { en: 'No other flow exists than those intended', ja: '許可した通信以外が存在しない' },
    fails: 'a packet arrives that nothing intends, and that is of none of the verdicts above',
  },
  complete: {
    requirement: 'ARC-3',
    title: { en: 'Every intended flow works, with its answers', ja: '許可した通信が全て成立する' },
    fails: 'a packet of an intended flow does not arrive, or its answer does not come back',
  },
  encrypted: {
    requirement: 'NET-2',
    title: {
      en: 'Every database flow crosses the firewall and a strong IPsec tunnel (C-3)',
      ja: '全DB通信がファイアウォールと強度の高いIPsecを通る',
    },
    fails: 'a packet arrives at a database past the firewall, or over a tunnel that offers weak proposals',
  },
  names: {
    requirement: 'NET-4',
    title: { en: "Only the directory's own names resolve (C-1)", ja: '自ドメイン以外の名前解決ができない' },
    fails: "another name resolves, or the directory's names are asked of something else than its controllers",
  },
  layers: {
    requirement: 'NET-4',
    title: {
      en: 'Every blocked flow is blocked twice, or a named exception (C-9)',
      ja: '遮断は全て二重、又は記録された例外',
    },
    fails: 'a packet arrives once one layer is ignored, or an exception is not needed or has expired',
  },
} as const satisfies Readonly<Record<string, Verdict>>

export type VerdictId = keyof typeof VERDICTS

export const VERDICT_IDS = Object.keys(VERDICTS) as readonly VerdictId[]

/** The verdict that a flow which nothing intends belongs to. */
export function verdictOn(from: Party, to: Party): VerdictId {
  const outside = ({ kind }: Party) => kind === 'internet' || kind === 'peer'
  if (outside(from) || outside(to)) return 'internet'
  if (from.kind === 'database') return 'databases'
  if (to.kind === 'database') return 'grants'
  if ('project' in from && 'project' in to && from.project !== to.project) return 'projects'
  return 'rest'
}
