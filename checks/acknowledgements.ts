import { Validations, type App } from 'aws-cdk-lib'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { parse as parsed } from '#domain/kernel/parse.ts'
import { wordings } from '#domain/kernel/wording.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import { pathBelowStage } from './assembly.ts'
import type { Finding } from './finding.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** How long one approval may stand before two people look again. */
const longestDays = 366
const millisecondsPerDay = 86_400_000

const words = z.string().trim().min(1)
const exactPath = words.regex(/^[^*?]+$/)
const entry = z
  .strictObject({
    path: z.union([exactPath, z.array(exactPath).min(1)]).register(wordings, {
      why: {
        en: 'an acknowledgement speaks of the constructs it names, and of no other',
        ja: '指摘の承認は、名指しした構成要素だけを対象とします。',
      },
      next: {
        en: 'write the exact construct path; only <DB>, <cell>, <number> and the like stand for more than themselves',
        ja: '構成要素の正確なパスを記載してください。複数を表せるのは <DB>、<cell>、<number> などだけです。',
      },
    }),
    rule: words,
    reason: words.min(40).register(wordings, {
      why: { en: 'whoever reads it must be able to judge it', ja: '読む人が判断できる理由が必要です。' },
      next: {
        en: 'say why the finding is acceptable here, in a sentence of at least 40 characters',
        ja: 'この指摘を認めてよい理由を、40 文字以上の文で記載してください。',
      },
    }),
    owner: words,
    secondOwner: words.clone().register(wordings, {
      why: {
        en: 'two different owners answer for an acknowledgement',
        ja: '指摘の承認には、異なる二人の責任者が必要です。',
      },
      next: { en: 'name a second owner, another than owner', ja: 'owner とは異なる責任者を記載してください。' },
    }),
    expires: z.iso.date(),
    requirement: z
      .string()
      .regex(/^[A-Z]+-\d+$/)
      .register(wordings, {
        next: {
          en: 'write an id of policies/evidence/requirements.yaml, e.g. NET-2',
          ja: 'policies/evidence/requirements.yaml の ID を記載してください（例：NET-2）。',
        },
      }),
    environments: z.array(words).min(1).optional().describe('where the finding exists in some environments only'),
  })
  .refine(({ owner, secondOwner }) => owner !== secondOwner, { path: ['secondOwner'] })

/** A finding that two people decided to live with until a day (C-8). */
export type Acknowledgement = z.infer<typeof entry>

/** What the acknowledgements leave of the findings. */
export interface Judged {
  readonly open: readonly Finding[]
  readonly acknowledged: readonly { readonly finding: Finding; readonly by: Acknowledgement }[]
}

/**
 * Reads `policies/checks/acknowledgements.yaml`.
 * @throws Obstacle with the place and the reason of the first fault
 */
export function loadAcknowledgements(file: string): Acknowledgement[] {
  const list: unknown = parse(readFileSync(file, 'utf8')) ?? []
  const result = parsed(z.array(entry), list, { code: 'checks.acknowledgement-unreadable', root: basename(file) })
  if (result.ok) return result.value
  throw new Obstacle(result.refusals[0]!)
}

/**
 * Takes acknowledged errors out of the findings. An acknowledgement that has expired, reaches too far into the future,
 * or has a path that matches nothing is itself a finding, so that the list never holds more than what is decided and in
 * force.
 * @param today calendar date, `2026-11-22`
 */
export function judge(
  findings: readonly Finding[],
  acknowledgements: readonly Acknowledgement[],
  config: Config,
  today: string,
): Judged {
  const matchers = matchersOf(acknowledgements, config)
  const used = new Set<Matcher>()
  const open: Finding[] = []
  const acknowledged: { finding: Finding; by: Acknowledgement }[] = []
  for (const finding of findings) {
    const match =
      finding.severity === 'error'
        ? matchers.find(({ path, rule }) => path.test(finding.path) && rule.test(finding.rule))
        : undefined
    if (match) {
      used.add(match)
      acknowledged.push({ finding, by: match.by })
    } else {
      open.push(finding)
    }
  }
  const unmatched = matchers
    .filter((matcher) => !used.has(matcher))
    .map(({ by, written }) =>
      fault(
        by,
        written,
        'unmatched',
        'matches no finding',
        'delete it: what it spoke of is gone, or its path or rule is misspelt',
      ),
    )
  return {
    open: [...open, ...[...new Set(matchers.map(({ by }) => by))].flatMap((by) => dateFaults(by, today)), ...unmatched],
    acknowledged,
  }
}

/**
 * Writes the acknowledgements onto the constructs they name, for the validation that runs inside `cdk synth` and
 * `cdk deploy`.
 */
export function acknowledgeOnConstructs(app: App, acknowledgements: readonly Acknowledgement[], config: Config): void {
  for (const {
    path,
    by: { rule, reason },
  } of matchersOf(acknowledgements, config).filter(({ by }) => templateRule.test(by.rule))) {
    for (const construct of app.node.findAll().filter((one) => path.test(pathBelowStage(one)))) {
      Validations.of(construct).acknowledge({ id: `CloudFormation-Validate::${rule}`, reason })
    }
  }
}

/** Rules of aws-cdk-lib's own validation are a letter and four digits; they live under that plugin's name. */
const templateRule = /^[EFW]\d{4}$/

/** One path of an acknowledgement, its placeholders open to exactly what they stand for. */
interface Matcher {
  readonly by: Acknowledgement
  readonly written: string
  readonly path: RegExp
  readonly rule: RegExp
}

function matchersOf(acknowledgements: readonly Acknowledgement[], config: Config): Matcher[] {
  const standsFor: Record<string, readonly string[]> = {
    '<DB>': config.databases.map(({ id }) => id),
    '<cell>': config.cells.map(({ id }) => String(id)),
    '<az>': config.azIds,
    '<env>': [config.environment],
    '<region>': [config.region],
    '<replica>': [config.replicaRegion],
    '<workload>': [config.accounts.workload],
    '<log>': [config.accounts.log],
  }
  const pattern = (text: string) =>
    new RegExp(
      `^${text
        .split(/(<[a-zA-Z]+>)/)
        .map((piece) => {
          if (piece === '<number>') return '\\d+'
          return standsFor[piece] ? `(?:${standsFor[piece].map(literally).join('|')})` : literally(piece)
        })
        .join('')}$`,
    )
  return acknowledgements
    .filter(({ environments }) => environments === undefined || environments.includes(config.environment))
    .flatMap((by) =>
      [by.path].flat().map((written) => ({ by, written, path: pattern(written), rule: pattern(by.rule) })),
    )
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

function dateFaults(by: Acknowledgement, today: string): Finding[] {
  const days = (Date.parse(by.expires) - Date.parse(today)) / millisecondsPerDay
  const [path = ''] = [by.path].flat()
  if (days < 0)
    return [
      fault(
        by,
        path,
        'expired',
        `expired on ${by.expires}`,
        'remove the cause, or have both owners decide again and write a new date',
      ),
    ]
  return days > longestDays
    ? [fault(by, path, 'too-long', `stands until ${by.expires}`, `write a date at most ${longestDays} days from now`)]
    : []
}

const fault = (by: Acknowledgement, path: string, rule: string, what: string, next: string): Finding => ({
  check: 'acknowledgements',
  rule,
  severity: 'error',
  path,
  what: `the acknowledgement of ${by.rule} ${what}`,
  next,
  requirement: 'C-8',
})
