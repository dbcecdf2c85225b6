/**
 * Keeps the functions' own log (LOG-2) out of the output of tests that run them in this process: a reader of a passing
 * run sees tests alone. Whatever else is written comes through; a test that reads the log hands in a writer.
 */
const write = process.stdout.write.bind(process.stdout) as (...all: unknown[]) => boolean

/** A record of `lambda/kernel/log.ts`: it alone has the time in Japan. */
const isRecord = (chunk: unknown) => typeof chunk === 'string' && /^\{"time":"[^"]+","timeJst":/.test(chunk)

process.stdout.write = (...all: unknown[]) => isRecord(all[0]) || write(...all)
