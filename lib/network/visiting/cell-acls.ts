import { CfnNetworkAcl, CfnNetworkAclEntry, CfnSubnetNetworkAclAssociation } from 'aws-cdk-lib/aws-ec2'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Cell } from '#lib/kernel/config/schema.ts'
import { aclRules, type AclRule } from './acl-rules.ts'
import { type CellZone, cellZones } from '../address-plan.ts'
import type { CellVpc } from './cell-vpc.ts'

/** What the ACLs of a cell are given. */
export interface CellAclsProps {
  /** The parsed configuration: zones and the block of presented networks. */
  readonly config: Config
  /** Whose ranges the rules name. */
  readonly cell: Cell
  /** Whose subnets carry the ACLs. */
  readonly network: CellVpc
}

/** IANA protocol numbers, as a network ACL takes them. */
const PROTOCOL = { tcp: 6, udp: 17, all: -1 } as const

/**
 * One network ACL for each zone of a cell, from `aclRules`. None is left on the default ACL, which allows everything.
 */
export class CellAcls extends Construct {
  constructor(scope: Construct, id: string, props: CellAclsProps) {
    super(scope, id)
    const rules = aclRules(props.cell, props.config.network.presentedBlock)
    for (const zone of cellZones) this.zone(zone, rules[zone], props)
  }

  private zone(zone: CellZone, rules: readonly AclRule[], { config, cell, network }: CellAclsProps): void {
    const acl = new CfnNetworkAcl(this, `Acl-${zone}`, {
      vpcId: network.vpc.ref,
      tags: [{ key: 'Name', value: `renkei-${config.environment}-cell-${cell.id}-${zone}` }],
    })
    for (const direction of ['ingress', 'egress'] as const) {
      rules
        .filter((rule) => rule.direction === direction)
        .forEach((rule, index) => {
          const ruleNumber = (index + 1) * 10
          new CfnNetworkAclEntry(this, `Entry-${zone}-${direction}-${ruleNumber}`, {
            networkAclId: acl.ref,
            ruleNumber,
            egress: direction === 'egress',
            protocol: PROTOCOL[rule.protocol],
            ruleAction: 'allow',
            cidrBlock: rule.cidr,
            portRange: rule.ports,
          })
        })
    }
    network.subnetIds(zone).forEach((subnetId, index) => {
      new CfnSubnetNetworkAclAssociation(this, `Association-${zone}-${config.azIds[index]}`, {
        subnetId,
        networkAclId: acl.ref,
      })
    })
  }
}
