/** A synthesized template, or what the provisioner would make for a project, in the same words. */
export interface TwinTemplate {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, any>> }>
  >
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: string }>>
}

export interface TwinResource {
  /** `stack/LogicalId`: stands for the id that AWS will give */
  readonly id: string
  readonly type: string
  /** every reference resolved to the identity it names */
  readonly properties: Readonly<Record<string, any>>
}

/** Attributes that name the resource itself or the one attachment that it is. */
const IDENTITY = new Set([
  'Id',
  'Arn',
  'GroupId',
  'VpcId',
  'PrefixListId',
  'AttachmentId',
  'TransitGatewayAttachmentId',
  'FirewallArn',
  'FirewallPolicyArn',
  'RuleGroupArn',
  'TransitGatewayRouteTableId',
  'SubnetId',
  'VpnConnectionId',
])

/**
 * Reads all templates of an environment as one: `Ref`, `Fn::GetAtt` and `Fn::Join` resolved, SSM parameters followed
 * from the stack that consumes to the one that publishes. This is the lab's own reading, apart from the proof's, so
 * that one misreading does not hide in both.
 */
export function readTemplates(templates: ReadonlyMap<string, TwinTemplate>): TwinResource[] {
  const published = new Map<string, readonly [string, unknown]>()
  for (const [stack, template] of templates) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      if (Type === 'AWS::SSM::Parameter') published.set(String(Properties?.Name), [stack, Properties?.Value])
    }
  }
  const resolve = (stack: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => resolve(stack, each))
    if (value === null || typeof value !== 'object') return value
    const entries = Object.entries(value)
    const [key, argument] = entries[0] ?? ['', undefined]
    if (entries.length === 1 && key === 'Ref') return reference(stack, String(argument))
    if (entries.length === 1 && key === 'Fn::GetAtt') {
      const [name, attribute] = argument as [string, string]
      return IDENTITY.has(attribute) ? `${stack}/${name}` : `${stack}/${name}.${attribute}`
    }
    if (entries.length === 1 && key === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]]
      return parts.map((part) => String(resolve(stack, part))).join(separator)
    }
    return Object.fromEntries(entries.map(([name, each]) => [name, resolve(stack, each)]))
  }
  const reference = (stack: string, name: string): unknown => {
    if (name === 'AWS::Partition') return 'aws'
    const parameter = templates.get(stack)!.Parameters?.[name]
    if (!parameter) return `${stack}/${name}`
    const source = published.get(parameter.Default ?? '')
    return source ? resolve(...source) : parameter.Default
  }
  return [...templates].flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).map(([name, { Type, Properties }]) => ({
      id: `${stack}/${name}`,
      type: Type,
      properties: resolve(stack, Properties ?? {}) as Record<string, any>,
    })),
  )
}
