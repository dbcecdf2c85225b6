import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isAlias, isNode, LineCounter, parseAllDocuments, visit, type Document } from 'yaml'
import { ConfigRefused, formatPath, show, type Problem } from './problem.ts'
import { schema, type ConfigInput } from './schema.ts'
import { ruleProblems } from './rules.ts'

declare const checked: unique symbol

/** A configuration whose shape and rules hold. Only `parseConfig` makes one. */
export type Config = ConfigInput & { readonly [checked]: true }

/** A configuration is a page or two; anything larger is not one. */
const MAXIMUM_BYTES = 1_048_576

/** Reads and checks a configuration file. Throws `ConfigRefused` with every problem found. `today` decides what has lapsed. */
export function loadConfig(file: string, today: Date): Config {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigRefused(file, [
      {
        path: '',
        found: 'no readable file',
        why: (error as NodeJS.ErrnoException).code ?? 'it cannot be read',
        write: 'name a file of the folder config/, e.g. config/demo.yaml',
      },
    ])
  }
  return parseConfig(basename(file), text, today)
}

/** Checks the text of a configuration file. Throws `ConfigRefused`, never anything else. */
export function parseConfig(file: string, text: string, today: Date): Config {
  if (Buffer.byteLength(text) > MAXIMUM_BYTES) {
    throw new ConfigRefused(file, [
      {
        path: '',
        found: `${Buffer.byteLength(text)} bytes`,
        why: 'a configuration is at most 1 MiB',
        write: 'one environment a file',
      },
    ])
  }
  const data = parseYaml(file, text)
  const parsed = schema.safeParse(data)
  if (!parsed.success)
    throw new ConfigRefused(
      file,
      parsed.error.issues.map((issue) => shapeProblem(issue, data)),
    )
  const problems = ruleProblems(parsed.data, today)
  if (problems.length > 0) throw new ConfigRefused(file, problems)
  return parsed.data as Config
}

function parseYaml(file: string, text: string): unknown {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, {
    uniqueKeys: true,
    version: '1.2',
    schema: 'core',
    merge: false,
    lineCounter: lines,
    stringKeys: true,
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `line ${line}, column ${col}`
  }
  const [document] = documents as Document.Parsed[]
  if (!document || documents.length !== 1) {
    throw new ConfigRefused(file, [
      {
        path: '',
        found: `${documents.length} YAML documents`,
        why: 'a file describes one environment',
        write: 'exactly one document, without ---',
      },
    ])
  }
  const problems: Problem[] = [...document.errors, ...document.warnings].map((error) => ({
    path: at(error.pos[0]),
    found: error.code,
    why: error.message.split('\n')[0]!.replace(/ at line \d+.*$/, ''),
    write: error.code === 'DUPLICATE_KEY' ? 'each key once' : 'plain YAML 1.2',
  }))
  visit(document, (_, node) => {
    if (isAlias(node) || (isNode(node) && 'anchor' in node && node.anchor)) {
      problems.push({
        path: at(node.range?.[0] ?? 0),
        found: isAlias(node) ? `*${node.source}` : `&${node.anchor}`,
        why: 'anchors and aliases hide what a value is and can grow without bound',
        write: 'the value itself',
      })
      return visit.SKIP
    }
    return undefined
  })
  if (problems.length > 0) throw new ConfigRefused(file, problems)
  try {
    return document.toJS({ maxAliasCount: 0 })
  } catch (error) {
    throw new ConfigRefused(file, [
      {
        path: '',
        found: 'a value that is not data',
        why: (error as Error).message,
        write: 'plain YAML: mappings, lists, texts, numbers',
      },
    ])
  }
}

/** Which requirement asks for a key; named when the key is missing or wrong. */
const requirementOf: Readonly<Record<string, string>> = {
  legalBasis: 'ARC-2',
  holder: 'ARC-2',
  kind: 'ARC-2',
  dataKind: 'PUB-2',
  linkRoute: 'LNK-3',
  provisionRoute: 'PUB-3',
  responsibilityBoundary: 'NET-6',
  peer: 'NET-2',
  identityProvider: 'AUTH-1',
  retention: 'LOG-3',
  lock: 'LOG-3',
  alarmEmail: 'LOG-4',
}

function shapeProblem(
  issue: {
    readonly path: readonly PropertyKey[]
    readonly message: string
    readonly code: string
    readonly keys?: readonly string[]
  },
  data: unknown,
): Problem {
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], data)
  const key = issue.path.findLast((part) => typeof part === 'string') as string | undefined
  const unknown = issue.code === 'unrecognized_keys'
  return {
    path: formatPath(issue.path),
    found: unknown ? `unknown key ${issue.keys?.map((name) => show(name)).join(', ')}` : show(value),
    why: unknown ? 'a key that nothing reads is a mistake' : value === undefined ? 'it is missing' : issue.message,
    ...(key && requirementOf[key] ? { requirement: requirementOf[key] } : {}),
    write: unknown
      ? 'only the keys of config/schema.json'
      : value === undefined
        ? `a value for ${key ?? 'the file'} as config/schema.json describes it`
        : issue.message,
  }
}
