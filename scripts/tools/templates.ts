import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A resource of a synthesized template. */
export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Record<string, any>
}

export interface SynthesizedStack {
  /** the name inside the environment: `hub`, `link-NDB` */
  readonly name: string
  /** the name CloudFormation knows */
  readonly stackName: string
  /** the template as it is written */
  readonly template: unknown
  readonly resources: Readonly<Record<string, TemplateResource>>
  readonly parameters: Readonly<Record<string, { readonly Default?: string; readonly Type: string }>>
}

/** The folder of a cloud assembly's Stage. */
export const stageFolder = (assembly: string) => join(assembly, globSync('assembly-*', { cwd: assembly })[0] ?? '.')

/** The stacks of a cloud assembly's Stage, with their templates. */
export function readStacks(assembly: string): SynthesizedStack[] {
  const folder = stageFolder(assembly)
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  return Object.values<any>(manifest.artifacts)
    .filter((artifact) => artifact.type === 'aws:cloudformation:stack')
    .map((artifact) => {
      const template = JSON.parse(readFileSync(join(folder, artifact.properties.templateFile), 'utf8'))
      const stackName = artifact.properties.stackName
      return {
        name: String(artifact.displayName).split('/').at(-1)!.split(' ')[0]!,
        stackName,
        template,
        resources: template.Resources,
        parameters: template.Parameters ?? {},
      }
    })
}
