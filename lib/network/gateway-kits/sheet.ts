import { BGP_HOLD_SECONDS, placeholderNotes, type GatewayFacts } from './kit.ts'

/** Text in the two languages every sheet is written in. */
interface Words {
  readonly ja: string
  readonly en: string
}
type Language = keyof Words

const DEVICES: Readonly<Record<string, Words>> = {
  strongswan: { ja: 'strongSwan(Linux)', en: 'strongSwan on Linux' },
  'yamaha-rtx': { ja: 'strongSwan の後ろのヤマハ RTX', en: 'Yamaha RTX behind strongSwan' },
  'cisco-ios-xe': { ja: 'Cisco IOS XE', en: 'Cisco IOS XE' },
  other: { ja: 'その他の機器', en: 'another device' },
}

/** The sheet that goes with a kit: who answers for what, what the holder sees to, what to test before the first query. */
export function sheet(
  facts: GatewayFacts,
  device: string,
  language: Language,
  files: readonly string[],
  warning?: Words,
): string {
  const { database, tunnels, proposals, presented, real, visiting, awsAsn } = facts
  const say = (words: Words) => words[language]
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
    [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n')
  return `# ${say({ ja: `接続票 ${database.id} — ${database.name.ja}`, en: `Connection sheet ${database.id} — ${database.name.en}` })}

${say({ ja: `環境 ${facts.environment}、機器 ${DEVICES[device]?.ja ?? device}。設定ファイル:`, en: `Environment ${facts.environment}, device ${DEVICES[device]?.en ?? device}. Files:` })} ${files.map((file) => `\`${file}\``).join(', ')}
${warning ? `\n**${say(warning)}**\n` : ''}
## ${say({ ja: '責任分界 (NET-6)', en: 'Responsibility boundary (NET-6)' })}

${table(
  [
    { ja: '区間', en: 'Segment' },
    { ja: '担当', en: 'Party' },
    { ja: '連絡先', en: 'Contact' },
    { ja: '障害・事故時', en: 'Incidents' },
  ].map(say),
  database.responsibilityBoundary.map(({ segment, party, contact, incidentContact }) => [
    segment,
    party,
    contact,
    incidentContact,
  ]),
)}

${say({ ja: '保有者の窓口', en: "The holder's desk" })}: ${database.holderContact.organisation}, ${database.holderContact.email}, ${database.holderContact.phone}

## ${say({ ja: '接続の内容', en: 'The connection' })}

${table(
  [
    { ja: '項目', en: 'Item' },
    { ja: '値', en: 'Value' },
  ].map(say),
  [
    [say({ ja: '端末から見えるDBの網', en: 'Network in which desktops see the database' }), presented],
    [say({ ja: '保有者側の実アドレス', en: "The holder's own network" }), real],
    [say({ ja: '端末の網', en: 'Networks of the desktops' }), visiting.join(', ')],
    [say({ ja: 'サービス', en: 'Service' }), `${database.service.engine}, TCP ${database.service.port}`],
    [
      'IKE',
      `${proposals.ikeVersions.join(', ')}; ${proposals.encryption.join(', ')}; ${proposals.integrity.join(', ')}; ${say({ ja: 'DHグループ', en: 'groups' })} ${proposals.dhGroups.join(', ')}; ${proposals.phase1LifetimeSeconds} s / ${proposals.phase2LifetimeSeconds} s`,
    ],
    [
      'BGP',
      `AS ${database.peer.asn} ↔ AS ${awsAsn}, ${say({ ja: 'ホールドタイム', en: 'hold time' })} ${BGP_HOLD_SECONDS} s`,
    ],
    ...tunnels.map(({ number, insideAws, insidePeer, outside }) => [
      say({ ja: `トンネル ${number}`, en: `Tunnel ${number}` }),
      `${outside}, ${insidePeer} ↔ ${insideAws}`,
    ]),
  ],
)}

${say({ ja: '差し込む値(端末や複製に残さないこと):', en: 'Values to fill in on the device, never in a copy:' })}
${placeholderNotes(facts)
  .map((line) => `- \`${line}\``)
  .join('\n')}

## ${say({ ja: '保有者にお願いすること', en: 'What the holder sees to' })}

${[
  {
    ja: '利用者ごとではなく研究(申出)ごとに、読み取り専用のDBアカウントを用意する。研究の終了通知を受けた日に停止する。',
    en: 'A read-only database account for each project, not for each person; disabled on the day the end of the project is announced.',
  },
  {
    ja: '全ての問合せを、アカウント・時刻・文とともに記録し、5年以上保管する。',
    en: 'Every query is logged with account, time and text, and kept for five years or more.',
  },
  {
    ja: '接続はDBのTLS(サーバー証明書の検証を含む)でも保護する。トンネルは二重目の守りとする。',
    en: "Connections are protected by the database's own TLS as well, with its certificate checked; the tunnel is the second layer.",
  },
  {
    ja: 'DB側から基盤へ接続を開始しない。機器のフィルターは外さない。',
    en: 'The database side opens no connection to the platform; the filters on the device stay on.',
  },
  { ja: '基盤の網と重なる経路を内部に持たない。', en: "No network of the holder's overlaps those of the platform." },
  {
    ja: '機器の更新と設定の変更は、事前に相互に連絡する。',
    en: 'Updates and changes of the device are announced to each other beforehand.',
  },
]
  .map((words) => `- ${say(words)}`)
  .join('\n')}

## ${say({ ja: '開通試験', en: 'Tests before the first query' })}

${[
  {
    ja: '両トンネルが確立し、AES-GCM とグループ 15 以上で合意している。',
    en: 'Both tunnels are up, agreed on AES-GCM and a group of 15 or more.',
  },
  {
    ja: `BGP で ${presented} だけを広告し、${visiting.join(', ')} だけを受け入れている。`,
    en: `BGP announces ${presented} alone and accepts ${visiting.join(', ')} alone.`,
  },
  {
    ja: '許可された端末から問合せが通り、記録に残る。',
    en: 'A query from a granted desktop is answered, and is in the log.',
  },
  {
    ja: 'DBサーバーから端末への接続は拒否される。',
    en: 'A connection from the database server to a desktop is refused.',
  },
  {
    ja: 'トンネル1を切っても、60 秒以内に問合せが再開する。',
    en: 'With tunnel 1 cut, queries go on within 60 seconds.',
  },
  {
    ja: '両トンネルを切ると問合せは失敗し、平文は一切出ない(WAN側で取得して確認)。',
    en: 'With both cut, queries fail, and a capture on the WAN side shows no clear packet.',
  },
  { ja: '再鍵交換(子SA、IKE SA)の後も通信が続く。', en: 'Traffic goes on after both kinds of keys were renewed.' },
]
  .map((words) => `- [ ] ${say(words)}`)
  .join('\n')}
`
}
