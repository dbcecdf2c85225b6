import { change, copies, dropAll, type Weakening } from './weakening.ts'

/** Desktops, their directory, and what the provisioner makes for a project. */
export const desktops: readonly Weakening[] = [
  {
    name: 'users are administrators of their desktops',
    requirement: 'VIS-2',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'VIS_2_no_local_administrator',
    weaken: change('Custom::RenkeiWorkspaceDirectory', ({ WorkspaceCreationProperties }) => {
      WorkspaceCreationProperties.UserEnabledAsLocalAdministrator = true
    }),
  },
  {
    name: 'desktops get public addresses',
    requirement: 'NET-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'NET_4_desktop_without_public_address',
    weaken: change('Custom::RenkeiWorkspaceDirectory', ({ WorkspaceCreationProperties }) => {
      WorkspaceCreationProperties.EnableInternetAccess = true
    }),
  },
  {
    name: 'users may rebuild their desktops',
    requirement: 'VIS-2',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'VIS_2_no_self_service',
    weaken: change('Custom::RenkeiWorkspaceDirectory', ({ SelfservicePermissions }) => {
      SelfservicePermissions.RebuildWorkspace = 'ENABLED'
    }),
  },
  {
    name: "WorkSpaces' own group lets everything out",
    requirement: 'C-2',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'C_2_members_group_narrow',
    weaken: change('Custom::RenkeiMembersGroupEgress', ({ Egress }) => {
      Egress[0].CidrIp = '0.0.0.0/0'
    }),
  },
  {
    name: "WorkSpaces' own group is left as it is",
    requirement: 'C-2',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'C_2_members_group_narrowed',
    weaken: (template) => dropAll(template, 'Custom::RenkeiMembersGroupEgress'),
  },
  {
    name: "the directory's password is written down",
    requirement: 'AUTH-4',
    stack: 'visiting-1',
    check: 'guard',
    rule: 'AUTH_4_directory_password_not_written',
    weaken: change('AWS::DirectoryService::MicrosoftAD', (directory) => {
      directory['Password'] = 'Written-down-1'
    }),
  },
  {
    name: "a desktop's volume is not encrypted",
    requirement: 'NET-5',
    stack: 'runtime',
    check: 'guard',
    rule: 'NET_5_desktop_volumes_under_project_key',
    weaken: change('AWS::WorkSpaces::Workspace', (desktop) => {
      desktop['RootVolumeEncryptionEnabled'] = false
    }),
  },
  {
    name: 'a desktop is always on',
    requirement: 'VIS-7',
    stack: 'runtime',
    check: 'guard',
    rule: 'VIS_7_desktop_can_be_stopped',
    weaken: change('AWS::WorkSpaces::Workspace', ({ WorkspaceProperties }) => {
      WorkspaceProperties.RunningMode = 'ALWAYS_ON'
    }),
  },
  {
    name: "a store keeps EFS's default policy",
    requirement: 'NET-5',
    stack: 'runtime',
    check: 'guard',
    rule: 'NET_5_file_system_has_policy',
    weaken: change('AWS::EFS::FileSystem', (store) => {
      delete store['FileSystemPolicy']
    }),
  },
  {
    name: "a store is not under the project's key",
    requirement: 'NET-5',
    stack: 'runtime',
    check: 'guard',
    rule: 'NET_5_file_system_encrypted',
    weaken: change('AWS::EFS::FileSystem', (store) => {
      delete store['KmsKeyId']
    }),
  },
  {
    name: "a project's group keeps EC2's default egress",
    requirement: 'NET-4',
    stack: 'runtime',
    check: 'guard',
    rule: 'NET_4_no_open_egress',
    weaken: change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupEgress'] = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]
    }),
  },
  {
    name: "a project's key is not rotated",
    requirement: 'CRY-3',
    stack: 'runtime',
    check: 'guard',
    rule: 'CRY_3_key_rotated',
    weaken: change('AWS::KMS::Key', (key) => {
      key['EnableKeyRotation'] = false
    }),
  },
  {
    name: "a project's group outgrows its rules",
    requirement: 'C-2',
    stack: 'runtime',
    check: 'limits',
    rule: 'security-group-rules',
    weaken: copies(61, (index) => ({
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: {
        GroupId: 'one',
        IpProtocol: 'tcp',
        FromPort: 6000 + index,
        ToPort: 6000 + index,
        CidrIp: '172.20.0.0/28',
      },
    })),
  },
]
