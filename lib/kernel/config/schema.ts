import { z } from 'zod'

/**
 * The shape of `config/<env>.yaml`: everything that differs between environments, and nothing else.
 * This file states the shape and the bounds of single values; rules between values are in `rules.ts`.
 * Every object is strict: an unknown key is a mistake, not an extension.
 */

/** Ids flow into firewall strings, router files, SSM paths and stack names; hence the narrow alphabet. */
const id = z.string().regex(/^[A-Z][A-Z0-9]{1,11}$/, 'write 2 to 12 capital letters or digits, beginning with a letter')
/** Names are shown to people and printed into generated files: no control characters, quotes, brackets or backslashes. */
const name = z
  .string()
  .regex(/^[\p{L}\p{N} ・ー（）()&.,-]{1,60}$/u, 'write 1 to 60 letters, digits, spaces or ・ー（）()&.,-')
const bilingual = z.strictObject({ ja: name, en: name })
const text = z
  .string()
  .regex(
    /^[^\p{Cc}<>"'`\\{}$]{1,300}$/u,
    'write 1 to 300 characters without control characters, quotes, < > { } $ or backslashes',
  )
const accountId = z.string().regex(/^\d{12}$/, 'write the 12 digits of the account in quotes')
const email = z.email()
const date = z.iso.date()
const ipv4 = z.ipv4()
const cidr = z.cidrv4()
const days = z.int().positive()

const lock = z.strictObject({
  mode: z
    .enum(['GOVERNANCE', 'COMPLIANCE'])
    .describe('COMPLIANCE cannot be undone by anyone, the account owner included'),
  days: days.describe('days an archived log cannot be deleted'),
})

const contact = z.strictObject({ organisation: name, email, phone: z.string().regex(/^\+?[0-9-]{6,20}$/) })

/** Who answers for one segment of a connection (NET-6). */
const responsibility = z.strictObject({
  segment: text.describe('the part of the path, device, key or log'),
  party: name.describe('who manages it'),
  contact: email,
  incidentContact: email,
})

const dhGroup = z.int().describe('IKE Diffie-Hellman group number')
/** A proposal list for both IKE phases (NET-2). Left out, `policies/network/ipsec.yaml` holds. */
const ipsec = z.strictObject({
  ikeVersions: z.array(z.string()).min(1),
  encryption: z.array(z.string()).min(1),
  integrity: z.array(z.string()).min(1),
  dhGroups: z.array(dhGroup).min(1),
  phase1LifetimeSeconds: z.int().positive(),
  phase2LifetimeSeconds: z.int().positive(),
})

const peer = z.strictObject({
  address: ipv4.describe("the public address of the holder's gateway"),
  asn: z.int().min(64512).max(65534).describe("the gateway's private BGP autonomous system number"),
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
  slot: z
    .int()
    .min(0)
    .describe(
      'which /28 of network.presentedBlock is allotted; never reused, so that adding a database moves no other',
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
    port: z.int().min(1).max(65535).describe('the one TCP port desktops may reach'),
    realCidr: cidr.optional().describe("the holder's own network; known to the gateway kit only"),
  }),
  peer,
  ipsec: ipsec.optional(),
  responsibilityBoundary: z.array(responsibility).min(1),
  accreditation: accreditation.optional().describe('private databases only (PDB-1)'),
})

const cell = z.strictObject({
  id: z.int().min(1).max(99),
  cidr: cidr.describe('the VPC of this cell, /16 to /20'),
  projects: z.int().min(1).max(180).describe('how many projects it may hold (EFS: 400 mount targets per VPC)'),
})

export const schema = z.strictObject({
  $schema: z.string().optional(),
  environment: z.string().regex(/^[a-z][a-z0-9]{1,11}$/, 'write 2 to 12 lower-case letters or digits'),
  production: z.boolean(),
  accounts: z.strictObject({ workload: accountId, log: accountId }),
  region: z.string(),
  replicaRegion: z.string().describe('where backups and the log replica go'),
  azIds: z
    .tuple([z.string().regex(/^apne1-az\d$/), z.string().regex(/^apne1-az\d$/)])
    .describe('two zones in which WorkSpaces is offered'),
  securityServices: z
    .enum(['create', 'existing'])
    .describe('GuardDuty, Security Hub and Config exist once per account and region'),
  alarmEmail: email,
  retention: z.strictObject({ searchableDays: days, archiveDays: days }),
  archive: z.strictObject({ lock }),
  identityProvider: z
    .strictObject({
      name: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{1,31}$/),
      protocol: z.literal('saml'),
      metadataUrl: z.url({ protocol: /^https$/ }),
      factors: z.array(z.enum(['password', 'totp', 'passkey', 'certificate', 'biometric'])),
    })
    .optional(),
  desktop: z.strictObject({
    bundleId: z.string().regex(/^wsb-[a-z0-9]{8,63}$/),
    idleMinutes: z.int().positive(),
    maxSessionHours: z.int().positive(),
    rootVolumeGib: z.int().min(80).max(2000),
    userVolumeGib: z.int().min(50).max(2000),
  }),
  capacity: z.strictObject({
    projects: z.int().min(1).max(18_000),
    handlersPerProject: z.int().min(1).max(100),
  }),
  network: z.strictObject({
    presentedBlock: cidr.describe('the block in which every database gets a /28'),
    hubCidr: cidr.describe('a /27 or larger whose only work is to enable the zones on the Transit Gateway'),
    asn: z.int().min(64512).max(65534).describe("the Transit Gateway's autonomous system number"),
  }),
  reconciler: z.strictObject({ requeueSeconds: z.int().min(1).max(900) }),
  cells: z.array(cell).min(1).max(99),
  databases: z.array(database).min(1).max(100),
})

/** A configuration whose shape is right; `Config` of `load.ts` is the one whose rules hold too. */
export type ConfigInput = z.infer<typeof schema>
export type Database = z.infer<typeof database>
export type Cell = z.infer<typeof cell>
export type IpsecProposals = z.infer<typeof ipsec>
