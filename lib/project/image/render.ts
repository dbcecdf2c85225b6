import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '#lib/kernel/config/load.ts'
import { WSP_CONF, type DesktopProfile, type DesktopSetting } from './profile.ts'

/** What differs between environments on a desktop. */
export interface DesktopEnvironment extends Pick<Config, 'region'> {
  /** Minutes without input after which a desktop locks; at most 15 (VIS-3). */
  readonly desktop: Pick<Config['desktop'], 'idleMinutes'>
}

/** VIS-3: a person who does nothing is locked out after at most 15 minutes. */
const IDLE_LIMIT_MINUTES = 15
const SESSION_CHECK = '/usr/local/sbin/renkei-session-check'
const MARK = '#@SETTINGS@'
const END = 'END_OF_FILE_RENKEI'

/** `wsp.conf` as it stands on a desktop that has no other content in it. */
export function renderWspConf(profile: DesktopProfile): string {
  const lines = profile.settings.flatMap((each) =>
    each.kind === 'ini' && each.file === WSP_CONF ? [`${each.key} = ${each.value}`] : [],
  )
  return `[policies]\n${lines.join('\n')}\n`
}

/**
 * The script that makes a builder WorkSpace into what the profile says; it carries the session check and every file.
 */
export function renderHardening(profile: DesktopProfile, environment: DesktopEnvironment): string {
  const settings = filledIn(profile, environment)
  const check = putFile(SESSION_CHECK, '0755', renderSessionCheck(profile, environment))
  // Packages first: what they bring is configured afterwards. dconf last: it compiles the files before it.
  const order = (each: DesktopSetting) => (each.kind === 'packages' ? 0 : each.kind === 'dconf' ? 2 : 1)
  const calls = settings
    .toSorted((a, b) => order(a) - order(b))
    .map((each) => `# ${each.id} [${each.requirements.join(', ')}]\n${hardening(each)}`)
  return shell('harden.sh').replace(MARK, () =>
    [...calls, `# the check that runs at every log-on\n${check}`].join('\n\n'),
  )
}

/** The script that refuses a session on a desktop that deviates in any setting. */
export function renderSessionCheck(profile: DesktopProfile, environment: DesktopEnvironment): string {
  return shell('session-check.sh').replace(MARK, () => filledIn(profile, environment).map(expectation).join('\n'))
}

const shell = (name: string) => readFileSync(join(import.meta.dirname, 'shell', name), 'utf8')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const quoted = (...words: string[]) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')

function filledIn(profile: DesktopProfile, { region, desktop }: DesktopEnvironment): DesktopSetting[] {
  if (desktop.idleMinutes < 1 || desktop.idleMinutes > IDLE_LIMIT_MINUTES) {
    throw new RangeError(`desktop.idleMinutes is ${desktop.idleMinutes}: write 1 to ${IDLE_LIMIT_MINUTES} (VIS-3)`)
  }
  const values: Readonly<Record<string, string>> = { region, idleSeconds: String(desktop.idleMinutes * 60) }
  const fill = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const found = values[name]
      if (found === undefined)
        throw new Error(`the desktop profile asks for {{${name}}}, known are ${Object.keys(values).join(', ')}`)
      return found
    })
  return profile.settings.map((each) => {
    switch (each.kind) {
      case 'ini':
      case 'directive':
      case 'sysctl':
        return { ...each, value: fill(each.value) }
      case 'file':
        return each.source === undefined ? { ...each, content: fill(each.content!) } : each
      default:
        return each
    }
  })
}

function putFile(file: string, mode: string, content: string): string {
  if (content.includes(END)) throw new Error(`${file} contains ${END}, which ends it in the script: write it otherwise`)
  return `put_file ${quoted(file, mode)} <<'${END}'\n${content.replace(/\n$/, '')}\n${END}`
}

function hardening(each: DesktopSetting): string {
  switch (each.kind) {
    case 'ini':
      return `set_ini ${quoted(each.file, each.section, each.key, each.value)}`
    case 'directive':
      return `set_directive ${quoted(each.file, each.key, ' ', each.value)}`
    case 'sysctl':
      return `set_directive ${quoted('/etc/sysctl.d/99-renkei.conf', each.key, ' = ', each.value)}`
    case 'file':
      return putFile(each.file, each.mode, each.content!)
    case 'block':
      return `end_with ${quoted(each.file, ...each.lines)}`
    case 'only':
      return `keep_only ${quoted(each.directory, ...each.entries)}`
    case 'dconf':
      return 'compile_dconf'
    case 'masked':
      return `mask ${quoted(...each.units)}`
    case 'enabled':
      return `enable ${quoted(each.unit, each.target)}`
    case 'modules':
      return `forbid_modules ${quoted(...each.names)}`
    case 'sudo':
      return `no_sudo ${quoted(...each.allow)}`
    case 'noswap':
      return 'no_swap'
    case 'packages':
      return `software ${quoted(each.add.join(' '), each.remove.join(' '))}`
  }
}

function expectation(each: DesktopSetting): string {
  const about = quoted(each.id, each.requirements.join(' '))
  switch (each.kind) {
    case 'ini':
      return `expect_ini ${about} ${quoted(each.file, each.section, each.key, each.value)}`
    case 'directive':
      return `expect_directive ${about} ${quoted(each.file, each.key, each.value)}`
    case 'sysctl':
      return `expect_sysctl ${about} ${quoted(each.key, each.value)}`
    case 'file':
      return `expect_file ${about} ${quoted(each.file, each.mode, sha256(each.content!))}`
    case 'block':
      return `expect_end ${about} ${quoted(each.file, ...each.lines)}`
    case 'only':
      return `expect_only ${about} ${quoted(each.directory, ...each.entries)}`
    case 'dconf':
      return `expect_dconf ${about} ${quoted(each.database)}`
    case 'masked':
      return `expect_masked ${about} ${quoted(...each.units)}`
    case 'enabled':
      return `expect_enabled ${about} ${quoted(each.unit, each.target)}`
    case 'modules':
      return `expect_no_modules ${about} ${quoted(...each.names)}`
    case 'sudo':
      return `expect_no_sudo ${about} ${quoted(...each.allow)}`
    case 'noswap':
      return `expect_no_swap ${about}`
    case 'packages':
      return `expect_software ${about} ${quoted(...each.deny)}`
  }
}
