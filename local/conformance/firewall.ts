import { DescribeFlowOperationCommand, StartFlowFlushCommand } from '@aws-sdk/client-network-firewall'
import { refused, until, type Check } from './context.ts'

const source = 'https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_StartFlowFlush.html'
/** An address of the documentation range: no real flow is touched. */
const FlowFilters = [{ SourceAddress: { AddressDefinition: '192.0.2.1/32' } }]

export const firewallChecks: readonly Check[] = [
  {
    service: 'firewall',
    name: 'a flow flush is asynchronous and ends as COMPLETED',
    source,
    async run(context) {
      const FirewallArn = context.fixture.firewallArn
      const { FlowOperationId } = await context.firewall.send(new StartFlowFlushCommand({ FirewallArn, FlowFilters }))
      await until(context, 'the flush is COMPLETED', 300_000, async () =>
        (await context.firewall.send(new DescribeFlowOperationCommand({ FirewallArn, FlowOperationId })))
          .FlowOperationStatus === 'COMPLETED'
          ? true
          : undefined,
      )
    },
  },
  {
    service: 'firewall',
    name: 'a flow flush on an unknown firewall is ResourceNotFoundException',
    source,
    async run({ firewall, fixture }) {
      await refused(
        firewall.send(new StartFlowFlushCommand({ FirewallArn: `${fixture.firewallArn}-unknown`, FlowFilters })),
        'ResourceNotFoundException',
      )
    },
  },
]
