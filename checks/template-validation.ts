import { CloudFormationValidatePlugin, type App } from 'aws-cdk-lib'
import { resourcePath, type StackTemplate } from './assembly.ts'
import { CHANGE_OR_ACKNOWLEDGE, counted, type Check, type Finding } from './finding.ts'

let plugin: CloudFormationValidatePlugin | undefined

/** The validation that aws-cdk-lib carries (`validateAgainstDefaultRules`), its errors as errors. */
export const templateValidation: Check = {
  id: 'template',
  title: { en: 'aws-cdk-lib template validation', ja: 'aws-cdk-lib テンプレート検証' },
  async run({ app, assembly }) {
    return { findings: validateTemplates(assembly.stacks, app), judged: counted(assembly.stacks.length, 'template') }
  },
}

/** Validates template files as they lie on disk. */
export function validateTemplates(stacks: readonly StackTemplate[], app: App): Finding[] {
  plugin ??= new CloudFormationValidatePlugin()
  const byFile = new Map(stacks.map((stack) => [stack.file, stack]))
  const report = plugin.validate({
    appConstruct: app,
    templatePaths: stacks.map(({ file }) => file),
    stackTemplates: stacks.map(({ constructPath, file, account, region }) => ({
      stackConstructPath: constructPath,
      templatePath: file,
      account,
      accountId: account,
      region,
    })),
  })
  return report.violations.flatMap((violation) =>
    violation.violatingResources.map((resource) => {
      const stack = byFile.get(resource.templatePath ?? '')
      return {
        check: 'template',
        rule: violation.ruleName,
        severity:
          violation.severity === 'error' || violation.severity === 'fatal' ? ('error' as const) : ('warning' as const),
        path: stack ? resourcePath(stack, resource.resourceLogicalId) : (resource.constructPath ?? ''),
        location: resource.locations.join(', ') || undefined,
        what: violation.description,
        next: violation.fix || CHANGE_OR_ACKNOWLEDGE,
      }
    }),
  )
}
