import { createHash } from 'node:crypto'
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { handle } from '#lambda/network/provider/handle.ts'
import { directoryService, ec2, workSpaces } from '#lambda/kernel/clients.ts'
import type { Seed } from '../simulator/seed.ts'
import type { Simulator } from '../simulator/simulator.ts'
import { makers, other, type Made } from './network-makers.ts'
import type { SynthesizedStack, TemplateResource } from '#scripts/tools/templates.ts'

/**
 * Does what CloudFormation would do with the network plane, which the emulator cannot deploy: walks its synthesized
 * templates, gives the simulator what the control plane will meet there, runs the custom resources by their own code
 * against the simulator, and writes the SSM parameters with which the planes are joined. Nothing is stated here that
 * the templates do not state. Gives the number of parameters.
 */
export async function simulateNetworkPlane(stacks: readonly SynthesizedStack[], simulator: Simulator): Promise<number> {
  const ssm = new SSMClient({})
  const published = await makeNetworkPlane(stacks, simulator)
  for (const [name, value] of published)
    await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }))
  return published.size
}

/** Makes the network plane in the simulator and gives what its stacks publish, by full name. */
export async function makeNetworkPlane(
  stacks: readonly SynthesizedStack[],
  simulator: Simulator,
): Promise<ReadonlyMap<string, string>> {
  const published = new Map<string, string>()
  const network = stacks.filter(({ name }) => /^(hub|link-|visiting-)/.test(name)).sort((a, b) => order(a) - order(b))
  for (const stack of network) {
    const plane = new StackInSimulator(stack, simulator, published)
    for (const [name, value] of await plane.deploy()) published.set(name, value)
  }
  return published
}

const order = ({ name }: SynthesizedStack) => ['hub', 'link', 'visiting'].indexOf(name.split('-')[0]!)

/** Custom resources of this platform, and the one that has the name of CDK's own. */
const custom = /^Custom::(Renkei|VpcRestrictDefaultSG)/

class StackInSimulator {
  private readonly made = new Map<string, Made>()
  readonly stack: SynthesizedStack
  readonly simulator: Simulator
  private readonly published: ReadonlyMap<string, string>

  constructor(stack: SynthesizedStack, simulator: Simulator, published: ReadonlyMap<string, string>) {
    this.stack = stack
    this.simulator = simulator
    this.published = published
  }

  /** Makes what has a maker, custom resources last, and gives the parameters the stack publishes. */
  async deploy(): Promise<[string, string][]> {
    const entries = Object.entries(this.stack.resources)
    for (const [logicalId, { Type }] of entries) if (makers[Type]) await this.make(logicalId)
    for (const [logicalId, { Type }] of entries) if (custom.test(Type)) await this.make(logicalId)
    const parameters: [string, string][] = []
    for (const [, { Type, Properties }] of entries) {
      if (Type === 'AWS::SSM::Parameter')
        parameters.push([Properties!['Name'], String(await this.resolve(Properties!['Value']))])
    }
    return parameters
  }

  seed(seed: Seed): void {
    this.simulator.seed(seed)
  }

  private async make(logicalId: string): Promise<Made> {
    const present = this.made.get(logicalId)
    if (present) return present
    const resource = this.stack.resources[logicalId]!
    const properties = (await this.resolve(resource.Properties ?? {})) as Record<string, any>
    const hex = createHash('sha256').update(`${this.stack.stackName}/${logicalId}`).digest('hex')
    const id = (prefix: string) => `${prefix}-${hex.slice(0, prefix === 'd' ? 10 : 17)}`
    const made = custom.test(resource.Type)
      ? await this.runCustomResource(logicalId, resource, properties)
      : await (makers[resource.Type] ?? other)(properties, id, this)
    this.made.set(logicalId, made)
    return made
  }

  /** The very function that CloudFormation would call, against the simulator. */
  private async runCustomResource(
    logicalId: string,
    { Type }: TemplateResource,
    properties: Record<string, any>,
  ): Promise<Made> {
    const { simulator } = this
    const clock = {
      now: () => simulator.clock.now(),
      sleep: async (milliseconds: number) => simulator.advance(milliseconds),
    }
    const options = simulator.clientOptions()
    const event = {
      RequestType: 'Create',
      ResourceType: Type,
      LogicalResourceId: logicalId,
      ResourceProperties: properties,
      StackId: `arn:aws:cloudformation:ap-northeast-1:000000000000:stack/${this.stack.stackName}/local`,
    } as unknown as CloudFormationCustomResourceEvent
    const clients = { ec2: ec2(options), workspaces: workSpaces(options), directoryService: directoryService(options) }
    const answer = await handle(event, { clients, clock, deadline: clock.now() + 900_000 })
    if (answer.Status !== 'SUCCESS') throw new Error(`the simulated network plane: ${answer.Reason}`)
    return { ref: answer.PhysicalResourceId, attributes: answer.Data ?? {} }
  }

  /** A template value with its intrinsic functions resolved. */
  private async resolve(value: any): Promise<unknown> {
    if (Array.isArray(value)) return await Promise.all(value.map((item) => this.resolve(item)))
    if (value === null || typeof value !== 'object') return value
    if (typeof value.Ref === 'string') return await this.reference(value.Ref)
    if (value['Fn::GetAtt']) {
      const [logicalId, attribute] = value['Fn::GetAtt']
      const { ref, attributes } = await this.make(logicalId)
      return attributes[attribute] ?? `${ref}.${attribute}`
    }
    if (value['Fn::Join']) {
      const [separator, parts] = value['Fn::Join']
      return ((await this.resolve(parts)) as unknown[]).join(separator)
    }
    if (value['Fn::Select']) {
      const [index, list] = value['Fn::Select']
      return ((await this.resolve(list)) as unknown[])[Number(index)]
    }
    const result: Record<string, unknown> = {}
    for (const [key, inner] of Object.entries(value)) result[key] = await this.resolve(inner)
    return result
  }

  private async reference(name: string): Promise<string> {
    const parameter = this.stack.parameters[name]
    if (parameter) return this.published.get(parameter.Default ?? '') ?? `unpublished:${parameter.Default}`
    const pseudo: Record<string, string> = {
      'AWS::Partition': 'aws',
      'AWS::Region': 'ap-northeast-1',
      'AWS::AccountId': '000000000000',
      'AWS::StackName': this.stack.stackName,
      'AWS::NoValue': '',
    }
    return pseudo[name] ?? (await this.make(name)).ref
  }
}
