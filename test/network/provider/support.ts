import { DirectoryServiceClient } from '@aws-sdk/client-directory-service'
import { EC2Client } from '@aws-sdk/client-ec2'
import { WorkSpacesClient } from '@aws-sdk/client-workspaces'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import type { Clock } from '#domain/kernel/clock.ts'
import { handle, type Answer } from '#lambda/network/provider/handle.ts'
import type { Seed } from '#local/simulator/seed.ts'
import { Simulator, type SimulatorOptions } from '#local/simulator/simulator.ts'

export type Properties = Readonly<Record<string, unknown>>
export type Request =
  | { readonly kind: 'create'; readonly properties: Properties }
  | { readonly kind: 'update'; readonly id: string; readonly properties: Properties; readonly former: Properties }
  | { readonly kind: 'delete'; readonly id: string; readonly properties: Properties }

export const DIRECTORY = 'd-9567a1b2c3'
export const VPN = 'vpn-0a1b2c3d4e5f60718'
export const TRANSIT_GATEWAY = 'tgw-0a1b2c3d4e5f60718'
export const SUBNETS = ['subnet-0aa0000000000000a', 'subnet-0bb0000000000000b']
/** The members group of a directory that is registered already (`withGroup`). */
export const MEMBERS_GROUP = 'sg-0c0c0c0c0c0c0c0c0'

/** The default group of the VPC, where a case seeds it. */
export const DEFAULT_GROUP = 'sg-0d0d0d0d0d0d0d0d0'

/** A seed in which the directory is registered already, its members group as WorkSpaces makes it. */
export const registered: Seed = {
  directory: { registered: true, membersGroupId: MEMBERS_GROUP, workspacesSubnetIds: SUBNETS },
}

/** One rule as CloudFormation hands it over: numbers as text. */
export const rule = (port: string, cidr: string) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: cidr })

/** What a visiting cell asks of its directory. */
export const directory: Properties = {
  DirectoryId: DIRECTORY,
  SubnetIds: SUBNETS,
  WorkspaceCreationProperties: {
    UserEnabledAsLocalAdministrator: 'false',
    EnableInternetAccess: 'false',
    EnableMaintenanceMode: 'true',
  },
  SelfservicePermissions: {
    RestartWorkspace: 'DISABLED',
    IncreaseVolumeSize: 'DISABLED',
    ChangeComputeType: 'DISABLED',
    SwitchRunningMode: 'DISABLED',
    RebuildWorkspace: 'DISABLED',
  },
  WorkspaceAccessProperties: {
    DeviceTypeWeb: 'DENY',
    DeviceTypeIos: 'DENY',
    DeviceTypeAndroid: 'DENY',
    DeviceTypeWindows: 'ALLOW',
  },
  SamlProperties: {
    Status: 'ENABLED',
    UserAccessUrl: 'https://idp.renkei.example/sso',
    RelayStateParameterName: 'RelayState',
  },
}

const world: Seed = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  vpcCidr: '172.24.0.0/16',
  subnets: [
    { id: SUBNETS[0]!, cidr: '172.24.0.0/24', azId: 'apne1-az1' },
    { id: SUBNETS[1]!, cidr: '172.24.1.0/24', azId: 'apne1-az4' },
  ],
  directoryId: DIRECTORY,
  transitGateway: { id: TRANSIT_GATEWAY },
}

const second = 1_000

/** Short, so that a run is a dozen calls; each is longer than one look, so that code that does not wait fails. */
const latencies = {
  registerDirectory: 12 * second,
  deregisterDirectory: 12 * second,
  enableDirectoryData: 12 * second,
  vpnAttachment: 12 * second,
}

/** One account's region, and CloudFormation's side of the custom resources in it. */
export class Region {
  readonly simulator: Simulator
  readonly #clock: Clock
  readonly #clients

  constructor(seed: Seed = {}, options: SimulatorOptions = {}) {
    this.simulator = new Simulator({ latencies, ...options }).seed({ ...world, ...seed })
    const { groups, rules } = this.simulator.world.ec2
    for (const { GroupId, GroupName } of groups.all()) {
      // As WorkSpaces and EC2 make them: everything may leave, and the default group's members reach each other.
      if (!GroupName.endsWith('_workspacesMembers') && GroupName !== 'default') continue
      rules.put('sgr-0', {
        SecurityGroupRuleId: 'sgr-0',
        GroupId,
        IsEgress: true,
        IpProtocol: '-1',
        FromPort: -1,
        ToPort: -1,
        CidrIpv4: '0.0.0.0/0',
      })
      if (GroupName === 'default')
        rules.put('sgr-1', {
          SecurityGroupRuleId: 'sgr-1',
          GroupId,
          IsEgress: false,
          IpProtocol: '-1',
          FromPort: -1,
          ToPort: -1,
          ReferencedGroupId: GroupId,
        })
    }
    this.#clock = {
      now: () => this.simulator.clock.now(),
      sleep: async (milliseconds) => this.simulator.advance(milliseconds),
    }
    const client = this.simulator.clientOptions()
    this.#clients = {
      ec2: new EC2Client(client),
      workspaces: new WorkSpacesClient(client),
      directoryService: new DirectoryServiceClient(client),
    }
  }

  /** What the function answers to one request; it has 15 minutes of virtual time. */
  send(
    resourceType: string,
    request: Request,
    logicalId = 'Resource',
    stack = 'Renkei-demo-visiting-1',
  ): Promise<Answer> {
    // CloudFormation takes a few seconds from one request to the next; WorkSpaces' bucket of calls fills again.
    this.simulator.advance(3 * second)
    const common = {
      ServiceToken: 'arn:aws:lambda:ap-northeast-1:000000000000:function:provider',
      ResponseURL: 'https://response.example',
      StackId: `arn:aws:cloudformation:ap-northeast-1:000000000000:stack/${stack}/1`,
      RequestId: 'request',
      LogicalResourceId: logicalId,
      ResourceType: resourceType,
      ResourceProperties: { ServiceToken: 'token', ...request.properties },
    }
    const event = (
      request.kind === 'create'
        ? { ...common, RequestType: 'Create' }
        : request.kind === 'update'
          ? {
              ...common,
              RequestType: 'Update',
              PhysicalResourceId: request.id,
              OldResourceProperties: { ServiceToken: 'token', ...request.former },
            }
          : { ...common, RequestType: 'Delete', PhysicalResourceId: request.id }
    ) as CloudFormationCustomResourceEvent
    return handle(event, { clients: this.#clients, clock: this.#clock, deadline: this.#clock.now() + 870 * second })
  }

  /** Lets everything that is under way come to its end. */
  settle(): void {
    this.simulator.advance(60 * second)
  }

  /** Everything the four resources can change, in a form that can be compared. */
  state(): unknown {
    const { directories, workspaces, ec2 } = this.simulator.world
    const rulesOf = (group: string) =>
      ec2.rules
        .all()
        .filter((rule) => rule.GroupId === group)
        .map((rule) => {
          const other = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupId
          return `${rule.IsEgress ? '' : 'in '}${rule.IpProtocol} ${rule.FromPort}-${rule.ToPort} ${other}`
        })
        .toSorted()
    return {
      dataAccess: directories.directories.all().map((each) => each.dataAccess),
      registrations: workspaces.directories
        .all()
        .map(({ RegistrationCode: _, WorkspaceSecurityGroupId: __, ...each }) => ({
          ...each,
          tags: workspaces.tags.get(each.DirectoryId)?.tags,
        })),
      groups: ec2.groups.all().map((group) => ({
        name: group.GroupName,
        rules: rulesOf(group.GroupId),
        tags: ec2.tags.get(group.GroupId)?.tags ?? {},
      })),
      attachments: ec2.attachments.all().map(({ TransitGatewayAttachmentId: _, ...each }) => each),
    }
  }
}
