import { CustomResource, Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { directoryPorts } from './directory-ports.ts'

/** Which group is narrowed, and to what. */
export interface MembersGroupEgressProps {
  /** The function that answers: `consume(this, environment, parameterNames.networkProviderArn())`. */
  readonly serviceToken: string
  /** `WorkspaceDirectory.membersSecurityGroupId`. */
  readonly securityGroupId: string
  /** Where the domain controllers are: the CIDR blocks of the directory's own subnets. */
  readonly directoryCidrs: string[]
}

/**
 * Narrows the egress of `<directory id>_workspacesMembers` to the directory's ports towards the directory's subnets
 * (C-2). WorkSpaces puts that group on every desktop with all egress allowed, and groups add up, so a project's own
 * group limits nothing until this is in force: whatever lets desktops be made must depend on it (`node.addDependency`).
 * The group is never deleted; its original rules are kept in tags on it and put back on delete.
 */
export class MembersGroupEgress extends Construct {
  /** Id of the group, available once its egress is narrow. */
  readonly securityGroupId: string

  constructor(scope: Construct, id: string, props: MembersGroupEgressProps) {
    super(scope, id)
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: props.serviceToken,
      resourceType: 'Custom::RenkeiMembersGroupEgress',
      serviceTimeout: Duration.minutes(16),
      properties: {
        SecurityGroupId: props.securityGroupId,
        Egress: props.directoryCidrs.flatMap((cidr) =>
          directoryPorts.map(({ protocol, from, to }) => ({
            IpProtocol: protocol,
            FromPort: from,
            ToPort: to,
            CidrIp: cidr,
          })),
        ),
      },
    })
    this.securityGroupId = resource.getAttString('SecurityGroupId')
  }
}
