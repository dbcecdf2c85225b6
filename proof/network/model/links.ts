import type { Template } from '#checks/template.ts'

/** One template by the name of its stack. */
export interface NamedTemplate {
  readonly name: string
  readonly template: Template
}

/** Where the stacks are deployed: what pseudo parameters stand for. */
interface Deployment {
  readonly account: string
  readonly region: string
}

/** Attributes that are just another way to say which resource: `Fn::GetAtt` of them gives the same as `Ref`. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  'AWS::EC2::VPC': ['VpcId'],
  'AWS::EC2::Subnet': ['SubnetId'],
  'AWS::EC2::RouteTable': ['RouteTableId'],
  'AWS::EC2::NetworkAcl': ['Id'],
  'AWS::EC2::SecurityGroup': ['GroupId'],
  'AWS::EC2::PrefixList': ['PrefixListId'],
  'AWS::EC2::TransitGateway': ['Id'],
  'AWS::EC2::TransitGatewayVpcAttachment': ['Id'],
  'AWS::EC2::TransitGatewayRouteTable': ['TransitGatewayRouteTableId'],
  'AWS::EC2::VPNConnection': ['VpnConnectionId'],
  'AWS::EC2::CustomerGateway': ['CustomerGatewayId'],
  'AWS::EC2::InternetGateway': ['InternetGatewayId'],
  'AWS::EC2::NatGateway': ['NatGatewayId'],
  'AWS::EC2::EgressOnlyInternetGateway': ['Id'],
  'AWS::EC2::VPCPeeringConnection': ['Id'],
  'AWS::EC2::VPCEndpoint': ['Id'],
  'AWS::NetworkFirewall::Firewall': ['FirewallArn', 'FirewallId'],
  'AWS::NetworkFirewall::FirewallPolicy': ['FirewallPolicyArn', 'FirewallPolicyId'],
  'AWS::NetworkFirewall::RuleGroup': ['RuleGroupArn', 'RuleGroupId'],
  'AWS::Route53Resolver::FirewallDomainList': ['Id'],
  'AWS::Route53Resolver::FirewallRuleGroup': ['Id'],
  'AWS::Route53Resolver::ResolverEndpoint': ['ResolverEndpointId'],
  'AWS::Route53Resolver::ResolverRule': ['ResolverRuleId'],
}

/**
 * What a custom resource answers that is another resource's identity: type → attribute → the property that holds it, or
 * `#part`.
 */
export type Answers = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Follows references inside a template, and over SSM parameters from one stack into another, down to names that mean
 * the same thing everywhere. What cannot be followed becomes a name that begins with `?`, which no reader finds: a gap,
 * never a guess.
 */
export class Links {
  readonly #stacks: ReadonlyMap<string, Template>
  readonly #published = new Map<string, { readonly stack: string; readonly value: unknown }>()
  readonly #deployment: Deployment
  readonly #answers: Answers

  constructor(stacks: readonly NamedTemplate[], deployment: Deployment, answers: Answers) {
    this.#stacks = new Map(stacks.map(({ name, template }) => [name, template]))
    this.#deployment = deployment
    this.#answers = answers
    for (const { name, template } of stacks) {
      for (const { Type, Properties } of Object.values(template.Resources)) {
        if (Type === 'AWS::SSM::Parameter' && typeof Properties?.['Name'] === 'string')
          this.#published.set(Properties['Name'], { stack: name, value: Properties['Value'] })
      }
    }
  }

  /** The value that a stack publishes under a path, followed to its end; undefined where none does. */
  published(path: string): unknown {
    const found = this.#published.get(path)
    return found && this.follow(found.stack, found.value)
  }

  /** A property with every reference in it followed. */
  follow(stack: string, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.follow(stack, item))
    if (typeof value !== 'object' || value === null) return value
    const keys = Object.keys(value)
    const [key] = keys
    if (keys.length === 1 && key !== undefined && (key === 'Ref' || key.startsWith('Fn::')))
      return this.#intrinsic(stack, key, (value as Record<string, unknown>)[key])
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.follow(stack, item)]))
  }

  #intrinsic(stack: string, name: string, argument: unknown): unknown {
    if (name === 'Ref') return this.#ref(stack, String(argument))
    if (name === 'Fn::GetAtt') {
      const [id, attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.')
      return this.#attribute(stack, id!, attribute!)
    }
    if (name === 'Fn::Join' && Array.isArray(argument)) {
      const [separator, parts] = this.follow(stack, argument) as [string, unknown]
      return Array.isArray(parts) ? parts.map(String).join(separator) : `?${name} in ${stack}`
    }
    if (name === 'Fn::Select' && Array.isArray(argument)) {
      const [index, list] = this.follow(stack, argument) as [string | number, unknown]
      if (Array.isArray(list)) return list[Number(index)]
      return `${String(list)}[${index}]`
    }
    return `?${name} in ${stack}`
  }

  #ref(stack: string, id: string): unknown {
    const pseudo: Readonly<Record<string, string>> = {
      'AWS::Partition': 'aws',
      'AWS::Region': this.#deployment.region,
      'AWS::AccountId': this.#deployment.account,
    }
    if (id in pseudo) return pseudo[id]
    if (id === 'AWS::NoValue') return undefined
    const template = this.#stacks.get(stack)
    const parameter = template?.Parameters?.[id]
    if (parameter?.Type.startsWith('AWS::SSM::Parameter::Value<')) {
      const found = parameter.Default === undefined ? undefined : this.published(parameter.Default)
      return found ?? `?${parameter.Default}`
    }
    const resource = template?.Resources[id]
    if (resource === undefined) return `?${stack}/${id}`
    // A resource group is named by its name, not by an id.
    if (resource.Type === 'AWS::ResourceGroups::Group') return this.follow(stack, resource.Properties?.['Name'])
    return `${stack}/${id}`
  }

  #attribute(stack: string, id: string, attribute: string): unknown {
    const resource = this.#stacks.get(stack)?.Resources[id]
    if (resource === undefined) return `?${stack}/${id}.${attribute}`
    if (resource.Type === 'AWS::ResourceGroups::Group' && attribute === 'Arn') {
      const { region, account } = this.#deployment
      return `arn:aws:resource-groups:${region}:${account}:group/${String(this.#ref(stack, id))}`
    }
    const answer = this.#answers[resource.Type]?.[attribute]
    if (answer?.startsWith('#')) return `${stack}/${id}${answer}`
    if (answer !== undefined) {
      const [property, part = ''] = answer.split('#')
      return `${String(this.follow(stack, resource.Properties?.[property!]))}${part && `#${part}`}`
    }
    if (IDENTITY[resource.Type]?.includes(attribute)) return `${stack}/${id}`
    return `${stack}/${id}.${attribute}`
  }
}
