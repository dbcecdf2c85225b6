import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { resourcePath, type StackTemplate } from './assembly.ts'
import { CHANGE_OR_ACKNOWLEDGE, counted, requirementOf, type Check, type Finding } from './finding.ts'
import type { Template } from './template.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

const run = promisify(execFile)
/** Guard ends with 19 where a rule failed, 5 where a rule could not be evaluated against a file. */
const violationCodes = new Set([0, 19])

/** Guard's structured report of one data file. */
interface FileReport {
  readonly name: string
  readonly not_compliant: readonly { readonly Rule: RuleReport }[]
}

interface RuleReport {
  readonly name: string
  readonly checks: readonly unknown[]
}

/**
 * Our own rules in `policies/checks/guard`, by Guard 3.1.1; `policies/checks/guard/production` holds only for
 * production.
 */
export const guard: Check = {
  id: 'guard',
  title: { en: 'Own CloudFormation Guard rules', ja: '独自 CloudFormation Guard 規則' },
  async run({ assembly, config, root }) {
    const files = ruleFiles(root, config.production)
    const findings = await guardTemplates(assembly.stacks, files)
    return {
      findings,
      judged: `${counted(assembly.stacks.length, 'template')}, ${counted(ruleNames(files).length, 'rule')}`,
    }
  },
}

/** The rule files that hold for an environment. */
export function ruleFiles(root: string, production: boolean): string[] {
  const folder = join(root, 'policies', 'checks', 'guard')
  const folders = production ? [folder, join(folder, 'production')] : [folder]
  return folders.flatMap((one) =>
    readdirSync(one)
      .filter((file) => file.endsWith('.guard'))
      .sort()
      .map((file) => join(one, file)),
  )
}

/** Every rule name in those files. */
export function ruleNames(files: readonly string[]): string[] {
  return files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^rule (\w+)/gm)].map((match) => match[1]!))
}

/** The first `<<sentence>>` of each rule: what it says where Guard reports a missing property without one. */
function ruleSentences(files: readonly string[]): Map<string, string> {
  return new Map(
    files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^rule (\w+)[^]*?<<([^>]+)>>/gm)].map(
        (match) => [match[1]!, match[2]!.trim()] as const,
      ),
    ),
  )
}

/** Judges many templates in one run of the binary. */
export async function guardTemplates(stacks: readonly StackTemplate[], files: readonly string[]): Promise<Finding[]> {
  if (stacks.length === 0) return []
  const reports = await guardReports(
    stacks.map(({ template }) => template),
    files,
  )
  const sentences = ruleSentences(files)
  return stacks.flatMap((stack, index) =>
    reports[index]!.flatMap((report) => ruleFindings(stack, report, sentences.get(report.name) ?? report.name)),
  )
}

/**
 * Failed rules by template, in order. Templates go to a temporary folder under numbers: Guard names its results by
 * file.
 */
async function guardReports(templates: readonly Template[], files: readonly string[]): Promise<RuleReport[][]> {
  const parent = join(import.meta.dirname, '..', '.renkei', 'guard')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'run-'))
  try {
    templates.forEach((template, index) => writeFileSync(join(folder, `${index}.json`), JSON.stringify(template)))
    const reports = JSON.parse(
      await execute([
        'validate',
        '--output-format',
        'json',
        '--show-summary',
        'none',
        '--structured',
        '--data',
        folder,
        ...files.flatMap((file) => ['--rules', file]),
      ]),
    ) as FileReport[]
    const byTemplate = templates.map((): RuleReport[] => [])
    for (const report of reports)
      byTemplate[Number(/(\d+)\.json$/.exec(report.name)?.[1])]?.push(...report.not_compliant.map(({ Rule }) => Rule))
    return byTemplate
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function execute(args: string[]): Promise<string> {
  try {
    const { stdout } = await run(binary(), args, { maxBuffer: 256 * 1024 * 1024 })
    return stdout
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string }
    if (typeof code === 'number' && violationCodes.has(code) && stdout) return stdout
    throw new Error(`cfn-guard broke (exit code ${code}): ${(stderr || stdout || '').trim().slice(0, 1000)}`, {
      cause: error,
    })
  }
}

/** The Guard binary that @cdklabs/cdk-validator-cfnguard carries for this machine. */
function binary(): string {
  const system = { linux: 'ubuntu', darwin: 'macos' }[process.platform as string]
  const processor = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string]
  if (!system || !processor)
    throw new Obstacle({
      code: 'checks.no-guard-binary',
      what: `cfn-guard has no binary for ${process.platform}/${process.arch}`,
      why: 'it exists for Linux and macOS on x64 and arm64',
      next: 'run the check on such a machine or in a container',
    })
  const manifest = createRequire(import.meta.url).resolve('@cdklabs/cdk-validator-cfnguard/package.json')
  return join(dirname(manifest), 'bin', system, processor, 'cfn-guard')
}

interface Fault {
  readonly location?: string
  readonly message?: string
}

/** One finding for each resource that a failed rule names; one for the stack where it names none. */
function ruleFindings(stack: StackTemplate, rule: RuleReport, sentence: string): Finding[] {
  const faults = new Map<string, Fault>()
  for (const clause of rule.checks) collect(clause, undefined, faults)
  const entries: (readonly [string | undefined, Fault])[] = faults.size > 0 ? [...faults] : [[undefined, {}]]
  return entries.map(([logicalId, { location, message }]) => ({
    check: 'guard',
    rule: rule.name,
    severity: 'error' as const,
    path: resourcePath(stack, logicalId),
    location,
    what: (message ?? sentence).replace(/^\[[A-Z]+-\d+\] /, ''),
    next: CHANGE_OR_ACKNOWLEDGE,
    requirement: requirementOf(rule.name),
  }))
}

/**
 * Walks Guard's nested report: every `path` under `/Resources/<id>` names a resource, the nearest custom message says
 * why.
 */
function collect(value: unknown, message: string | undefined, faults: Map<string, Fault>): void {
  if (value === null || typeof value !== 'object') return
  const messages = (value as { messages?: { custom_message?: string | null } }).messages
  const nearest = messages?.custom_message?.trim() || message
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'value' && !isTraversal(inner)) continue
    const match = key === 'path' && typeof inner === 'string' ? /^\/Resources\/([^/]+)\/?(.*)$/.exec(inner) : null
    if (match) {
      const earlier = faults.get(match[1]!)
      faults.set(match[1]!, {
        location: earlier?.location ?? (match[2]!.replaceAll('/', '.') || undefined),
        message: earlier?.message ?? nearest,
      })
    } else {
      collect(inner, nearest, faults)
    }
  }
}

const isTraversal = (value: unknown) => value !== null && typeof value === 'object' && 'traversed_to' in value
