import type { Template } from '#checks/template.ts'

type Properties = Record<string, any>

/** JSON of a template, as a row changes it. */
interface Mutable {
  Resources: Record<
    string,
    { Type: string; Properties: Properties; DeletionPolicy?: string; UpdateReplacePolicy?: string }
  >
}

/** One deliberate weakening, and the check and rule that must catch it. */
export interface Weakening {
  readonly name: string
  /** requirement or invariant that it breaks */
  readonly requirement: string
  readonly stack: string
  readonly check: 'guard' | 'limits' | 'template' | 'cfn-lint' | 'nag'
  readonly rule: string
  readonly weaken: (template: Mutable) => void
  /** the same rule in another pack of the same check */
  readonly also?: readonly string[]
  /** judged as production is */
  readonly production?: true
}

/** Properties of the first resource of a type that fits. */
function first(template: Mutable, type: string, fits: (properties: Properties) => boolean = () => true): Properties {
  const found = Object.values(template.Resources).find((each) => each.Type === type && fits(each.Properties))
  if (!found) throw new Error(`the template has no ${type} to weaken`)
  return found.Properties
}

/** The first resource of a type, with its policies of deletion. */
export const resource = (template: Mutable, type: string) =>
  Object.values(template.Resources).find(({ Type }) => Type === type)!

/** Takes out every resource of a type. */
export function dropAll(template: Mutable, type: string): void {
  const found = Object.entries(template.Resources).filter(([, each]) => each.Type === type)
  if (found.length === 0) throw new Error(`the template has no ${type} to drop`)
  for (const [id] of found) delete template.Resources[id]
}

/** Adds one resource. */
export const add =
  (Type: string, Properties: Properties = {}) =>
  (template: Mutable) => {
    template.Resources['Added'] = { Type, Properties }
  }

/** Adds many resources of one making. */
export const copies =
  (count: number, make: (index: number) => { Type: string; Properties: Properties }) => (template: Mutable) => {
    for (let index = 0; index < count; index++) template.Resources[`Copy${index}`] = make(index)
  }

/** Alters the properties of the first resource of a type that fits. */
export const change =
  (type: string, alter: (properties: Properties) => void, fits?: (properties: Properties) => boolean) =>
  (template: Mutable) =>
    alter(first(template, type, fits))

/** Alters the second tunnel of a VPN connection: a rule that looks at the first only misses it. */
export const tunnel = (alter: (second: Properties) => void) =>
  change('AWS::EC2::VPNConnection', (connection) => alter(connection['VpnTunnelOptionsSpecifications'][1]))

export const statementsOf = (properties: Properties): Properties[] => properties['PolicyDocument'].Statement

/** Takes the statement that demands TLS out of the first resource policy that has it. */
export function dropTlsStatement(type: string): Weakening['weaken'] {
  const demandsTls = (statement: Properties) => statement['Condition']?.Bool?.['aws:SecureTransport'] === 'false'
  return change(
    type,
    (policy) => {
      policy['PolicyDocument'].Statement = statementsOf(policy).filter((statement) => !demandsTls(statement))
    },
    (policy) => statementsOf(policy).some(demandsTls),
  )
}

/** A weakened copy of a template. */
export function weakened(template: Template, { weaken }: Weakening): Template {
  const copy = structuredClone(template) as unknown as Mutable
  weaken(copy)
  return copy as unknown as Template
}
