import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/**
 * Everything below is quoted into shell scripts and files of the desktop: plain words, no quotes, no control
 * characters.
 */
const word = z.string().regex(/^[A-Za-z0-9._@+-]{1,80}$/, 'write a plain word: letters, digits and . _ @ + -')
const path = z
  .string()
  .regex(/^(\/[A-Za-z0-9._@-]+)+$/, 'write an absolute path of plain words')
  .refine((value) => !value.includes('/..'), 'a path without ..')
const plain = z.string().regex(/^[^\p{Cc}'\\]{1,200}$/u, 'write one line without quotes or backslashes')
const value = z.string().regex(/^[A-Za-z0-9 ._:{}-]{1,80}$/, 'write letters, digits, spaces and . _ : -')
const mode = z.string().regex(/^0[0-7]{3}$/, 'write the mode as four octal digits, such as "0644"')
const pattern = z.string().regex(/^[a-z0-9*.+_-]{2,60}$/, 'write a package name, with * for any characters')

const common = {
  id: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/),
  requirements: z.array(z.string().regex(/^[A-Z]{3,4}-\d{1,2}$/)).min(1),
}

const setting = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('ini'), file: path, section: word, key: word, value }),
  z.strictObject({ ...common, kind: z.literal('directive'), file: path, key: word, value }),
  z
    .strictObject({
      ...common,
      kind: z.literal('file'),
      file: path,
      mode: mode.default('0644'),
      content: z.string().endsWith('\n').optional(),
      source: z.string().optional(),
    })
    .refine((file) => (file.content === undefined) !== (file.source === undefined), 'write either content or source'),
  z.strictObject({ ...common, kind: z.literal('block'), file: path, lines: z.array(plain).min(1) }),
  z.strictObject({ ...common, kind: z.literal('only'), directory: path, entries: z.array(word).min(1) }),
  z.strictObject({ ...common, kind: z.literal('dconf'), database: word }),
  z.strictObject({ ...common, kind: z.literal('masked'), units: z.array(word).min(1) }),
  z.strictObject({ ...common, kind: z.literal('enabled'), unit: word, target: word }),
  z.strictObject({ ...common, kind: z.literal('modules'), names: z.array(word).min(1) }),
  z.strictObject({ ...common, kind: z.literal('sysctl'), key: word, value }),
  z.strictObject({ ...common, kind: z.literal('sudo'), allow: z.array(word) }),
  z.strictObject({ ...common, kind: z.literal('noswap') }),
  z.strictObject({
    ...common,
    kind: z.literal('packages'),
    add: z.array(word),
    remove: z.array(word),
    deny: z.array(pattern),
  }),
])

/** What no profile may leave out or turn round, whoever edits it (VIS-2, VIS-3). */
const mandatoryPolicies: Readonly<Record<string, string>> = {
  clipboard: 'disabled',
  'remote-printing': 'disabled',
  'audio-in': 'disabled',
  'video-in': 'disabled',
  'disconnect-on-lock': 'enabled',
}
const mandatoryKinds = ['modules', 'sudo', 'noswap', 'packages', 'dconf'] as const

const profile = z
  .strictObject({ base: z.literal('rocky-linux-8'), settings: z.array(setting) })
  .superRefine(({ settings }, context) => {
    const seen = new Set<string>()
    for (const { id } of settings) {
      if (seen.has(id))
        context.addIssue({
          code: 'custom',
          path: ['settings', id],
          message: 'stands twice: give each setting its own id',
        })
      seen.add(id)
    }
    for (const [key, wanted] of Object.entries(mandatoryPolicies)) {
      const found = settings.filter(
        (each) => each.kind === 'ini' && each.file === WSP_CONF && each.section === 'policies' && each.key === key,
      )
      if (found.length !== 1 || found.some((each) => each.kind === 'ini' && each.value !== wanted)) {
        context.addIssue({
          code: 'custom',
          path: ['settings', key],
          message: `${WSP_CONF} [policies] must say ${key} = ${wanted} exactly once (VIS-2, VIS-3)`,
        })
      }
    }
    for (const kind of mandatoryKinds) {
      if (!settings.some((each) => each.kind === kind))
        context.addIssue({
          code: 'custom',
          path: ['settings'],
          message: `a setting of kind ${kind} is missing: a desktop is not made without it (VIS-2, SEC-4)`,
        })
    }
  })

/**
 * Where WorkSpaces' DCV agent reads its policies on Linux (WorkSpaces administration guide, "Manage your Rocky Linux
 * WorkSpaces").
 */
export const WSP_CONF = '/etc/wsp/wsp.conf'

/** One setting of the profile, of one of its kinds. */
export type DesktopSetting = z.infer<typeof setting>
/** The desktop profile, parsed; files named by `source` are read in. */
export interface DesktopProfile {
  /** In the order of the file. */
  readonly settings: readonly DesktopSetting[]
}

/** The profile of the platform's desktops. */
export const defaultProfileFile = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'policies',
  'project',
  'desktop',
  'profile.yaml',
)

/** Checks a profile as data; throws zod's error, which names the setting and what to write. */
export function parseProfile(data: unknown, readSource: (name: string) => string): DesktopProfile {
  const { settings } = profile.parse(data)
  return {
    settings: settings.map((each) =>
      each.kind === 'file' && each.source !== undefined ? { ...each, content: readSource(each.source) } : each,
    ),
  }
}

/** Reads `policies/project/desktop/profile.yaml` and the files beside it. */
export function loadProfile(file = defaultProfileFile): DesktopProfile {
  return parseProfile(parse(readFileSync(file, 'utf8')), (name) => readFileSync(join(dirname(file), name), 'utf8'))
}
