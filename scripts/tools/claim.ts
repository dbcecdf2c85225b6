import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** A process, told apart from a later one of the same number by when it began. */
export interface Process {
  readonly pid: number
  /** clock ticks since boot, from /proc; unknown where there is none */
  readonly began?: string
}

/** Who holds a claim. */
export interface Holder extends Process {
  /** the emulator it started, to be ended if the holder was killed */
  readonly emulator?: Process
}

/** State and beginning of a process as Linux tells them. */
function statusOf(pid: number): { readonly state: string; readonly began: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', began: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

export function processOf(pid: number): Process {
  const began = statusOf(pid)?.began
  return { pid, ...(began ? { began } : {}) }
}

/** Whether this very process still runs; one that has ended and only waits for its parent does not. */
export function alive({ pid, began }: Process): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const status = statusOf(pid)
  return status === undefined || (status.state !== 'Z' && (began === undefined || began === status.began))
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string | undefined): Holder | undefined {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`
  writeFileSync(fresh, text)
  renameSync(fresh, file)
}

/** Changes what the claim of this process says. */
export const amendClaim = (file: string, more: Omit<Holder, 'pid' | 'began'>) =>
  writeWhole(file, JSON.stringify({ ...processOf(process.pid), ...more } satisfies Holder))

export function releaseClaim(file: string): void {
  if (parse(read(file))?.pid === process.pid) rmSync(file, { force: true })
}

/**
 * Takes a file as the sign that this process alone does something, until it exits. Gives the holder where another
 * process, which runs, has it.
 * `leftBehind` is told of a holder that was killed, before its place is taken.
 */
export function claim(file: string, leftBehind: (holder: Holder) => void = () => {}): Holder | undefined {
  const own = `${file}.${process.pid}.own`
  writeFileSync(own, JSON.stringify(processOf(process.pid)))
  try {
    for (;;) {
      try {
        // a link appears with its content, or not at all
        linkSync(own, file)
        process.on('exit', () => releaseClaim(file))
        return undefined
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const text = read(file)
      const holder = parse(text)
      if (holder && alive(holder)) return holder
      const aside = `${file}.${process.pid}.stale`
      try {
        renameSync(file, aside)
      } catch {
        continue
      }
      const moved = read(aside)
      const taken = moved === text ? undefined : parse(moved)
      // somebody else took the place between reading and moving: it is given back
      if (taken && alive(taken))
        try {
          linkSync(aside, file)
        } catch {
          /* a third process has it by now */
        }
      else if (holder) leftBehind(holder)
      rmSync(aside, { force: true })
    }
  } finally {
    rmSync(own, { force: true })
  }
}
