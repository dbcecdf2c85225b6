import type { Bilingual } from '#domain/kernel/refusal.ts'
import type { KitData } from './kit.ts'

/** How the sheet names the device a kit is for. */
export const deviceName = (device: string): Bilingual => DEVICES[device] ?? { ja: device, en: device }

const DEVICES: Readonly<Record<string, Bilingual>> = {
  strongswan: { ja: 'strongSwan(Linux)', en: 'strongSwan on Linux' },
  'yamaha-rtx': { ja: 'strongSwan の後ろのヤマハ RTX', en: 'Yamaha RTX behind strongSwan' },
  'cisco-ios-xe': { ja: 'Cisco IOS XE', en: 'Cisco IOS XE' },
  other: { ja: 'その他の機器', en: 'another device' },
}

/** Headings and labels of the sheet. */
export const LABELS = {
  boundary: { ja: '責任分界 (NET-6)', en: 'Responsibility boundary (NET-6)' },
  segment: { ja: '区間', en: 'Segment' },
  party: { ja: '担当', en: 'Party' },
  contact: { ja: '連絡先', en: 'Contact' },
  incidents: { ja: '障害・事故時', en: 'Incidents' },
  holderDesk: { ja: '保有者の窓口', en: "The holder's desk" },
  connection: { ja: '接続の内容', en: 'The connection' },
  item: { ja: '項目', en: 'Item' },
  value: { ja: '値', en: 'Value' },
  presented: { ja: '仮想デスクトップから見えるDBの網', en: 'Network in which desktops see the database' },
  real: { ja: '保有者側の実アドレス', en: "The holder's own network" },
  visiting: { ja: '仮想デスクトップの網', en: 'Networks of the desktops' },
  service: { ja: 'サービス', en: 'Service' },
  groups: { ja: 'DHグループ', en: 'groups' },
  holdTime: { ja: 'ホールドタイム', en: 'hold time' },
  placeholders: {
    ja: '差し込む値(機器にだけ入れ、複製に残さないこと):',
    en: 'Values to fill in on the device, never in a copy:',
  },
  duties: { ja: '保有者にお願いすること', en: 'What the holder sees to' },
  tests: { ja: '開通試験', en: 'Tests before the first query' },
} as const satisfies Readonly<Record<string, Bilingual>>

/** What the holder sees to as long as the connection stands. */
export const HOLDER_DUTIES: readonly Bilingual[] = [
  {
    ja:
      '利用者ごとではなく研究(申出)ごとに、読み取り専用のDBアカウントを用意する。' +
      '研究の終了通知を受けた日に停止する。',
    en:
      'A read-only database account for each project, not for each person; ' +
      'disabled on the day the end of the project is announced.',
  },
  {
    ja: '全ての問合せを、アカウント・時刻・文とともに記録し、5年以上保管する。',
    en: 'Every query is logged with account, time and text, and kept for five years or more.',
  },
  {
    ja: '接続はDBのTLS(サーバー証明書の検証を含む)でも保護する。トンネルは二重目の守りとする。',
    en:
      "Connections are protected by the database's own TLS as well, with its certificate checked; " +
      'the tunnel is the second layer.',
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

/** What is tried before the first query. */
export const openingTests = ({ presented, visiting }: Pick<KitData, 'presented' | 'visiting'>): Bilingual[] => [
  {
    ja: '両トンネルが確立し、AES-GCM とグループ 15 以上で合意している。',
    en: 'Both tunnels are up, agreed on AES-GCM and a group of 15 or more.',
  },
  {
    ja: `BGP で ${presented} だけを広告し、${visiting.join(', ')} だけを受け入れている。`,
    en: `BGP announces ${presented} alone and accepts ${visiting.join(', ')} alone.`,
  },
  {
    ja: '許可された仮想デスクトップから問合せが通り、記録に残る。',
    en: 'A query from a granted desktop is answered, and is in the log.',
  },
  {
    ja: 'DBサーバーから仮想デスクトップへの接続は拒否される。',
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
