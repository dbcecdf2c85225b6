import type { Action, ActionOf } from './actions.ts'
import type { Desired } from './desired.ts'
import { actionsFromNothing } from './ideal.ts'
import { keyArnOf } from './ideal-world.ts'
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
 * Everything the provisioner makes for one project, as CloudFormation would say it, so that the rules for templates judge run-time
 * resources too (C-8). It is rendered from the actions that `plan()` orders, not from the desired state: what it shows is what is made.
 * `now` must lie in the project's period of use for its desktops to be admitted. Throws where the project cannot be provisioned.
 */
export function renderTemplate(desired: Desired, now: string): RenderedTemplate {
  const { actions, world } = actionsFromNothing(desired, now)
  const resources: Record<string, RenderedResource> = {}
  const all = <Type extends Action['type']>(type: Type) =>
    actions.filter((action): action is ActionOf<Type> => action.type === type)
  const references = new Map<string, unknown>()
  for (const [id, action] of world.madeBy) {
    if (action.type === 'CreateKey')
      references.set(id, { Ref: 'Key' }).set(keyArnOf(id), { 'Fn::GetAtt': ['Key', 'Arn'] })
    if (action.type === 'CreateGroup') references.set(id, { 'Fn::GetAtt': [groupName(action), 'GroupId'] })
    if (action.type === 'CreateFileSystem') references.set(id, { Ref: 'FileSystem' })
  }
  const refer = (value: string) => references.get(value) ?? value
  for (const key of all('CreateKey')) {
    resources['Key'] = {
      Type: 'AWS::KMS::Key',
      Properties: {
        Description: key.description,
        KeyPolicy: key.policy,
        EnableKeyRotation: all('EnableKeyRotation').length > 0,
        PendingWindowInDays: KEY_DELETION_DAYS,
        Tags: tagList(key.tags),
      },
    }
    resources['Alias'] = { Type: 'AWS::KMS::Alias', Properties: { AliasName: key.alias, TargetKeyId: { Ref: 'Key' } } }
  }
  // What AWS itself put on a group and the plan left there, which would be a way out.
  const given = new Set(all('AuthorizeRules').flatMap(({ rules }) => rules.map(ruleKey)))
  const leftOn = (name: string) =>
    (world.groups.find((group) => group.name === name)?.egress ?? []).filter((rule) => !given.has(ruleKey(rule)))
  for (const group of all('CreateGroup')) {
    const name = groupName(group)
    resources[name] = {
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
  for (const { type, groupId, direction, rules } of all('AuthorizeRules')) {
    if (type === 'RevokeRules') continue
    const kind = direction === 'egress' ? 'Egress' : 'Ingress'
    const logicalId = (references.get(groupId) as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]
    rules.forEach((rule, index) => {
      resources[`${logicalId}${kind}${index + 1}`] = {
        Type: `AWS::EC2::SecurityGroup${kind}`,
        Properties: { GroupId: refer(groupId), ...ruleProperties(rule, direction, refer) },
      }
    })
  }
  const policies = all('PutFileSystemPolicy')
  for (const { creationToken, keyArn, tags } of all('CreateFileSystem')) {
    resources['FileSystem'] = {
      Type: 'AWS::EFS::FileSystem',
      Properties: {
        Encrypted: true,
        KmsKeyId: refer(keyArn),
        PerformanceMode: 'generalPurpose',
        ThroughputMode: 'elastic',
        BackupPolicy: { Status: 'DISABLED' },
        FileSystemPolicy: policies.at(-1)?.policy,
        FileSystemTags: tagList({ Name: creationToken, ...tags }),
      },
    }
  }
  for (const point of all('CreateAccessPoint')) {
    resources['AccessPoint'] = {
      Type: 'AWS::EFS::AccessPoint',
      Properties: {
        FileSystemId: refer(point.fileSystemId),
        ClientToken: point.clientToken,
        PosixUser: { Uid: String(point.posixId), Gid: String(point.posixId) },
        RootDirectory: {
          Path: point.path,
          CreationInfo: { OwnerUid: String(point.posixId), OwnerGid: String(point.posixId), Permissions: '0770' },
        },
        AccessPointTags: tagList(point.tags),
      },
    }
  }
  all('CreateMountTarget').forEach(({ fileSystemId, subnetId, groupId }, index) => {
    resources[`MountTarget${index + 1}`] = {
      Type: 'AWS::EFS::MountTarget',
      Properties: { FileSystemId: refer(fileSystemId), SubnetId: subnetId, SecurityGroups: [refer(groupId)] },
    }
  })
  all('CreateDesktop').forEach((desktop, index) => {
    resources[`Desktop${index + 1}`] = {
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
    }
  })
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What the provisioner makes for project ${desired.projectId}`,
    Resources: resources,
  }
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
