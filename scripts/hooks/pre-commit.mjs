// Before a commit: the staged files are formatted and pass the linter. `node_modules/.bin/simple-git-hooks` in the
// checkout turns it on.
import { execFileSync, spawnSync } from 'node:child_process'

const staged = execFileSync('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], {
  encoding: 'utf8',
})
const files = staged.split('\0').filter((file) => /\.(ts|mjs|cjs|json)$/.test(file))
const check = (program, args) =>
  // on the project's own Node: the machine's may be too old for the linter's configuration
  spawnSync('node_modules/.bin/node', [`node_modules/.bin/${program}`, ...args], { stdio: 'inherit' }).status === 0

if (files.length > 0) {
  const formatted = check('oxfmt', ['--check', '--no-error-on-unmatched-pattern', ...files])
  if (!formatted)
    console.error(
      '\n✗ staged files are not formatted\n  why:  see above\n  next: npm run format, then stage them again\n',
    )
  const sources = files.filter((file) => !file.endsWith('.json'))
  if (!formatted || (sources.length > 0 && !check('oxlint', ['--quiet', ...sources]))) process.exit(1)
}
