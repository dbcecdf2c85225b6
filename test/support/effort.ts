/** Whether the long suites run in full (`npm run prove`) or as seeded samples (`npm test`). */
export const full = process.env.RENKEI_EFFORT === 'full'

/** How many runs a property gets: `sample` in the everyday suite, `whole` in `npm run prove`. */
export const runs = (sample: number, whole: number) => (full ? whole : sample)

/** The seed of the everyday sample, so that it is the same on every machine; the full suites draw anew. */
export const seed = full ? undefined : 20_261_122
