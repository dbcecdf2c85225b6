import type {
  DescribeFirewallPolicyResponse,
  DescribeFirewallResponse,
  DescribeRuleGroupResponse,
  FlowFilter,
  FlowOperationStatus,
  FlowOperationType,
} from '@aws-sdk/client-network-firewall'
import type { Collection, MakeTable } from '#local/simulator/store.ts'

/** A tag-based resource group of interfaces: the set to which a firewall rule refers. */
interface ResourceGroup {
  readonly name: string
  readonly tagKey: string
  readonly tagValue: string
}

/** One database behind the firewall: who may reach what. */
interface AdmitRule {
  /** resource group whose interfaces are admitted */
  readonly group: string
  readonly cidr: string
  readonly port: number
}

export interface Firewall {
  readonly FirewallArn: string
  readonly admits: readonly AdmitRule[]
  /** resource group that is refused before everything else */
  readonly blocked?: string
  /** as DescribeFirewall answers */
  readonly described?: DescribeFirewallResponse
}

export interface Flow {
  readonly flowId: string
  readonly interfaceId: string
  readonly source: string
  readonly destination: string
  readonly port: number
  readonly openedAt: number
  readonly closedBy?: 'flush' | 'interface'
}

export interface FlowOperationRecord {
  readonly FlowOperationId: string
  readonly FirewallArn: string
  readonly FlowOperationType: FlowOperationType
  readonly FlowOperationStatus: FlowOperationStatus
  readonly requestedAt: number
  readonly MinimumFlowAgeInSeconds: number
  readonly filters: readonly FlowFilter[]
  /** flows found (capture) or ended (flush) */
  readonly flows: readonly Flow[]
}

export interface FirewallTables {
  readonly firewalls: Collection<Firewall>
  readonly policies: Collection<DescribeFirewallPolicyResponse>
  readonly ruleGroups: Collection<DescribeRuleGroupResponse>
  readonly resourceGroups: Collection<ResourceGroup>
  readonly flows: Collection<Flow>
  readonly operations: Collection<FlowOperationRecord>
}

export function firewallTables(table: MakeTable): FirewallTables {
  return {
    firewalls: table('network-firewall'),
    policies: table('network-firewall'),
    ruleGroups: table('network-firewall'),
    resourceGroups: table('resource-groups'),
    flows: table('network-firewall'),
    operations: table('network-firewall'),
  }
}
