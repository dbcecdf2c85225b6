import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { expectThat } from '../support/expect.ts'
import { files, read, root } from './support.ts'

const documents = ['README', 'CONTRIBUTING']
  .flatMap((name) => [`${name}.md`, `${name}.ja.md`])
  .concat(globSync('docs/**/*.md', { cwd: root }))
  .sort()
const translated = documents
  .filter((file) => file.endsWith('.ja.md'))
  .map((file) => [file.replace(/\.ja\.md$/, '.md'), file] as const)

/** What stands between backticks, in a line or in a block. */
const code = (text: string) =>
  [...text.matchAll(/```[^\n]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, block, inline]) => block ?? inline ?? '')

/** Folders of the checkout: a word that begins with one of them and a slash is a path of ours. */
const folders = readdirSync(root, { withFileTypes: true })
  .filter(
    (each) =>
      each.isDirectory() &&
      !['node_modules', 'reports', '.renkei', '.git', 'cdk.out', 'kits', 'build'].includes(each.name),
  )
  .map(({ name }) => name)
const PATH = new RegExp(
  `(?<![\\w./<-])(?:${folders.map((name) => name.replaceAll('.', '\\.')).join('|')})/[\\w./*-]*[\\w/*]`,
  'g',
)

/** Paths of the repository that a text names: as a word in code, or the target of a link. */
function brokenPaths(file: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, to = '']) => to)
    .filter((to) => !to.includes('://'))
    .filter((to) => !existsSync(join(root, dirname(file), to)))
  const words = code(text)
    .flatMap((part) =>
      [...part.matchAll(PATH)].filter(({ index, 0: path }) => part[index + path.length] !== '<').map(([path]) => path),
    )
    .filter((path) => globSync(path, { cwd: root }).length === 0)
  const bare = code(text)
    .filter((part) => /^[\w-]+\.(ts|mjs|md|json|yaml|cedar)$/.test(part))
    .filter(
      (name) =>
        !existsSync(join(root, dirname(file), name)) &&
        globSync(`{${folders.join(',')}}/**/${name}`, { cwd: root }).length === 0 &&
        !existsSync(join(root, name)),
    )
  return [...links, ...words, ...bare]
}

const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)

/** Scripts of package.json that a text calls and that are not there. */
function missingScripts(text: string): string[] {
  return [...text.matchAll(/npm (?:run ([a-z][\w:-]*)|(start|test)\b)/g)]
    .map(([, run, short]) => run ?? short ?? '')
    .filter((name) => !scripts.includes(name))
}

/** The commands that `--help` shows, from the operator's command itself. */
const commandsOf = (args: readonly string[]) => {
  const { stdout, status } = spawnSync(process.execPath, [join(root, 'cli', 'main.ts'), ...args, '--help'], {
    encoding: 'utf8',
  })
  expect(status).toBe(0)
  return {
    text: stdout,
    names: [...(stdout.split('\nCommands:\n')[1] ?? '').matchAll(/^ {2}([A-Za-z]+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help'),
  }
}
const known = new Map(commandsOf([]).names.map((name) => [name, commandsOf([name])]))
const helpOf = new Map<string, string>()

/** Calls of `renkei` in code that its own help does not know: command, second word, options. */
function unknownCalls(text: string): string[] {
  const calls = code(text)
    .flatMap((part) => part.split('\n'))
    .flatMap((line) =>
      [...line.matchAll(/(?:^|[·;&] *|npx )(?:\.\/)?renkei(?: ([^#|·]*))?/g)].map(([, rest = '']) => rest.trim()),
    )
    .filter((rest) => rest !== '')
  return calls.filter((call) => {
    const words = call.split(/\s+/)
    if (words[0]!.startsWith('-')) return words[0] !== '--help'
    const group = known.get(words[0]!)
    if (!group) return true
    const path = group.names.length > 0 ? words.slice(0, 2) : words.slice(0, 1)
    // a placeholder stands for any command of the group
    if (group.names.length > 0 && /^<\w+>$/.test(path[1] ?? '')) return false
    if (group.names.length > 0 && !group.names.includes(path[1] ?? '')) return true
    const key = path.join(' ')
    if (!helpOf.has(key)) helpOf.set(key, commandsOf(path).text)
    return words
      .map((word) => /^\[?(--[a-z-]+)/.exec(word)?.[1])
      .some((option) => option !== undefined && !helpOf.get(key)!.includes(`${option} `))
  })
}

/** What must be alike in both languages: headings by level, code blocks, tables with their rows and columns. */
function shape(text: string) {
  const blocks = text.match(/^```/gm)?.length ?? 0
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '')
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, level]) => level),
    fences: blocks,
    rows: [...prose.matchAll(/^\|.*\|$/gm)].map(([row]) => row.replaceAll('\\|', '').split('|').length),
  }
}

test('every path and link in README and docs leads somewhere', () => {
  assert.ok(documents.length > 30)
  expect(documents.flatMap((file) => brokenPaths(file, read(file)).map((path) => `${file}: ${path}`))).toEqual([])
})

test('every npm script and every renkei command in README and docs exists, with its options', () => {
  assert.ok(known.size > 5)
  expect(
    documents.flatMap((file) =>
      [
        ...missingScripts(read(file)).map((name) => `npm run ${name}`),
        ...unknownCalls(read(file)).map((call) => `renkei ${call}`),
      ].map((what) => `${file}: ${what}`),
    ),
  ).toEqual([])
})

test('a document in two languages has the same headings, code blocks and tables in both', () => {
  assert.ok(translated.length >= 4)
  for (const [english, japanese] of translated) {
    expectThat(shape(read(japanese)), japanese).toEqual(shape(read(english)))
    assert.ok(
      read(english).includes(`(${basename(japanese)})`) && read(japanese).includes(`(${basename(english)})`),
      `${english} and ${japanese} lead to each other`,
    )
  }
})

test('commands in code blocks are the same in both languages of README', () => {
  const commands = (file: string) =>
    code(read(file))
      .flatMap((part) => part.split('\n'))
      .filter((line) => /^(npm|npx) /.test(line))
      .map((line) =>
        line
          .split('#')[0]!
          .replaceAll(/<[^>]+>/g, '<>')
          .trim(),
      )
  expect([...new Set(commands('README.ja.md'))].sort()).toEqual([...new Set(commands('README.md'))].sort())
})

test('the index of docs names every document, decision and runbook', () => {
  for (const [index, under] of [
    ['docs/README.md', 'docs'],
    ['docs/README.ja.md', 'docs'],
    ['docs/adr/README.md', 'docs/adr'],
    ['docs/runbooks/README.md', 'docs/runbooks'],
  ] as const) {
    const text = read(index)
    const expected = readdirSync(join(root, under)).filter(
      (name) => name.endsWith('.md') && !name.startsWith('README.'),
    )
    // an index names one language of a document; the document leads to the other
    const language = (name: string) =>
      existsSync(join(root, under, name.replace(/\.md$/, '.ja.md'))) ? [name, name.replace(/\.md$/, '.ja.md')] : [name]
    expectThat(
      expected.filter((name) => !name.endsWith('.ja.md') && !language(name).some((each) => text.includes(`(${each})`))),
      index,
    ).toEqual([])
  }
})

test('decisions are numbered as their files are, and the index has their titles', () => {
  const index = read('docs/adr/README.md')
  for (const name of readdirSync(join(root, 'docs', 'adr')).filter((each) => /^\d{4}-/.test(each))) {
    const title = read(`docs/adr/${name}`).split('\n')[0]!.replace(/^# /, '')
    assert.ok(title.startsWith(`${name.slice(0, 4)} `), name)
    assert.ok(index.includes(`[${title.slice(0, 4)}](${name}) | ${title.slice(5)} |`), title)
  }
})

/** A folder of one machine, and the host of a package registry: neither belongs into a repository. */
const MACHINE = [
  String.raw`(?<![\w.~>-])/(?:(?:work|root)/[\w.]|Users/[a-z])`,
  String.raw`(?<![\w.~>-])/home/(?!\$)[a-z][\w-]*/`,
  String.raw`(?:registry\.(?:npmjs|yarnpkg)|npmjs)\.(?:org|com)`,
  String.raw`(?:files\.pythonhosted|pypi)\.org`,
  String.raw`(?:artifactory|nexus|codeartifact)[\w.-]*\.(?:com|net|org|internal|local)`,
].map((each) => new RegExp(each))

test('the architecture lists the invariants of the register, every one', () => {
  const register = [...read('policies/evidence/requirements.yaml').matchAll(/^(C-\d+):/gm)].map(([, id]) => id)
  expect(register.length).toBeGreaterThan(10)
  for (const file of ['docs/architecture.md', 'docs/architecture.ja.md'])
    expectThat(
      [...read(file).matchAll(/^\| (C-\d+) \|/gm)].map(([, id]) => id),
      file,
    ).toEqual(register)
})

test('no file of the repository names a path of one machine or the host of a registry', () => {
  assert.ok(files.length > 100)
  const found = files
    .filter((file) => file !== 'test/repository/docs.test.ts')
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, index) => (MACHINE.some((pattern) => pattern.test(line)) ? [`${file}:${index + 1}`] : [])),
    )
  expect(found).toEqual([])
})

test('the checks above find what they look for', () => {
  expect(brokenPaths('docs/lab.md', 'see `lib/nothing.ts`, [this](gone.md), `lib/platform.ts`, `nowhere.ts`')).toEqual([
    'gone.md',
    'lib/nothing.ts',
    'nowhere.ts',
  ])
  expect(missingScripts('npm run check, npm run chekc')).toEqual(['chekc'])
  expect(
    unknownCalls(
      '`renkei status` `npx renkei stauts` `renkei network shake` `renkei network prove --alive` ' +
        '`renkei do <command> <id>` `renkei do Grant A-1 --dry-walk` ' +
        '`npx renkei database kit <DB> --device x`',
    ),
  ).toEqual(['stauts', 'network shake', 'network prove --alive', 'do Grant A-1 --dry-walk'])
  expect(shape('# a\n| b |')).not.toEqual(shape('# a\n| b | c |'))
  for (const line of [`at ${'/work'}/main`, `${'/home'}/taro/x`, `https://registry.${'npmjs'}.org`])
    assert.ok(
      MACHINE.some((pattern) => pattern.test(line)),
      line,
    )
})
