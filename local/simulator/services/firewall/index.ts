import {
  DescribeFirewall$,
  DescribeFirewallPolicy$,
  DescribeFlowOperation$,
  DescribeRuleGroup$,
  ListFlowOperationResults$,
  ListFlowOperations$,
  StartFlowCapture$,
  StartFlowFlush$,
  type DescribeFirewallPolicyRequest,
  type DescribeFirewallPolicyResponse,
  type DescribeFirewallRequest,
  type DescribeFirewallResponse,
  type DescribeRuleGroupRequest,
  type DescribeRuleGroupResponse,
  type DescribeFlowOperationRequest,
  type DescribeFlowOperationResponse,
  type FlowFilter,
  type ListFlowOperationResultsRequest,
  type ListFlowOperationResultsResponse,
  type ListFlowOperationsRequest,
  type ListFlowOperationsResponse,
  type StartFlowFlushRequest,
  type StartFlowFlushResponse,
} from '@aws-sdk/client-network-firewall'
import { ServiceError } from '#local/simulator/errors.ts'
import { operation, type Service } from '#local/simulator/operation.ts'
import type { World } from '#local/simulator/world.ts'
import { paged } from '#local/simulator/paging.ts'
import { openFlows, within } from './flows.ts'
import type { Flow, FlowOperationRecord } from './state.ts'

/** `ANY`, `1994`, or `1990:1994`. */
function portMatches(spec: string | undefined, port: number): boolean {
  if (spec === undefined || spec === 'ANY') return true
  const [from, to = from] = spec.split(':').map(Number) as [number, number?]
  return from <= port && port <= to
}

/** Source: FlowFilter (Network Firewall API reference). Every flow here is TCP, protocol 6. */
function matches(filter: FlowFilter, flow: Flow): boolean {
  return (
    (!filter.SourceAddress || within(flow.source, filter.SourceAddress.AddressDefinition!)) &&
    (!filter.DestinationAddress || within(flow.destination, filter.DestinationAddress.AddressDefinition!)) &&
    portMatches(filter.DestinationPort, flow.port) &&
    (!filter.Protocols?.length || filter.Protocols.includes('6'))
  )
}

function start(type: 'FLOW_FLUSH' | 'FLOW_CAPTURE') {
  return (input: StartFlowFlushRequest, world: World): StartFlowFlushResponse => {
    const arn = input.FirewallArn!
    if (!world.firewall.firewalls.get(arn))
      throw new ServiceError('ResourceNotFoundException', `The firewall ${arn} does not exist.`)
    const filters = input.FlowFilters!
    if (filters.length === 0 || filters.length > 20)
      throw new ServiceError('InvalidRequestException', 'A flow operation takes 1 to 20 filters.')
    for (const filter of filters) {
      for (const address of [filter.SourceAddress, filter.DestinationAddress]) {
        if (address && !/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(address.AddressDefinition ?? ''))
          throw new ServiceError(
            'InvalidRequestException',
            `The address ${address.AddressDefinition ?? ''} is not valid.`,
          )
      }
      if (filter.SourcePort !== undefined && filter.SourcePort !== 'ANY')
        throw new ServiceError('InvalidRequestException', 'Source ports are not modelled by the simulator.')
    }
    const id = [8, 4, 4, 4, 12].map((length) => world.random.hex(length)).join('-')
    const requestedAt = world.clock.now()
    world.firewall.operations.put(id, {
      FlowOperationId: id,
      FirewallArn: arn,
      FlowOperationType: type,
      FlowOperationStatus: 'IN_PROGRESS',
      requestedAt,
      MinimumFlowAgeInSeconds: input.MinimumFlowAgeInSeconds ?? 0,
      filters,
      flows: [],
    })
    world.later(
      type === 'FLOW_FLUSH' ? 'StartFlowFlush' : 'StartFlowCapture',
      input,
      world.latencies.flowOperation,
      () => {
        const record = world.firewall.operations.get(id)!
        const oldest = requestedAt - record.MinimumFlowAgeInSeconds * 1_000
        const flows = openFlows(world).filter(
          (flow) => flow.openedAt <= oldest && filters.some((filter) => matches(filter, flow)),
        )
        if (type === 'FLOW_FLUSH')
          for (const flow of flows) world.firewall.flows.update(flow.flowId, { closedBy: 'flush' })
        world.firewall.operations.update(id, { FlowOperationStatus: 'COMPLETED', flows })
      },
    )
    return { FirewallArn: arn, FlowOperationId: id, FlowOperationStatus: 'IN_PROGRESS' }
  }
}

function record(world: World, arn: string, id: string): FlowOperationRecord {
  const found = world.firewall.operations.seen(id)
  if (found?.FirewallArn !== arn)
    throw new ServiceError('ResourceNotFoundException', `The flow operation ${id} does not exist on ${arn}.`)
  return found
}

const startMembers = ['FirewallArn', 'AvailabilityZone', 'MinimumFlowAgeInSeconds', 'FlowFilters'] as const

/** What CloudFormation made, in the shape in which it was seeded. */
function existing<T extends object>(found: T | undefined, arn: string | undefined): T {
  if (found === undefined)
    throw new ServiceError('ResourceNotFoundException', `The resource ${arn ?? ''} does not exist.`)
  return found
}

/**
 * AWS Network Firewall: what a firewall consists of, and flow operations. Asynchronous; a flushed flow that goes on is
 * midstream traffic, which the policy's exception policy drops (the platform sets DROP or REJECT), so its client has to
 * connect anew.
 * Source: "Flow operations",
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-flow-operations.html
 */
export const networkFirewall: Service = {
  id: 'network-firewall',
  protocol: 'aws-json',
  target: 'NetworkFirewall_20201112',
  jsonVersion: '1.0',
  throttleCode: 'ThrottlingException',
  throttleStatus: 400,
  faultCode: 'InternalServerError',
  operations: [
    operation<DescribeFirewallRequest, DescribeFirewallResponse>(
      DescribeFirewall$,
      ['FirewallArn'],
      ({ FirewallArn }, world) => existing(world.firewall.firewalls.seen(FirewallArn!)?.described, FirewallArn),
    ),
    operation<DescribeFirewallPolicyRequest, DescribeFirewallPolicyResponse>(
      DescribeFirewallPolicy$,
      ['FirewallPolicyArn'],
      ({ FirewallPolicyArn }, world) => existing(world.firewall.policies.seen(FirewallPolicyArn!), FirewallPolicyArn),
    ),
    operation<DescribeRuleGroupRequest, DescribeRuleGroupResponse>(
      DescribeRuleGroup$,
      ['RuleGroupArn'],
      ({ RuleGroupArn }, world) => existing(world.firewall.ruleGroups.seen(RuleGroupArn!), RuleGroupArn),
    ),
    operation<StartFlowFlushRequest, StartFlowFlushResponse>(StartFlowFlush$, startMembers, start('FLOW_FLUSH')),
    operation<StartFlowFlushRequest, StartFlowFlushResponse>(StartFlowCapture$, startMembers, start('FLOW_CAPTURE')),
    operation<DescribeFlowOperationRequest, DescribeFlowOperationResponse>(
      DescribeFlowOperation$,
      ['FirewallArn', 'FlowOperationId', 'AvailabilityZone'],
      (input, world) => {
        const found = record(world, input.FirewallArn, input.FlowOperationId)
        return {
          FirewallArn: found.FirewallArn,
          FlowOperationId: found.FlowOperationId,
          FlowOperationType: found.FlowOperationType,
          FlowOperationStatus: found.FlowOperationStatus,
          FlowRequestTimestamp: new Date(found.requestedAt),
          FlowOperation: { MinimumFlowAgeInSeconds: found.MinimumFlowAgeInSeconds, FlowFilters: [...found.filters] },
        }
      },
    ),
    operation<ListFlowOperationsRequest, ListFlowOperationsResponse>(
      ListFlowOperations$,
      ['FirewallArn', 'AvailabilityZone', 'FlowOperationType', 'NextToken', 'MaxResults'],
      (input, world) => {
        const found = world.firewall.operations
          .allSeen()
          .filter(
            (each) =>
              each.FirewallArn === input.FirewallArn &&
              (!input.FlowOperationType || each.FlowOperationType === input.FlowOperationType),
          )
        const page = paged(found, input.NextToken, input.MaxResults, 100, 'InvalidTokenException')
        return {
          FlowOperations: page.items.map(
            ({ FlowOperationId, FlowOperationType, FlowOperationStatus, requestedAt }) => ({
              FlowOperationId,
              FlowOperationType,
              FlowOperationStatus,
              FlowRequestTimestamp: new Date(requestedAt),
            }),
          ),
          NextToken: page.NextToken,
        }
      },
    ),
    operation<ListFlowOperationResultsRequest, ListFlowOperationResultsResponse>(
      ListFlowOperationResults$,
      ['FirewallArn', 'FlowOperationId', 'AvailabilityZone', 'NextToken', 'MaxResults'],
      (input, world) => {
        const found = record(world, input.FirewallArn, input.FlowOperationId)
        const page = paged(found.flows, input.NextToken, input.MaxResults, 100, 'InvalidTokenException')
        return {
          FirewallArn: found.FirewallArn,
          FlowOperationId: found.FlowOperationId,
          FlowOperationStatus: found.FlowOperationStatus,
          FlowRequestTimestamp: new Date(found.requestedAt),
          Flows: page.items.map((flow) => ({
            SourceAddress: { AddressDefinition: flow.source },
            DestinationAddress: { AddressDefinition: flow.destination },
            DestinationPort: String(flow.port),
            Protocol: '6',
            Age: Math.floor((found.requestedAt - flow.openedAt) / 1_000),
          })),
          NextToken: page.NextToken,
        }
      },
    ),
  ],
}
