/** A CloudFormation template as JSON. Only what checks read is typed. */
export interface Template {
  readonly Parameters?: Record<string, { readonly Type: string; readonly Default?: string }>
  readonly Resources: Record<string, TemplateResource>
  readonly Outputs?: Record<string, unknown>
}

export interface TemplateResource {
  readonly Type: string
  readonly Properties?: Record<string, unknown>
  readonly DependsOn?: string | readonly string[]
  readonly DeletionPolicy?: string
  readonly Metadata?: Record<string, unknown>
}

/** A resource with where it stands. */
export interface PlacedResource extends TemplateResource {
  readonly logicalId: string
  readonly properties: Record<string, unknown>
}

/** Every resource of one type (or of several). */
export function resourcesOf(template: Template, ...types: string[]): PlacedResource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => types.includes(resource.Type))
    .map(([logicalId, resource]) => ({ ...resource, logicalId, properties: resource.Properties ?? {} }))
}

/** A value as a list; what is missing is the empty list, a single value a list of one. */
export function list(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** A nested value by its keys, or undefined. */
export function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  )
}

/** The logical id that a `Ref` or `Fn::GetAtt` names. */
export function referenced(value: unknown): string | undefined {
  const ref = at(value, 'Ref')
  if (typeof ref === 'string') return ref
  const attribute = at(value, 'Fn::GetAtt')
  if (Array.isArray(attribute) && typeof attribute[0] === 'string') return attribute[0]
  return typeof attribute === 'string' ? attribute.split('.')[0] : undefined
}
