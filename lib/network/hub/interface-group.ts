import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups'
import type { Construct } from 'constructs'

/**
 * A set of network interfaces that carry a tag: what the firewall's rules mean by `@GRANTED_<DB>` and `@BLOCKED`. The provisioner tags and
 * untags interfaces; the firewall follows by itself (Network Firewall developer guide, "Referencing resource groups").
 * CloudFormation demands a name, and the hub forms a database's group's ARN from it.
 */
export function interfaceGroup(scope: Construct, id: string, name: string, tag: string, description: string): CfnGroup {
  return new CfnGroup(scope, id, {
    name,
    description,
    resourceQuery: {
      type: 'TAG_FILTERS_1_0',
      query: { resourceTypeFilters: ['AWS::EC2::NetworkInterface'], tagFilters: [{ key: tag, values: ['true'] }] },
    },
  })
}

export const blockedGroupName = (environment: string) => `renkei-${environment}-blocked`
export const grantedGroupName = (environment: string, database: string) => `renkei-${environment}-granted-${database}`
/** The tag by which the provisioner puts an interface into a database's granted set. */
export const grantedTag = (database: string) => `renkei:granted:${database}`
export const blockedTag = 'renkei:blocked'
