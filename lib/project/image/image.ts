import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadProfile, type DesktopProfile } from './profile.ts'
import { renderHardening, renderSessionCheck, renderWspConf, type DesktopEnvironment } from './render.ts'

/** The files that `docs/desktop-image.md` copies onto the builder WorkSpace, by name. */
export function imageFiles(
  environment: DesktopEnvironment,
  profile: DesktopProfile = loadProfile(),
): Readonly<Record<string, string>> {
  return {
    'harden.sh': renderHardening(profile, environment),
    'renkei-session-check': renderSessionCheck(profile, environment),
    'wsp.conf': renderWspConf(profile),
  }
}

/**
 * Writes the image's files into a folder, which is made where it is missing, and gives their paths.
 * The same configuration and profile give the same bytes, so that two people can compare what they are about to run.
 */
export function writeImageFiles(folder: string, environment: DesktopEnvironment): string[] {
  mkdirSync(folder, { recursive: true })
  return Object.entries(imageFiles(environment)).map(([name, content]) => {
    const file = join(folder, name)
    writeFileSync(file, content, { mode: name === 'wsp.conf' ? 0o644 : 0o755 })
    return file
  })
}
