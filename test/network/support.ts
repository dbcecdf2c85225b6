import { App, Stage } from 'aws-cdk-lib'
import type { Config } from '#lib/kernel/config/load.ts'
import { BARE_HUB, HubStack } from '#lib/network/hub/hub-stack.ts'
import { LinkStack } from '#lib/network/link/link-stack.ts'
import { VisitingStack } from '#lib/network/visiting/visiting-stack.ts'
import { type Assembly, resourcesOf, type Template } from '#test/support/assembly.ts'
import { demoConfig } from '#test/support/config.ts'

export type Templates = ReadonlyMap<string, Template>

/**
 * The templates of the network plane for any configuration, synthesized in this process: for tests that change the
 * configuration.
 */
export function networkTemplates(config: Config, { bare = false } = {}): Templates {
  const app = new App({ context: bare ? { [BARE_HUB]: true } : {}, analyticsReporting: false })
  const stage = new Stage(app, `Renkei-${config.environment}`, {
    env: { account: config.accounts.workload, region: config.region },
  })
  new HubStack(stage, 'hub', { config })
  for (const database of config.databases) new LinkStack(stage, `link-${database.id}`, { config, database })
  for (const cell of config.cells) new VisitingStack(stage, `visiting-${cell.id}`, { config, cell })
  return new Map(
    stage
      .synth()
      .stacks.map((stack) => [stack.stackName.slice(stage.stageName.length + 1), stack.template as Template]),
  )
}

/** The network plane of an assembly that the whole test run shares. */
export const networkOf = (assembly: Assembly): Templates =>
  new Map(
    assembly.stacks
      .filter((stack) => /^(hub$|link-|visiting-)/.test(stack))
      .map((stack) => [stack, assembly.template(stack)]),
  )

/** A further public database in a slot, as plain data. */
export function anotherDatabase(data: any, slot: number): any {
  const { ipsec: _, ...base } = structuredClone(data.databases[0])
  return {
    ...base,
    id: `ADDED${slot}`,
    slot,
    service: { ...base.service, realCidr: `10.30.${slot}.0/28` },
    peer: { address: `203.0.113.${100 + slot}`, asn: 65_300 + slot, device: 'other' },
  }
}

/** The demonstration environment with as many databases as asked, in slots without gaps. */
export const demoWithDatabases = (count: number) =>
  demoConfig((data) => {
    for (let slot = data.databases.length; slot < count; slot++) data.databases.push(anotherDatabase(data, slot))
  })

/** All resources of a type in all stacks, with the stack they are in. */
export const everywhere = (templates: Templates, type: string) =>
  [...templates].flatMap(([stack, template]) =>
    resourcesOf(template, type).map(([logicalId, resource]) => ({ stack, logicalId, ...resource })),
  )

/** The name behind an SSM parameter that a property refers to, e.g. `hub/route-table/visiting`. */
export function consumed(template: Template, value: any): string | undefined {
  const path = template.Parameters?.[value?.Ref]?.Default as string | undefined
  return path?.split('/').slice(3).join('/')
}

/** The name under which a stack publishes a value. */
export function publishedAs(template: Template, value: unknown): string | undefined {
  const found = resourcesOf(template, 'AWS::SSM::Parameter').find(
    ([, { Properties }]) => JSON.stringify(Properties.Value) === JSON.stringify(value),
  )
  return found?.[1].Properties.Name.split('/').slice(3).join('/')
}

/** The Transit Gateway's routes, each with the name of its table and of what it leads to. */
export function transitRoutes(templates: Templates) {
  return everywhere(templates, 'AWS::EC2::TransitGatewayRoute').map(({ stack, Properties }) => {
    const template = templates.get(stack)!
    const name = (value: unknown) =>
      consumed(template, value) ??
      publishedAs(template, value) ??
      (value === undefined ? 'nothing' : `${stack}:${JSON.stringify(value)}`)
    return {
      stack,
      table: name(Properties.TransitGatewayRouteTableId).replace('hub/route-table/', ''),
      destination: Properties.DestinationCidrBlock as string,
      target: Properties.Blackhole ? 'blackhole' : name(Properties.TransitGatewayAttachmentId),
    }
  })
}
