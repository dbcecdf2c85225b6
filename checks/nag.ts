import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag'
import type { NagPack } from 'cdk-nag'
import { CfnResource } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { pathBelowStage } from './assembly.ts'
import { CHANGE_OR_ACKNOWLEDGE, counted, type Check, type Finding } from './finding.ts'

/** The two rule packs of cdk-nag over the construct tree; both levels, error and warning, count as errors (C-8). */
export const nag: Check = {
  id: 'nag',
  title: { en: 'cdk-nag: AwsSolutions, NIST 800-53 R5', ja: 'cdk-nag：AwsSolutions、NIST 800-53 R5' },
  async run({ app }) {
    const resources = app.node.findAll().filter(CfnResource.isCfnResource).length
    return { findings: nagFindings(app), judged: `${counted(resources, 'resource')}, 2 packs` }
  },
}

/**
 * What the packs say of everything below `scope`, before any acknowledgement. Call it after synthesis, when aspects
 * have run.
 */
export function nagFindings(scope: IConstruct): Finding[] {
  return [new AwsSolutionsChecks(scope), new NIST80053R5Checks(scope)].flatMap((pack) => packFindings(pack, scope))
}

function packFindings(pack: NagPack, scope: IConstruct): Finding[] {
  const byPath = new Map(scope.node.findAll().map((construct) => [construct.node.path, construct]))
  return pack.validateScope(scope).violations.flatMap((violation) =>
    violation.violatingResources.map((resource) => {
      const construct = byPath.get(resource.constructPath ?? '')
      return {
        check: 'nag',
        rule: violation.ruleName,
        severity: 'error' as const,
        path: construct ? pathBelowStage(construct) : (resource.constructPath ?? ''),
        what: violation.description,
        next: violation.fix || CHANGE_OR_ACKNOWLEDGE,
      }
    }),
  )
}
