import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { resourcePath, type StackTemplate } from './assembly.ts'
import { CHANGE_OR_ACKNOWLEDGE, counted, type Check, type Finding } from './finding.ts'
import { pythonTool } from './python-tools.ts'

const run = promisify(execFile)
/** cfn-lint is slow and single-threaded: two at once fill the two cores of a small machine. */
const processes = 2
/** W3005: a dependency said twice. aws-cdk-lib writes them itself (and leaves the rule out of its own validation). */
const leftOut = ['W3005']
/** Exit codes 0-14 say what was found (a bit mask of errors, warnings, information); others that it broke. */
const highestFindingCode = 14

/** One entry of `cfn-lint --format json`. */
interface Match {
  readonly Level: string
  readonly Message: string
  readonly Location: { readonly Path: readonly (string | number)[] | null }
  readonly Rule: { readonly Id: string; readonly Source?: string }
}

/** cfn-lint with its newest resource schemas, per template, for the region of the stack. */
export const cfnLint: Check = {
  id: 'cfn-lint',
  title: { en: 'cfn-lint: real resource schemas and regions', ja: 'cfn-lint：実スキーマとリージョン' },
  async run({ assembly, root }) {
    const findings = await lintTemplates(assembly.stacks, root)
    return { findings, judged: counted(assembly.stacks.length, 'template') }
  },
}

/**
 * Lints templates, at most two at a time; what was linted before (same text, tool and region) is read from
 * `.renkei/cache`.
 */
export async function lintTemplates(stacks: readonly StackTemplate[], root: string): Promise<Finding[]> {
  const tool = pythonTool('cfn-lint', root)
  const { stdout: version } = await run(tool, ['--version'])
  const cache = join(root, '.renkei', 'cache', 'cfn-lint')
  mkdirSync(cache, { recursive: true })
  const waiting = [...stacks]
  const findings = new Map<StackTemplate, Finding[]>()
  const worker = async () => {
    for (let stack = waiting.shift(); stack; stack = waiting.shift()) {
      findings.set(stack, toFindings(stack, await matches(stack, tool, version, cache)))
    }
  }
  await Promise.all(Array.from({ length: processes }, worker))
  return stacks.flatMap((stack) => findings.get(stack) ?? [])
}

async function matches(stack: StackTemplate, tool: string, version: string, cache: string): Promise<Match[]> {
  const region = stack.region ?? 'ap-northeast-1'
  const file = join(
    cache,
    `${createHash('sha256')
      .update([version, region, ...leftOut, JSON.stringify(stack.template)].join('\0'))
      .digest('hex')}.json`,
  )
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Match[]
  const output = await lint(tool, region, stack.file)
  writeFileSync(file, output)
  return JSON.parse(output) as Match[]
}

async function lint(tool: string, region: string, file: string): Promise<string> {
  try {
    const { stdout } = await run(
      tool,
      ['--format', 'json', '--regions', region, '--ignore-checks', ...leftOut, '--', file],
      { maxBuffer: 64 * 1024 * 1024 },
    )
    return stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string }
    if (typeof code === 'number' && code <= highestFindingCode && stdout?.trimStart().startsWith('[')) return stdout
    throw new Error(`cfn-lint broke on ${file} (exit code ${code}): ${(stderr ?? '').trim().slice(-500)}`, {
      cause: error,
    })
  }
}

function toFindings(stack: StackTemplate, found: readonly Match[]): Finding[] {
  return found
    .filter(({ Level }) => Level !== 'Informational')
    .map(({ Level, Message, Location, Rule }) => {
      const path = Location.Path ?? []
      const inResource = path[0] === 'Resources'
      return {
        check: 'cfn-lint',
        rule: Rule.Id,
        severity: Level === 'Error' ? ('error' as const) : ('warning' as const),
        path: resourcePath(stack, inResource ? String(path[1]) : undefined),
        location: path.slice(inResource ? 2 : 0).join('.') || undefined,
        what: Message,
        next: Rule.Source ? `see ${Rule.Source}` : CHANGE_OR_ACKNOWLEDGE,
      }
    })
}
