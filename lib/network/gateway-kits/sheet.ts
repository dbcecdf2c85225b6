import type { Bilingual, Language } from '#domain/kernel/refusal.ts'
import { BGP_HOLD_SECONDS, placeholderNotes, type KitData } from './kit.ts'
import { deviceName, HOLDER_DUTIES, LABELS, openingTests } from './sheet-words.ts'

/** What a sheet is written from. */
export interface SheetInput {
  /** The connection. */
  readonly data: KitData
  /** The device, as the configuration names it. */
  readonly device: string
  /** Paths of the files that the sheet goes with. */
  readonly files: readonly string[]
  /** What the holder must know of this device before anything else. */
  readonly warning?: Bilingual
}

type Say = (words: Bilingual) => string

/**
 * The sheet that goes with a kit, as Markdown: who answers for what, what the holder sees to, what to test before the
 * first query (NET-6).
 */
export function sheet(input: SheetInput, language: Language): string {
  const say: Say = (words) => words[language]
  const { data } = input
  const paragraphs = [
    ...opening(input, say),
    `## ${say(LABELS.boundary)}`,
    boundary(data, say),
    holderDesk(data, say),
    `## ${say(LABELS.connection)}`,
    connection(data, say),
    [say(LABELS.placeholders), ...placeholderNotes(data).map((note) => `- \`${note}\``)].join('\n'),
    `## ${say(LABELS.duties)}`,
    HOLDER_DUTIES.map((duty) => `- ${say(duty)}`).join('\n'),
    `## ${say(LABELS.tests)}`,
    openingTests(data)
      .map((one) => `- [ ] ${say(one)}`)
      .join('\n'),
  ]
  return `${paragraphs.join('\n\n')}\n`
}

function opening({ data, device, files, warning }: SheetInput, say: Say): string[] {
  const { environment, database } = data
  const { ja, en } = deviceName(device)
  const title = say({
    ja: `接続票 ${database.id} — ${database.name.ja}`,
    en: `Connection sheet ${database.id} — ${database.name.en}`,
  })
  const about = say({
    ja: `環境 ${environment}、機器 ${ja}。設定ファイル:`,
    en: `Environment ${environment}, device ${en}. Files:`,
  })
  return [
    `# ${title}`,
    `${about} ${files.map((file) => `\`${file}\``).join(', ')}`,
    ...(warning ? [`**${say(warning)}**`] : []),
  ]
}

function boundary({ database }: KitData, say: Say): string {
  const heads = [LABELS.segment, LABELS.party, LABELS.contact, LABELS.incidents]
  return table(
    heads.map(say),
    database.responsibilityBoundary.map(({ segment, party, contact, incidentContact }) => [
      segment,
      party,
      contact,
      incidentContact,
    ]),
  )
}

function holderDesk({ database: { holderContact } }: KitData, say: Say): string {
  const { organisation, email, phone } = holderContact
  return `${say(LABELS.holderDesk)}: ${organisation}, ${email}, ${phone}`
}

function connection(data: KitData, say: Say): string {
  const { database, tunnels, presented, real, visiting, awsAsn } = data
  return table(
    [say(LABELS.item), say(LABELS.value)],
    [
      [say(LABELS.presented), presented],
      [say(LABELS.real), real],
      [say(LABELS.visiting), visiting.join(', ')],
      [say(LABELS.service), `${database.service.engine}, TCP ${database.service.port}`],
      ['IKE', ike(data, say)],
      ['BGP', `AS ${database.peer.asn} ↔ AS ${awsAsn}, ${say(LABELS.holdTime)} ${BGP_HOLD_SECONDS} s`],
      ...tunnels.map(({ number, insideAws, insidePeer, outside }) => [
        say({ ja: `トンネル ${number}`, en: `Tunnel ${number}` }),
        `${outside}, ${insidePeer} ↔ ${insideAws}`,
      ]),
    ],
  )
}

function ike({ proposals }: KitData, say: Say): string {
  return [
    proposals.ikeVersions.join(', '),
    proposals.encryption.join(', '),
    proposals.integrity.join(', '),
    `${say(LABELS.groups)} ${proposals.dhGroups.join(', ')}`,
    `${proposals.phase1LifetimeSeconds} s / ${proposals.phase2LifetimeSeconds} s`,
  ].join('; ')
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')
}
