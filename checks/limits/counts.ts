import { resourcesOf } from '../template.ts'
import { resourcePath, type StackTemplate } from '../assembly.ts'
import type { LimitRule } from './limit.ts'

/** Resources of a stack. */
const resourcesPerStack: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const count = Object.keys(stack.template.Resources).length
    const most = limits.number('resources-per-stack')
    return count > most
      ? [
          limits.exceeded(
            'resources-per-stack',
            stack,
            undefined,
            `the stack holds ${count} resources, the platform allows ${most}`,
            'move a part into a stack of its own',
          ),
        ]
      : []
  })

const templateBytes: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const size = Buffer.byteLength(JSON.stringify(stack.template, undefined, 1))
    const most = limits.number('template-bytes')
    return size > most
      ? [
          limits.exceeded(
            'template-bytes',
            stack,
            undefined,
            `the template is ${size} bytes long, CloudFormation takes ${most}`,
            'move a part into a stack of its own',
          ),
        ]
      : []
  })

const parametersPerStack: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const count = Object.keys(stack.template.Parameters ?? {}).length
    const most = limits.number('parameters-per-stack')
    return count > most
      ? [
          limits.exceeded(
            'parameters-per-stack',
            stack,
            undefined,
            `the stack reads ${count} parameters, CloudFormation takes ${most}`,
            'publish a list instead of single values',
          ),
        ]
      : []
  })

/** Resources of a type over all stacks of one account and region. */
const perRegion =
  (name: string, type: string): LimitRule =>
  (stacks, limits) => {
    const regions = Map.groupBy(
      stacks.flatMap((stack) => resourcesOf(stack.template, type).map(({ logicalId }) => ({ stack, logicalId }))),
      ({ stack }) => `${stack.account}/${stack.region}`,
    )
    const most = limits.number(name)
    return [...regions.values()]
      .filter((placed) => placed.length > most)
      .map((placed) =>
        limits.exceeded(
          name,
          placed[most]!.stack,
          placed[most]!.logicalId,
          `there are ${placed.length} ${type} in one region, AWS takes ${most}`,
          'share one between several users',
        ),
      )
  }

/** Things of one type that hang on one parent, by the property that names it. */
const perParent =
  (name: string, type: string, property: string, parent: string): LimitRule =>
  (stacks, limits) =>
    stacks.flatMap((stack: StackTemplate) => {
      const parents = Map.groupBy(resourcesOf(stack.template, type), ({ properties }) =>
        JSON.stringify(properties[property]),
      )
      const most = limits.number(name)
      return [...parents.values()]
        .filter((children) => children.length > most)
        .map((children) =>
          limits.exceeded(
            name,
            stack,
            children[most]!.logicalId,
            `one ${parent} has ${children.length} ${type}, AWS takes ${most} ` +
              `(the first beyond is ${resourcePath(stack, children[most]!.logicalId)})`,
            `use a further ${parent}`,
          ),
        )
    })

/** Mount targets name subnets, not the VPC: all of a template are counted, a template holds one VPC at most. */
const mountTargets: LimitRule = (stacks, limits) =>
  stacks.flatMap((stack) => {
    const count = resourcesOf(stack.template, 'AWS::EFS::MountTarget').length
    const most = limits.number('efs-mount-targets-per-vpc')
    return count > most
      ? [
          limits.exceeded(
            'efs-mount-targets-per-vpc',
            stack,
            undefined,
            `one VPC has ${count} mount targets, EFS takes ${most}`,
            'open a further cell',
          ),
        ]
      : []
  })

/** How many there may be. */
export const countRules: readonly LimitRule[] = [
  resourcesPerStack,
  templateBytes,
  parametersPerStack,
  mountTargets,
  perParent(
    'transit-gateway-route-tables',
    'AWS::EC2::TransitGatewayRouteTable',
    'TransitGatewayId',
    'Transit Gateway',
  ),
  perRegion('security-groups-per-region', 'AWS::EC2::SecurityGroup'),
  perRegion('prefix-lists-per-region', 'AWS::EC2::PrefixList'),
  perRegion('log-resource-policies-per-region', 'AWS::Logs::ResourcePolicy'),
]
