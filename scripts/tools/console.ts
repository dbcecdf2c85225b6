/**
 * What a person sees while the local AWS comes up: one line a step, with its seconds; details only when something
 * fails.
 */

const interactive = process.stdout.isTTY === true

/** Seconds since `started` (milliseconds), one decimal. */
export const secondsSince = (started: number) => Math.round((Date.now() - started) / 100) / 10

/** Prints a step, runs it, prints how long it took; `progress` replaces the line while it runs. */
export async function step<T>(title: string, work: (progress: (detail: string) => void) => Promise<T>): Promise<T> {
  const started = Date.now()
  const progress = (detail: string) => {
    if (interactive) process.stdout.write(`\r\x1b[2K▸ ${title}: ${detail}`)
  }
  if (interactive) process.stdout.write(`▸ ${title} …`)
  else console.log(`▸ ${title} …`)
  try {
    const result = await work(progress)
    console.log(`${interactive ? '\r\x1b[2K' : ''}✓ ${title} (${secondsSince(started)} s)`)
    return result
  } catch (error) {
    console.log(`${interactive ? '\r\x1b[2K' : ''}✗ ${title} (${secondsSince(started)} s)`)
    throw error
  }
}

export const say = (line: string) => console.log(line)

/** The last lines of a program's output: what a reader needs of a failure. */
export const tail = (output: string, lines = 12) => output.trim().split('\n').slice(-lines).join('\n')
