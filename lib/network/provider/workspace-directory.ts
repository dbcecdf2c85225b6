import { CustomResource, Duration, Token, Tokenization } from 'aws-cdk-lib'
import type { CfnDirectoryProps } from 'aws-cdk-lib/aws-workspaces'
import { Construct } from 'constructs'

/**
 * What `AWS::WorkSpaces::Directory` takes and a desktop directory over Managed AD can have; pools, Entra and Identity
 * Center are left out.
 */
type DirectorySettings = Omit<
  CfnDirectoryProps,
  | 'activeDirectoryConfig'
  | 'idcInstanceArn'
  | 'microsoftEntraConfig'
  | 'subnetIds'
  | 'tenancy'
  | 'userIdentityType'
  | 'workspaceDirectoryDescription'
  | 'workspaceDirectoryName'
  | 'workspaceType'
  | 'enableSelfService'
  | 'selfservicePermissions'
>

/** What is registered, with which settings, and who does it. */
export interface WorkspaceDirectoryProps extends DirectorySettings {
  /** The function that answers: `consume(this, environment, parameterNames.networkProviderArn())`. */
  readonly serviceToken: string
  /** The Managed AD that is registered with WorkSpaces, `d-…`. */
  readonly directoryId: string
  /** Exactly two subnets, in two zones in which WorkSpaces is offered (docs/aws-behaviour.md, WorkSpaces). */
  readonly subnetIds: [string, string]
}

/**
 * A directory registered with WorkSpaces, with every setting of it. `AWS::WorkSpaces::Directory` is not offered in
 * ap-northeast-1 (docs/aws-behaviour.md, WorkSpaces), so the network provider registers it; the props are that
 * resource's own, so that the day it is offered this construct becomes a rename. Whatever the caller asks: nobody is a
 * local administrator, no desktop has a public address, no self-service (VIS-2, NET-4). Deleting it deregisters the
 * directory only if this resource registered it, and fails while desktops remain: it never deletes one (C-11).
 */
export class WorkspaceDirectory extends Construct {
  /** Id of the registered directory, available once every setting is in force. */
  readonly directoryId: string
  /** Id of the group `<directory id>_workspacesMembers` that sits on every desktop of the directory. */
  readonly membersSecurityGroupId: string
  /** What WorkSpaces clients are given to find the directory. */
  readonly registrationCode: string

  constructor(scope: Construct, id: string, props: WorkspaceDirectoryProps) {
    super(scope, id)
    if (props.subnetIds.length !== 2)
      throw new Error(
        `${this.node.path}: a directory is registered with exactly two subnets, not ${props.subnetIds.length} ` +
          '(docs/aws-behaviour.md, WorkSpaces)',
      )
    const { serviceToken, ...settings } = props
    const resource = new CustomResource(this, 'Resource', {
      serviceToken,
      resourceType: 'Custom::RenkeiWorkspaceDirectory',
      serviceTimeout: Duration.minutes(16),
      properties: pascalCase({
        ...settings,
        workspaceCreationProperties: {
          ...settings.workspaceCreationProperties,
          userEnabledAsLocalAdministrator: false,
          enableInternetAccess: false,
        },
        selfservicePermissions: {
          restartWorkspace: 'DISABLED',
          increaseVolumeSize: 'DISABLED',
          changeComputeType: 'DISABLED',
          switchRunningMode: 'DISABLED',
          rebuildWorkspace: 'DISABLED',
        },
      }) as Record<string, unknown>,
    })
    this.directoryId = resource.getAttString('DirectoryId')
    this.membersSecurityGroupId = resource.getAttString('MembersSecurityGroupId')
    this.registrationCode = resource.getAttString('RegistrationCode')
  }
}

/** CDK's property names to CloudFormation's and the API's, which are the same words with a capital. */
function pascalCase(value: unknown): unknown {
  if (Array.isArray(value)) return Token.isUnresolved(value) ? value : value.map(pascalCase)
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.charAt(0).toUpperCase() + name.slice(1), pascalCase(item)]),
  )
}
