import type { ActionOf, ActionType } from './actions.ts'
import type { Desired } from './desired.ts'
import { actionsFromNothing } from './ideal.ts'
import { keyArnOf, type IdealWorld } from './ideal-world.ts'
import { tagList } from './resource-names.ts'
import { ruleKey, type Rule } from './observed.ts'
import { KEY_DELETION_DAYS } from './removal.ts'

interface RenderedResource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}
export interface RenderedTemplate {
  readonly AWSTemplateFormatVersion: '2010-09-09'
  readonly Description: string
  readonly Resources: Readonly<Record<string, RenderedResource>>
}

/**
 * Everything the provisioner makes for one project, as CloudFormation would say it, so that the rules for templates
 * judge run-time resources too (C-8). It is rendered from the actions that `plan()` orders, not from the desired state:
 * what it shows is what is made. `now` must lie in the project's period of use for its desktops to be admitted. Throws
 * where the project cannot be provisioned.
 */
export function renderTemplate(desired: Desired, now: string): RenderedTemplate {
  const { actions, world } = actionsFromNothing(desired, now)
  const references = referencesTo(world)
  const rendering: Rendering = {
    all: (type) => actions.filter((action): action is ActionOf<typeof type> => action.type === type),
    refer: (value) => references.get(value) ?? value,
    world,
  }
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What the provisioner makes for project ${desired.projectId}`,
    Resources: {
      ...renderKey(rendering),
      ...renderGroups(rendering),
      ...renderRules(rendering),
      ...renderFileSystem(rendering),
      ...renderAccessPoint(rendering),
      ...renderMountTargets(rendering),
      ...renderDesktops(rendering),
    },
  }
}

type Resources = Record<string, RenderedResource>

interface Rendering {
  /** the actions of one type, in their order */
  readonly all: <Type extends ActionType>(type: Type) => readonly ActionOf<Type>[]
  /** what the template says for an id of the ideal account; what is not its own stays as it is */
  readonly refer: (id: string) => unknown
  readonly world: IdealWorld
}

function referencesTo({ madeBy }: IdealWorld): ReadonlyMap<string, unknown> {
  const references = new Map<string, unknown>()
  for (const [id, action] of madeBy) {
    if (action.type === 'CreateKey')
      references.set(id, { Ref: 'Key' }).set(keyArnOf(id), { 'Fn::GetAtt': ['Key', 'Arn'] })
    if (action.type === 'CreateGroup') references.set(id, { 'Fn::GetAtt': [groupName(action), 'GroupId'] })
    if (action.type === 'CreateFileSystem') references.set(id, { Ref: 'FileSystem' })
  }
  return references
}

function renderKey({ all }: Rendering): Resources {
  const [key] = all('CreateKey')
  if (key === undefined) return {}
  return {
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        Description: key.description,
        KeyPolicy: key.policy,
        EnableKeyRotation: all('EnableKeyRotation').length > 0,
        PendingWindowInDays: KEY_DELETION_DAYS,
        Tags: tagList(key.tags),
      },
    },
    Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: key.alias, TargetKeyId: { Ref: 'Key' } } },
  }
}

function renderGroups({ all, refer, world }: Rendering): Resources {
  // What AWS itself put on a group and the plan left there, which would be a way out.
  const given = new Set(all('AuthorizeRules').flatMap(({ rules }) => rules.map(ruleKey)))
  const leftOn = (name: string) =>
    (world.groups.find((group) => group.name === name)?.egress ?? []).filter((rule) => !given.has(ruleKey(rule)))
  const resources: Resources = {}
  for (const group of all('CreateGroup')) {
    resources[groupName(group)] = {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupName: group.name,
        GroupDescription: group.description,
        VpcId: group.vpcId,
        SecurityGroupEgress: leftOn(group.name).map((rule) => ruleProperties(rule, 'egress', refer)),
        SecurityGroupIngress: [],
        Tags: tagList(group.tags),
      },
    }
  }
  return resources
}

function renderRules({ all, refer }: Rendering): Resources {
  const resources: Resources = {}
  for (const { type, groupId, direction, rules } of all('AuthorizeRules')) {
    if (type === 'RevokeRules') continue
    const kind = direction === 'egress' ? 'Egress' : 'Ingress'
    const logicalId = (refer(groupId) as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]
    rules.forEach((rule, index) => {
      resources[`${logicalId}${kind}${index + 1}`] = {
        Type: `AWS::EC2::SecurityGroup${kind}`,
        Properties: { GroupId: refer(groupId), ...ruleProperties(rule, direction, refer) },
      }
    })
  }
  return resources
}

function renderFileSystem({ all, refer }: Rendering): Resources {
  const [fileSystem] = all('CreateFileSystem')
  if (fileSystem === undefined) return {}
  return {
    FileSystem: {
      Type: 'AWS::EFS::FileSystem',
      Properties: {
        Encrypted: true,
        KmsKeyId: refer(fileSystem.keyArn),
        PerformanceMode: 'generalPurpose',
        ThroughputMode: 'elastic',
        BackupPolicy: { Status: 'DISABLED' },
        FileSystemPolicy: all('PutFileSystemPolicy').at(-1)?.policy,
        FileSystemTags: tagList({ Name: fileSystem.creationToken, ...fileSystem.tags }),
      },
    },
  }
}

function renderAccessPoint({ all, refer }: Rendering): Resources {
  const [point] = all('CreateAccessPoint')
  if (point === undefined) return {}
  const id = String(point.posixId)
  return {
    AccessPoint: {
      Type: 'AWS::EFS::AccessPoint',
      Properties: {
        FileSystemId: refer(point.fileSystemId),
        ClientToken: point.clientToken,
        PosixUser: { Uid: id, Gid: id },
        RootDirectory: { Path: point.path, CreationInfo: { OwnerUid: id, OwnerGid: id, Permissions: '0770' } },
        AccessPointTags: tagList(point.tags),
      },
    },
  }
}

function renderMountTargets({ all, refer }: Rendering): Resources {
  return Object.fromEntries(
    all('CreateMountTarget').map(({ fileSystemId, subnetId, groupId }, index) => [
      `MountTarget${index + 1}`,
      {
        Type: 'AWS::EFS::MountTarget',
        Properties: { FileSystemId: refer(fileSystemId), SubnetId: subnetId, SecurityGroups: [refer(groupId)] },
      },
    ]),
  )
}

function renderDesktops({ all, refer }: Rendering): Resources {
  return Object.fromEntries(
    all('CreateDesktop').map((desktop, index) => [
      `Desktop${index + 1}`,
      {
        Type: 'AWS::WorkSpaces::Workspace',
        Properties: {
          BundleId: desktop.bundleId,
          DirectoryId: desktop.directoryId,
          UserName: desktop.userName,
          RootVolumeEncryptionEnabled: true,
          UserVolumeEncryptionEnabled: true,
          VolumeEncryptionKey: refer(desktop.keyArn),
          WorkspaceProperties: {
            RunningMode: 'AUTO_STOP',
            RunningModeAutoStopTimeoutInMinutes: AUTO_STOP_MINUTES,
            RootVolumeSizeGib: desktop.rootVolumeGib,
            UserVolumeSizeGib: desktop.userVolumeGib,
          },
          Tags: tagList(desktop.tags),
        },
      },
    ]),
  )
}

/** The shortest that WorkSpaces offers; it counts from disconnection, in whole hours. */
export const AUTO_STOP_MINUTES = 60

const groupName = ({ role }: ActionOf<'CreateGroup'>) => (role === 'desktop' ? 'DesktopGroup' : 'StoreGroup')

function ruleProperties(
  { protocol, from, to, peer }: Rule,
  direction: 'egress' | 'ingress',
  refer: (value: string) => unknown,
): Record<string, unknown> {
  const [kind, ...rest] = peer.split('/')
  const id = refer(rest.join('/'))
  const source = direction === 'egress' ? 'Destination' : 'Source'
  const peers: Record<string, object> = {
    'prefix-list': { [`${source}PrefixListId`]: id },
    group: { [`${source}SecurityGroupId`]: id },
    cidr: { CidrIp: id },
  }
  return {
    Description: `${protocol}/${from} ${direction === 'egress' ? 'to' : 'from'} ${peer.split('/')[0]}`,
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    ...peers[kind ?? ''],
  }
}
