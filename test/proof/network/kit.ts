import type { Config } from '#lib/kernel/config/load.ts'
import { prove, type ProofReport } from '#proof/network/prove.ts'
import { sampleGrants, type Grants } from '#proof/network/grants.ts'
import type { NamedTemplate } from '#proof/network/model/links.ts'
import type { Assembly, Resource } from '#test/support/assembly.ts'

/** The templates of an assembly, copied so that a test may change them. */
export class Templates {
  readonly stacks: NamedTemplate[]

  constructor(assembly: Assembly) {
    this.stacks = assembly.stacks.map((name) => ({ name, template: structuredClone(assembly.template(name)) as any }))
  }

  template(stack: string): { Resources: Record<string, any>; Parameters?: Record<string, any> } {
    const found = this.stacks.find(({ name }) => name === stack)
    if (!found) throw new Error(`no stack ${stack}`)
    return found.template as any
  }

  /** The one resource of a type in a stack, or the one whose logical id holds a word. */
  resource(stack: string, type: string, word = ''): Resource & { id: string } {
    const found = Object.entries(this.template(stack).Resources).filter(
      ([id, resource]) => resource.Type === type && id.includes(word),
    )
    if (found.length !== 1) throw new Error(`${found.length} of ${type} ${word} in ${stack}`)
    return Object.assign(found[0]![1], { id: found[0]![0] })
  }

  properties(stack: string, type: string, word = ''): Record<string, any> {
    return this.resource(stack, type, word).Properties
  }

  add(stack: string, id: string, Type: string, Properties: Record<string, unknown>): void {
    this.template(stack).Resources[id] = { Type, Properties }
  }

  remove(stack: string, type: string, word = ''): void {
    delete this.template(stack).Resources[this.resource(stack, type, word).id]
  }

  /** The parameter of a stack by which it reads what another publishes. */
  consumed(stack: string, name: string): { Ref: string } {
    const found = Object.entries(this.template(stack).Parameters ?? {}).find(([, { Default }]) =>
      String(Default).endsWith(name),
    )
    if (!found) throw new Error(`${stack} reads no ${name}`)
    return { Ref: found[0] }
  }
}

export const proofOf = (templates: Templates, config: Config, grants: Grants = sampleGrants(config)): ProofReport =>
  prove(templates, config, grants)

/** The verdicts that a report does not reach. */
export const failed = (report: ProofReport): string[] =>
  report.verdicts
    .filter(({ ok }) => !ok)
    .map(({ id }) => id)
    .sort()
