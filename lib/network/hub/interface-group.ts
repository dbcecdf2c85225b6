import { CfnGroup } from 'aws-cdk-lib/aws-resourcegroups'
import type { Construct } from 'constructs'

/** How a set of interfaces is called and recognised. */
export interface InterfaceSet {
  /** Its physical name. */
  readonly name: string
  /** The tag whose value `true` puts an interface into the set. */
  readonly tag: string
  /** What the set means, for a reader of the console. */
  readonly description: string
}

/**
 * A set of network interfaces that carry a tag: what the firewall's rules mean by `@GRANTED_<DB>` and `@BLOCKED`. The
 * provisioner tags and untags interfaces; the firewall follows by itself (Network Firewall developer guide,
 * "Referencing resource groups"). CloudFormation demands a name, and the hub forms a database's group's ARN from it.
 */
export function interfaceGroup(scope: Construct, id: string, { name, tag, description }: InterfaceSet): CfnGroup {
  return new CfnGroup(scope, id, {
    name,
    description,
    resourceQuery: {
      type: 'TAG_FILTERS_1_0',
      query: { resourceTypeFilters: ['AWS::EC2::NetworkInterface'], tagFilters: [{ key: tag, values: ['true'] }] },
    },
  })
}

/** The set of interfaces that are cut off (VIS-7). */
export const blockedGroupName = (environment: string) => `renkei-${environment}-blocked`
/** The set of interfaces that a grant in force lets reach one database. */
export const grantedGroupName = (environment: string, database: string) => `renkei-${environment}-granted-${database}`
