import { ArnFormat, type Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** Members groups and default groups are made by AWS, untagged; what carries this tag is the provisioner's alone. */
const notAProjects = { StringNotEquals: { 'aws:ResourceTag/renkei:managed': 'provisioner' } }

/** What the network provider may do, and on what. Each statement names the resource types that its actions need. */
export function networkProviderStatements(stack: Stack): PolicyStatement[] {
  return [looking(), ...registering(stack), ...narrowing(stack), neverDeleting()]
}

const arn = (stack: Stack, service: string, resource: string) =>
  stack.formatArn({ service, resource, resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME })

/** None of these can be limited to a resource (service authorization reference: EC2, WorkSpaces, Directory Service). */
function looking(): PolicyStatement {
  return new PolicyStatement({
    sid: 'Look',
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
  })
}

/** A directory registered with WorkSpaces, with every setting of it. */
function registering(stack: Stack): PolicyStatement[] {
  const workspacesRole = stack.formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: 'workspaces_DefaultRole',
  })
  return [
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
      resources: [arn(stack, 'workspaces', 'directory'), arn(stack, 'workspaces', 'workspaceipgroup')],
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
      resources: [arn(stack, 'ds', 'directory')],
    }),
    new PolicyStatement({
      sid: 'WorkspacesRole',
      actions: ['iam:GetRole', 'iam:PassRole'],
      resources: [workspacesRole],
    }),
  ]
}

/** Security groups that AWS makes, and that allow more than a desktop may have (C-2). */
function narrowing(stack: Stack): PolicyStatement[] {
  const securityGroups = arn(stack, 'ec2', 'security-group')
  return [
    new PolicyStatement({
      sid: 'MakeMembersGroup',
      // Registration makes `<directory id>_workspacesMembers` and the controllers' group in the caller's name
      // (WorkSpaces administration guide).
      actions: ['ec2:CreateSecurityGroup', 'ec2:AuthorizeSecurityGroupIngress'],
      resources: [securityGroups, arn(stack, 'ec2', 'vpc')],
      conditions: { Bool: { 'aws:ViaAWSService': 'true' } },
    }),
    new PolicyStatement({
      sid: 'MembersGroupEgress',
      actions: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:RevokeSecurityGroupEgress'],
      resources: [securityGroups, arn(stack, 'ec2', 'security-group-rule')],
      conditions: notAProjects,
    }),
    new PolicyStatement({
      sid: 'EmptyDefaultGroups',
      actions: ['ec2:RevokeSecurityGroupIngress'],
      resources: [securityGroups, arn(stack, 'ec2', 'security-group-rule')],
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
  ]
}

/** What no statement above allows, whatever is added later. */
function neverDeleting(): PolicyStatement {
  return new PolicyStatement({
    sid: 'NeverDeleteAGroup',
    effect: Effect.DENY,
    actions: ['ec2:DeleteSecurityGroup', 'workspaces:TerminateWorkspaces', 'ds:DeleteDirectory'],
    resources: ['*'],
    // What WorkSpaces itself tidies up when a directory is deregistered stays possible.
    conditions: { Bool: { 'aws:ViaAWSService': 'false' } },
  })
}
