import { Stack } from 'aws-cdk-lib'
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2'
import type { Construct } from 'constructs'
import type { Cell } from '#lib/kernel/config/schema.ts'
import { publishedCell } from '#lib/ledger/published.ts'
import { NetworkLogs } from '#lib/kernel/network-logs.ts'
import { consume, parameterNames, publish, publishList } from '#lib/kernel/parameters.ts'
import type { RenkeiStackProps } from '#lib/kernel/stack.ts'
import { zoneRange } from '../address-plan.ts'
import { CellAcls } from './cell-acls.ts'
import { CellRoutes } from './cell-routes.ts'
import { CellVpc } from './cell-vpc.ts'
import { CellDirectory, directoryDomain } from './directory.ts'
import { DnsFirewall } from './dns-firewall.ts'
import { NameResolution } from './name-resolution.ts'

/** What the stack of one cell is given. */
export interface VisitingStackProps extends RenkeiStackProps {
  /** The cell. */
  readonly cell: Cell
}

/**
 * One cell: the closed network in which up to 180 projects have their desktops and their storage. What a project needs,
 * the provisioner makes.
 */
export class VisitingStack extends Stack {
  constructor(scope: Construct, id: string, props: VisitingStackProps) {
    super(scope, id, { terminationProtection: props.config.production, ...props })
    const { config, cell } = props
    const { environment } = config
    const logs = new NetworkLogs(this, 'Logs', { config })
    const serviceToken = consume(this, environment, parameterNames.networkProviderArn())
    const network = new CellVpc(this, 'Network', {
      config,
      cell,
      serviceToken,
      transitGatewayId: consume(this, environment, parameterNames.transitGatewayId()),
    })
    const vpcId = network.vpc.ref
    logs.flowLog('VpcFlowLog', 'VPC', vpcId)
    const acls = new CellAcls(this, 'Acls', { config, cell, network })
    new CellRoutes(this, 'Routes', { config, cell, attachmentId: network.attachment.attrId })
    const domain = directoryDomain(config, cell)
    const dns = new DnsFirewall(this, 'DnsFirewall', { vpcId, domain })
    const directory = new CellDirectory(this, 'Directory', {
      config,
      cell,
      vpcId,
      serviceToken,
      directorySubnetIds: network.subnetIds('directory'),
      desktopSubnetIds: network.subnetIds('desktops'),
    })
    // Both layers stand before there can be a desktop, as the narrowed group does.
    directory.node.addDependency(acls, dns)
    new NameResolution(this, 'NameResolution', {
      vpcId,
      domain,
      logs,
      controllers: directory.controllers,
      directoryCidr: zoneRange(cell, 'directory').cidr,
      subnetIds: network.subnetIds('resolver'),
    })
    const storageGroup = this.storageGroup(vpcId, cell)

    publish(this, environment, parameterNames.cellVpcId(cell.id), vpcId)
    publish(this, environment, parameterNames.publishedCell(cell.id), publishedCell(cell))
    publishList(this, environment, parameterNames.cellDesktopSubnetIds(cell.id), network.subnetIds('desktops'))
    publishList(this, environment, parameterNames.cellStorageSubnetIds(cell.id), network.subnetIds('storage'))
    publish(this, environment, parameterNames.cellStorageGroupId(cell.id), storageGroup.attrGroupId)
    publish(this, environment, parameterNames.cellQuarantineGroupId(cell.id), this.quarantineGroup(vpcId).attrGroupId)
  }

  /**
   * What every mount target of the cell carries: NFS from desktops, and nothing out. Which desktop reaches which
   * project's store is for the project's own group, which lets out to its own mount targets only, and for the file
   * system's policy (NET-5).
   */
  private storageGroup(vpcId: string, cell: Cell): CfnSecurityGroup {
    return new CfnSecurityGroup(this, 'StorageGroup', {
      groupDescription: 'Mount targets: NFS from the desktops of this cell',
      vpcId,
      securityGroupIngress: [
        {
          ipProtocol: 'tcp',
          fromPort: 2049,
          toPort: 2049,
          cidrIp: zoneRange(cell, 'desktops').cidr,
          description: 'NFS, over TLS by the file system policy',
        },
      ],
      // Left out, EC2 would allow all egress; this names an address that no packet leaves for.
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '127.0.0.1/32', description: 'nothing' }],
    })
  }

  /** The only group of a suspended or unknown desktop: nothing in, nothing out (VIS-7). */
  private quarantineGroup(vpcId: string): CfnSecurityGroup {
    return new CfnSecurityGroup(this, 'QuarantineGroup', {
      groupDescription: 'Suspended desktops: nothing in, nothing out',
      vpcId,
      securityGroupEgress: [{ ipProtocol: '-1', cidrIp: '127.0.0.1/32', description: 'nothing' }],
    })
  }
}
