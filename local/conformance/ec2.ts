import {
  AuthorizeSecurityGroupEgressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2'
import { expect, refused, until, type Check, type Context } from './context.ts'

const reference = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/'

async function group(context: Context): Promise<string> {
  const { ec2, fixture } = context
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({
      GroupName: context.unique('conformance'),
      Description: 'conformance',
      VpcId: fixture.vpcId,
    }),
  )
  context.cleanUp(() => ec2.send(new DeleteSecurityGroupCommand({ GroupId })))
  await until(context, 'the new group is described', 60_000, () =>
    ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] })).catch(() => undefined),
  )
  return GroupId!
}

const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]

export const ec2Checks: readonly Check[] = [
  {
    service: 'ec2',
    name: 'a new security group allows all egress, and nothing in',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html',
    async run(context) {
      const id = await group(context)
      const { SecurityGroups } = await context.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))
      expect(SecurityGroups?.[0]?.IpPermissions?.length === 0, 'something is allowed in')
      const egress = SecurityGroups[0].IpPermissionsEgress
      expect(
        egress?.length === 1 && egress[0]?.IpProtocol === '-1' && egress[0].IpRanges?.[0]?.CidrIp === '0.0.0.0/0',
        'egress is not all to 0.0.0.0/0',
      )
    },
  },
  {
    service: 'ec2',
    name: 'a group name is taken once in a VPC',
    source: `${reference}API_CreateSecurityGroup.html`,
    async run(context) {
      const id = await group(context)
      const { SecurityGroups } = await context.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))
      await refused(
        context.ec2.send(
          new CreateSecurityGroupCommand({
            GroupName: SecurityGroups![0]!.GroupName,
            Description: 'again',
            VpcId: context.fixture.vpcId,
          }),
        ),
        'InvalidGroup.Duplicate',
      )
    },
  },
  {
    service: 'ec2',
    name: 'a rule cannot be added twice, nor revoked twice',
    source: `${reference}API_RevokeSecurityGroupEgress.html`,
    async run(context) {
      const GroupId = await group(context)
      await context.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: everything }))
      await refused(
        context.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: everything })),
        'InvalidPermission.NotFound',
      )
      const IpPermissions = [
        {
          IpProtocol: 'tcp',
          FromPort: 5432,
          ToPort: 5432,
          PrefixListIds: [{ PrefixListId: context.fixture.prefixListId }],
        },
      ]
      await context.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }))
      await refused(
        context.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
        'InvalidPermission.Duplicate',
      )
    },
  },
  {
    service: 'ec2',
    name: 'a group that a rule of another group refers to cannot be deleted',
    source: `${reference}API_DeleteSecurityGroup.html`,
    async run(context) {
      const [referred, referring] = [await group(context), await group(context)]
      const IpPermissions = [
        { IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, UserIdGroupPairs: [{ GroupId: referred }] },
      ]
      await context.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: referring, IpPermissions }))
      context.cleanUp(() =>
        context.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: referring, IpPermissions })),
      )
      await refused(context.ec2.send(new DeleteSecurityGroupCommand({ GroupId: referred })), 'DependencyViolation')
    },
  },
  {
    service: 'ec2',
    name: 'what does not exist has its own error for each kind',
    source: `${reference}errors-overview.html`,
    async run({ ec2 }) {
      await refused(
        ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: ['sg-00000000000000000'] })),
        'InvalidGroup.NotFound',
      )
      await refused(
        ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-00000000000000000'] })),
        'InvalidNetworkInterfaceID.NotFound',
      )
      await refused(
        ec2.send(
          new ModifyNetworkInterfaceAttributeCommand({
            NetworkInterfaceId: 'eni-00000000000000000',
            Groups: ['sg-00000000000000000'],
          }),
        ),
        'InvalidNetworkInterfaceID.NotFound',
      )
    },
  },
  {
    service: 'ec2',
    name: 'a tag can be found by filter, and goes when it is deleted',
    source: `${reference}API_CreateTags.html`,
    async run(context) {
      const id = await group(context)
      const Value = context.unique('tag')
      const find = async () =>
        (
          await context.ec2.send(
            new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'tag:renkei:conformance', Values: [Value] }] }),
          )
        ).SecurityGroups!
      await context.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'renkei:conformance', Value }] }))
      await until(context, 'the tag is seen', 60_000, async () => ((await find()).length === 1 ? true : undefined))
      await context.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'renkei:conformance' }] }))
      await until(context, 'the tag is gone', 60_000, async () => ((await find()).length === 0 ? true : undefined))
    },
  },
]
