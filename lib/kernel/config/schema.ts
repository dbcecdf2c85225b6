import { z } from 'zod'
import type { Bilingual } from '#domain/kernel/refusal.ts'
import { wordings } from '#domain/kernel/wording.ts'

/**
 * The shape of `config/<env>.yaml`: everything that differs between environments, and nothing else.
 * This file states the shape and the bounds of single values; rules between values are in `rules.ts`.
 * Every object is strict: an unknown key is a mistake, not an extension.
 */

/**
 * A value, and in both languages what is to be written for it, with unit and example; `parse` tells it where something
 * else stands.
 */
function instruct<T extends z.ZodType>(schema: T, en: string, ja: string): T {
  wordings.add(schema, { next: { en, ja } })
  return schema
}

/** A whole number; `unit` says what it counts. */
function wholeNumber<T extends z.ZodType>(schema: T, unit: Bilingual, example: number, range?: Bilingual): T {
  return instruct(
    schema,
    `write ${unit.en}, a number without unit${range ? ` ${range.en}` : ''}, e.g. ${example}`,
    `${unit.ja}を、単位を付けない数${range ? `（${range.ja}）` : ''}で記載してください（例：${example}）。`,
  )
}

/** Ids flow into firewall strings, router files, SSM paths and stack names; hence the narrow alphabet. */
const id = instruct(
  z.string().regex(/^[A-Z][A-Z0-9]{1,11}$/),
  'write 2 to 12 capital letters or digits, beginning with a letter, e.g. NDB',
  '英大文字で始まる 2〜12 字の英大文字又は数字を記載してください（例：NDB）。',
)
/**
 * Names are shown to people and printed into generated files: no control characters, quotes, brackets or backslashes.
 */
const name = instruct(
  z.string().regex(/^[\p{L}\p{N} ・ー（）()&.,-]{1,60}$/u),
  'write 1 to 60 letters, digits, spaces or ・ー（）()&.,-',
  '1〜60 字の文字、数字、空白又は ・ー（）()&.,- を記載してください。',
)
const bilingual = z.strictObject({ ja: name, en: name })
const text = instruct(
  z.string().regex(/^[^\p{Cc}<>"'`\\{}$]{1,300}$/u),
  'write 1 to 300 characters without control characters, quotes, < > { } $ or backslashes',
  '制御文字、引用符、< > { } $ 及びバックスラッシュを含まない 1〜300 字を記載してください。',
)
const accountId = instruct(
  z.string().regex(/^\d{12}$/),
  'put the 12 digits of the account in quotes, e.g. "111122223333"',
  'アカウント ID の 12 桁の数字を引用符で囲んで記載してください（例："111122223333"）。',
)
const email = instruct(
  z.email(),
  'write an e-mail address, e.g. operations@renkei.example',
  'メールアドレスを記載してください（例：operations@renkei.example）。',
)
const phone = instruct(
  z.string().regex(/^\+?[0-9-]{6,20}$/),
  'write 6 to 20 digits or hyphens, e.g. 03-0000-0001; in quotes where it has no hyphen',
  '6〜20 字の数字又はハイフンで記載してください（例：03-0000-0001）。ハイフンがないときは引用符で囲みます。',
)
const date = instruct(
  z.iso.date(),
  'write a day of the calendar as year-month-day, e.g. 2028-03-31',
  '暦にある日を「年-月-日」の形で記載してください（例：2028-03-31）。',
)
const ipv4 = instruct(
  z.ipv4(),
  'write an IPv4 address, e.g. 203.0.113.10',
  'IPv4 アドレスを記載してください（例：203.0.113.10）。',
)
const cidr = instruct(
  z.cidrv4(),
  'write an IPv4 range, e.g. 172.24.0.0/16',
  'IPv4 のアドレス範囲を記載してください（例：172.24.0.0/16）。',
)
const days = wholeNumber(z.int().positive(), { en: 'days', ja: '日数' }, 1830)
const asn = instruct(
  z.int().min(64512).max(65534),
  'write a private BGP number from 64512 to 65534, without quotes, e.g. 65010',
  'プライベート AS 番号を 64512〜65534 の数で、引用符を付けずに記載してください（例：65010）。',
)

const lock = z.strictObject({
  mode: z
    .enum(['GOVERNANCE', 'COMPLIANCE'])
    .describe('COMPLIANCE cannot be undone by anyone, the account owner included'),
  days: days.describe('days an archived log cannot be deleted'),
})

const contact = z.strictObject({ organisation: name, email, phone })

/** Who answers for one segment of a connection (NET-6). */
const responsibility = z.strictObject({
  segment: text.describe('the part of the path, device, key or log'),
  party: name.describe('who manages it'),
  contact: email,
  incidentContact: email,
})

const dhGroup = wholeNumber(
  z.int().describe('IKE Diffie-Hellman group number'),
  { en: 'a Diffie-Hellman group', ja: 'Diffie-Hellman グループの番号' },
  20,
)
const seconds = wholeNumber(z.int().positive(), { en: 'seconds', ja: '長さ（秒）' }, 3600)
const proposal = (example: string) =>
  instruct(z.string(), `write a name such as ${example}`, `${example} のような名称を記載してください。`)
/** A proposal list for both IKE phases (NET-2). Left out, `policies/network/ipsec.yaml` holds. */
const ipsec = z.strictObject({
  ikeVersions: z.array(proposal('ikev2')).min(1),
  encryption: z.array(proposal('AES256-GCM-16')).min(1),
  integrity: z.array(proposal('SHA2-384')).min(1),
  dhGroups: z.array(dhGroup).min(1),
  phase1LifetimeSeconds: seconds,
  phase2LifetimeSeconds: seconds,
})

const peer = z.strictObject({
  address: ipv4.describe("the public address of the holder's gateway"),
  asn: asn.describe("the gateway's private BGP autonomous system number"),
  device: z.enum(['strongswan', 'yamaha-rtx', 'cisco-ios-xe', 'other']),
})

/** Why a private database may be used, and until when (PDB-1). */
const accreditation = z.strictObject({
  status: z.enum(['applied', 'assessed', 'accredited', 'suspended', 'withdrawn']),
  body: name,
  legalStatus: z.enum(['accredited-producer', 'registry', 'commercial', 'mid-net']),
  validTo: date.describe('last day of the accreditation (PDB-1: default two years)'),
})

/** One row of the register of databases, the same members for public and private ones (ARC-2). */
const database = z.strictObject({
  id,
  name: bilingual,
  slot: wholeNumber(
    z
      .int()
      .min(0)
      .describe(
        'which /28 of network.presentedBlock is allotted; never reused, so that adding a database moves no other',
      ),
    { en: 'the number of a /28 in network.presentedBlock', ja: 'network.presentedBlock の中の /28 の番号' },
    0,
    { en: 'from 0', ja: '0 以上' },
  ),
  kind: z.enum(['public', 'private']),
  dataKind: z.enum(['anonymised', 'pseudonymised']),
  holder: bilingual,
  holderContact: contact,
  legalBasis: text,
  linkRoute: z
    .enum(['id5', 'id4', 'accredited-producer', 'none'])
    .describe('how its persons may be linked (LNK-1, LNK-3)'),
  provisionRoute: z.enum(['visiting', 'media', 'on-site']),
  exception: z
    .strictObject({ id: text, approvedBy: name, expires: date })
    .optional()
    .describe('recorded exception for a route other than visiting (PUB-3)'),
  service: z.strictObject({
    engine: z.enum(['postgresql', 'oracle', 'sqlserver', 'https']),
    port: wholeNumber(
      z.int().min(1).max(65535).describe('the one TCP port desktops may reach'),
      { en: 'a TCP port', ja: 'TCP ポート番号' },
      5432,
      { en: 'from 1 to 65535', ja: '1〜65535' },
    ),
    realCidr: cidr.optional().describe("the holder's own network; known to the gateway kit only"),
    realCidrIsOwnPublicRange: z
      .boolean()
      .optional()
      .describe('true where the holder has a public range of its own inside its network; else realCidr is private'),
  }),
  peer,
  ipsec: ipsec.optional(),
  responsibilityBoundary: z.array(responsibility).min(1),
  accreditation: accreditation.optional().describe('private databases only (PDB-1)'),
})

const cell = z.strictObject({
  id: wholeNumber(z.int().min(1).max(99), { en: 'the number of the cell', ja: 'セルの番号' }, 1, {
    en: 'from 1 to 99',
    ja: '1〜99',
  }),
  cidr: cidr.describe('the VPC of this cell, /16 to /20'),
  projects: wholeNumber(
    z.int().min(1).max(180).describe('how many projects it may hold (EFS: 400 mount targets per VPC)'),
    { en: 'how many projects the cell holds', ja: 'セルが収める研究プロジェクトの数' },
    180,
    { en: 'from 1 to 180', ja: '1〜180' },
  ),
})

const regionName = instruct(
  z.string(),
  'write the name of a region, e.g. ap-northeast-1',
  'リージョンの名称を記載してください（例：ap-northeast-1）。',
)
const zoneId = instruct(
  z.string().regex(/^apne1-az\d$/),
  'write an availability zone id, not a zone name, e.g. apne1-az1',
  'ゾーン名ではなくアベイラビリティーゾーン ID を記載してください（例：apne1-az1）。',
)

export const schema = z.strictObject({
  $schema: z.string().optional(),
  environment: instruct(
    z.string().regex(/^[a-z][a-z0-9]{1,11}$/),
    'write 2 to 12 lower-case letters or digits, beginning with a letter, e.g. demo',
    '英小文字で始まる 2〜12 字の英小文字又は数字を記載してください（例：demo）。',
  ),
  production: z.boolean(),
  accounts: z.strictObject({ workload: accountId, log: accountId }),
  region: regionName,
  replicaRegion: regionName.describe('where backups and the log replica go'),
  azIds: instruct(
    z.tuple([zoneId, zoneId]).describe('two zones in which WorkSpaces is offered'),
    'write two availability zone ids, e.g. [apne1-az1, apne1-az4]',
    'アベイラビリティーゾーン ID を 2 つ記載してください（例：[apne1-az1, apne1-az4]）。',
  ),
  securityServices: z
    .enum(['create', 'existing'])
    .describe('GuardDuty, Security Hub and Config exist once per account and region'),
  alarmEmail: email,
  retention: z.strictObject({ searchableDays: days, archiveDays: days }),
  archive: z.strictObject({ lock }),
  identityProvider: z
    .strictObject({
      name: instruct(
        z.string().regex(/^[A-Za-z][A-Za-z0-9-]{1,31}$/),
        'write 2 to 32 letters, digits or hyphens, beginning with a letter, e.g. RenkeiIdP',
        '英字で始まる 2〜32 字の英数字又はハイフンを記載してください（例：RenkeiIdP）。',
      ),
      protocol: z.literal('saml'),
      metadataUrl: instruct(
        z.url({ protocol: /^https$/ }),
        'write an address that begins with https://, e.g. https://idp.example/metadata.xml',
        'https:// で始まる URL を記載してください（例：https://idp.example/metadata.xml）。',
      ),
      factors: z.array(z.enum(['password', 'totp', 'passkey', 'certificate', 'biometric'])),
    })
    .optional(),
  desktop: z.strictObject({
    bundleId: instruct(
      z.string().regex(/^wsb-[a-z0-9]{8,63}$/),
      'write the id of a WorkSpaces bundle, e.g. wsb-renkeilinux1',
      'WorkSpaces バンドルの ID を記載してください（例：wsb-renkeilinux1）。',
    ),
    idleMinutes: wholeNumber(z.int().positive(), { en: 'minutes', ja: '長さ（分）' }, 15),
    maxSessionHours: wholeNumber(z.int().positive(), { en: 'hours', ja: '長さ（時間）' }, 8),
    rootVolumeGib: wholeNumber(z.int().min(80).max(2000), { en: 'GiB', ja: '容量（GiB）' }, 80, {
      en: 'from 80 to 2000',
      ja: '80〜2000',
    }),
    userVolumeGib: wholeNumber(z.int().min(50).max(2000), { en: 'GiB', ja: '容量（GiB）' }, 100, {
      en: 'from 50 to 2000',
      ja: '50〜2000',
    }),
  }),
  capacity: z.strictObject({
    projects: wholeNumber(z.int().min(1).max(18_000), { en: 'how many projects', ja: '研究プロジェクトの数' }, 20, {
      en: 'from 1 to 18000',
      ja: '1〜18000',
    }),
    handlersPerProject: wholeNumber(z.int().min(1).max(100), { en: 'how many persons', ja: '取扱者の数' }, 10, {
      en: 'from 1 to 100',
      ja: '1〜100',
    }),
  }),
  network: z.strictObject({
    presentedBlock: cidr.describe('the block in which every database gets a /28'),
    hubCidr: cidr.describe('a /27 or larger whose only work is to enable the zones on the Transit Gateway'),
    asn: asn.describe("the Transit Gateway's autonomous system number"),
  }),
  reconciler: z.strictObject({
    requeueSeconds: wholeNumber(z.int().min(1).max(900), { en: 'seconds', ja: '長さ（秒）' }, 15, {
      en: 'from 1 to 900',
      ja: '1〜900',
    }),
  }),
  cells: z.array(cell).min(1).max(99),
  databases: z.array(database).min(1).max(100),
})

/** A configuration whose shape is right; `Config` of `load.ts` is the one whose rules hold too. */
export type ConfigInput = z.infer<typeof schema>
export type Database = z.infer<typeof database>
export type Cell = z.infer<typeof cell>
export type IpsecProposals = z.infer<typeof ipsec>
