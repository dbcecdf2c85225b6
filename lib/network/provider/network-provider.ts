import { ArnFormat, Duration, Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { RenkeiFunction } from '#lib/kernel/renkei-function.ts'
import { parameterNames, publish } from '#lib/kernel/parameters.ts'

export interface NetworkProviderProps {
  readonly config: Config
  /** Encrypts the function's log group. */
  readonly logKey: IKey
  /** Encrypts the queue of events that the function could not even start on. */
  readonly queueKey: IKey
}

/**
 * The function behind the network plane's custom resources (`Custom::RenkeiVpnAttachment`, `…WorkspaceDirectory`, `…MembersGroupEgress`,
 * `…DirectoryDataAccess`). It is made once, in the hub; other stacks find it by `parameterNames.networkProviderArn()`.
 */
export class NetworkProvider extends Construct {
  /** What a custom resource of the same stack takes as its service token. */
  readonly serviceToken: string

  constructor(scope: Construct, id: string, props: NetworkProviderProps) {
    super(scope, id)
    const deadLetterQueue = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.queueKey,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    })
    const handler = new RenkeiFunction(this, 'Function', {
      config: props.config,
      useCase: 'network/provider',
      description:
        'Custom resources of the network plane: VPN attachments, WorkSpaces directories, members groups, directory data',
      logKey: props.logKey,
      // Registering a directory and a VPN coming up are waited for; Lambda allows no more.
      timeout: Duration.minutes(15),
      concurrency: 10,
      deadLetterQueue,
    })
    for (const statement of statements(Stack.of(this))) handler.addToRolePolicy(statement)
    this.serviceToken = handler.functionArn
    publish(this, props.config.environment, parameterNames.networkProviderArn(), this.serviceToken)
  }
}

/** What the function may do, and on what. Each action names the resource type that needs it. */
function statements(stack: Stack): PolicyStatement[] {
  const arn = (service: string, resource: string, resourceName: string) =>
    stack.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME })
  const securityGroups = arn('ec2', 'security-group', '*')
  // Members groups and default groups are made by AWS, untagged; what carries this tag is a project's and the provisioner's alone.
  const notAProjects = { StringNotEquals: { 'aws:ResourceTag/renkei:managed': 'provisioner' } }
  const workspacesRole = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'workspaces_DefaultRole',
  })
  return [
    new PolicyStatement({
      sid: 'Look',
      // None of these can be limited to a resource (service authorization reference: EC2, WorkSpaces, Directory Service).
      actions: [
        'ec2:DescribeVpnConnections',
        'ec2:DescribeTransitGatewayAttachments',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
        'ec2:DescribeAvailabilityZones',
        'workspaces:DescribeWorkspaceDirectories',
        'workspaces:DescribeTags',
        'ds:DescribeDirectories',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'WorkspaceDirectory',
      actions: [
        'workspaces:RegisterWorkspaceDirectory',
        'workspaces:DeregisterWorkspaceDirectory',
        'workspaces:ModifyWorkspaceCreationProperties',
        'workspaces:ModifySelfservicePermissions',
        'workspaces:ModifyWorkspaceAccessProperties',
        'workspaces:ModifySamlProperties',
        'workspaces:ModifyCertificateBasedAuthProperties',
        'workspaces:ModifyStreamingProperties',
        'workspaces:ModifyEndpointEncryptionMode',
        'workspaces:AssociateIpGroups',
        'workspaces:DisassociateIpGroups',
      ],
      resources: [arn('workspaces', 'directory', '*'), arn('workspaces', 'workspaceipgroup', '*')],
    }),
    new PolicyStatement({
      sid: 'MarkAsOurs',
      // Takes no resource either; the one tag it may write says which resource of ours registered a directory.
      actions: ['workspaces:CreateTags'],
      resources: ['*'],
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['renkei:registered-by'] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
    new PolicyStatement({
      sid: 'Directory',
      // WorkSpaces registers in the caller's name: it authorizes itself as an application of the directory.
      actions: [
        'ds:AuthorizeApplication',
        'ds:UnauthorizeApplication',
        'ds:EnableDirectoryDataAccess',
        'ds:DisableDirectoryDataAccess',
        'ds:DescribeDirectoryDataAccess',
      ],
      resources: [arn('ds', 'directory', '*')],
    }),
    new PolicyStatement({
      sid: 'WorkspacesRole',
      actions: ['iam:GetRole', 'iam:PassRole'],
      resources: [workspacesRole],
    }),
    new PolicyStatement({
      sid: 'MakeMembersGroup',
      // Registration makes `<directory id>_workspacesMembers` and the controllers' group in the caller's name (WorkSpaces administration guide).
      actions: ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress'],
      resources: [securityGroups, arn('ec2', 'vpc', '*')],
      conditions: { Bool: { 'aws:ViaAWSService': 'true' } },
    }),
    new PolicyStatement({
      sid: 'MembersGroupEgress',
      actions: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
      resources: [securityGroups, arn('ec2', 'security-group-rule', '*')],
      conditions: notAProjects,
    }),
    new PolicyStatement({
      sid: 'EmptyDefaultGroups',
      actions: ['ec2:RevokeSecurityGroupIngress'],
      resources: [securityGroups, arn('ec2', 'security-group-rule', '*')],
      conditions: notAProjects,
    }),
    new PolicyStatement({
      sid: 'KeepOriginalEgress',
      actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
      resources: [securityGroups],
      conditions: {
        'ForAllValues:StringLike': { 'aws:TagKeys': ['renkei:original-egress*'] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
    new PolicyStatement({
      sid: 'NeverDeleteAGroup',
      effect: Effect.DENY,
      actions: ['ec2:DeleteSecurityGroup', 'workspaces:TerminateWorkspaces', 'ds:DeleteDirectory'],
      resources: ['*'],
      // What WorkSpaces itself tidies up when a directory is deregistered stays possible.
      conditions: { Bool: { 'aws:ViaAWSService': 'false' } },
    }),
  ]
}
