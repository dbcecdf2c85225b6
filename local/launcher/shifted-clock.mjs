// Preloaded into the functions of the local AWS: their clock is the machine's plus the offset in RENKEI_CLOCK_FILE.
import { readFileSync } from 'node:fs'

const RealDate = Date
const offset = () => {
  try {
    return Number(readFileSync(process.env.RENKEI_CLOCK_FILE, 'utf8')) || 0
  } catch {
    return 0
  }
}

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset())
    else super(...args)
  }

  static now() {
    return RealDate.now() + offset()
  }
}
