import { CfnResource, Stack, Stage, type App } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Template } from './template.ts'

/** One synthesized stack. */
export interface StackTemplate {
  /** the stack's construct id, e.g. `hub` */
  readonly name: string
  /** construct path from the app, e.g. `Renkei-demo/hub` */
  readonly constructPath: string
  readonly file: string
  readonly template: Template
  readonly account?: string
  readonly region?: string
  /** construct path below the stage, by logical id */
  readonly paths: ReadonlyMap<string, string>
}

/** Everything that a synthesis wrote. */
export interface Assembly {
  readonly stacks: readonly StackTemplate[]
}

const literal = (value: string) => (value.includes('${') || value.startsWith('unknown-') ? undefined : value)

/** Reads what `app.synth()` wrote, and links each logical id to its construct. */
export function readAssembly(app: App): Assembly {
  const stacks = app.node
    .findAll()
    .filter((construct): construct is Stack => Stack.isStack(construct) && construct.nestedStackParent === undefined)
  return {
    stacks: stacks.map((stack) => {
      const stage = Stage.of(stack)
      const file = join(stage?.synth().directory ?? '.', stack.templateFile)
      return {
        name: stack.node.id,
        constructPath: stack.node.path,
        file,
        template: JSON.parse(readFileSync(file, 'utf8')) as Template,
        account: literal(stack.account),
        region: literal(stack.region),
        paths: new Map(
          stack.node
            .findAll()
            .filter(CfnResource.isCfnResource)
            .map((resource) => [stack.resolve(resource.logicalId) as string, pathBelowStage(resource)]),
        ),
      }
    }),
  }
}

/** The construct path without the stage, so that one acknowledgement serves every environment. */
export function pathBelowStage(construct: IConstruct): string {
  const stage = Stage.of(construct)
  const prefix = stage && stage.node.path !== '' ? `${stage.node.path}/` : ''
  return construct.node.path.startsWith(prefix) ? construct.node.path.slice(prefix.length) : construct.node.path
}

/** The construct path of a resource; where the tree is not at hand (a template alone), the stack and the logical id. */
export function resourcePath(stack: StackTemplate, logicalId: string | undefined): string {
  if (logicalId === undefined) return stack.name
  return stack.paths.get(logicalId) ?? `${stack.name}/${logicalId}`
}

/** A template that stands alone, as checks take it: made at run time, or changed in a test. */
export function loneTemplate(name: string, file: string, template: Template, region: string): StackTemplate {
  return { name, constructPath: name, file, template, region, paths: new Map() }
}
