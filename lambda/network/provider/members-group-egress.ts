import {
  AuthorizeSecurityGroupEgressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2'
import * as z from 'zod'
import { tolerate } from '#lambda/kernel/errors.ts'
import { fromTags, ORIGINALS_TAG, toPermission, toTags, toWords } from './egress-rules.ts'
import { Refusal, type ResourceContext, type ResourceType } from './resource.ts'
import { waitFor, waitForAbsence } from './wait.ts'

const groupId = z.string().regex(/^sg-[0-9a-f]+$/)
const identity = z.looseObject({ SecurityGroupId: groupId })
const port = z.coerce.number().int().min(0).max(65535)
const properties = z.strictObject({
  ServiceToken: z.string().optional(),
  ServiceTimeout: z.string().optional(),
  SecurityGroupId: groupId,
  Egress: z
    .array(z.strictObject({ IpProtocol: z.enum(['tcp', 'udp']), FromPort: port, ToPort: port, CidrIp: z.cidrv4() }))
    .min(1),
})

/**
 * Narrows the egress of `<directory id>_workspacesMembers`, which sits on every desktop (C-2). The order makes it safe
 * to stop anywhere: first the originals are written on the group, then the wanted rules are added, then all others are
 * taken away. A look at the end shows that nothing else is left; only then may desktops be made. The group itself is
 * never deleted.
 */
export const membersGroupEgress: ResourceType<z.infer<typeof properties>, z.infer<typeof identity>> = {
  properties,
  identity,
  physicalId: ({ SecurityGroupId }) => `members-group-egress/${SecurityGroupId}`,

  async converge({ SecurityGroupId, Egress }, context) {
    const wanted = toWords(Egress.map(({ CidrIp, ...rule }) => ({ ...rule, IpRanges: [{ CidrIp }] })))
    await waitFor(`the egress of ${SecurityGroupId} to become narrow`, context, async () => {
      const group = await describe(SecurityGroupId, context)
      // A group made a moment ago is not always seen at first.
      if (group === undefined) return undefined
      if (!group.GroupName?.endsWith('_workspacesMembers')) {
        throw new Refusal(
          `${SecurityGroupId} is called "${group.GroupName}", not <directory id>_workspacesMembers: ` +
            'give the group that WorkSpaces made for the directory.',
        )
      }
      if (same(egressOf(group), wanted)) return group
      if (fromTags(group.Tags ?? []) === undefined) {
        await context.clients.ec2.send(
          new CreateTagsCommand({ Resources: [SecurityGroupId], Tags: toTags(egressOf(group)) }),
        )
      }
      await change(SecurityGroupId, egressOf(group), wanted, context)
      return undefined
    })
    return { SecurityGroupId }
  },

  async remove({ SecurityGroupId }, context) {
    await waitForAbsence(`the original egress of ${SecurityGroupId} to be back`, context, async () => {
      const group = await describe(SecurityGroupId, context)
      const originals = group && fromTags(group.Tags ?? [])
      // No group, or no originals on it: never narrowed, or put back before. What is unknown stays as it is, which is
      // the narrow side.
      if (!group || !originals) return true
      if (same(egressOf(group), originals)) {
        const keys = (group.Tags ?? [])
          .filter(({ Key }) => Key?.startsWith(`${ORIGINALS_TAG}.`))
          .map(({ Key }) => ({ Key }))
        await context.clients.ec2.send(new DeleteTagsCommand({ Resources: [SecurityGroupId], Tags: keys }))
      } else {
        await change(SecurityGroupId, egressOf(group), originals, context)
      }
      return false
    })
  },
}

const egressOf = (group: SecurityGroup) => toWords(group.IpPermissionsEgress ?? [])
const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((word, index) => word === b[index])

async function describe(SecurityGroupId: string, { clients }: ResourceContext): Promise<SecurityGroup | undefined> {
  const answer = await tolerate(['InvalidGroup.NotFound', 'InvalidGroupId.NotFound'], () =>
    clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [SecurityGroupId] })),
  )
  return answer?.SecurityGroups?.[0]
}

/**
 * Adds first and takes away after: desktops that are running never lose the directory in between. One rule a call: EC2
 * refuses a whole call for one rule that exists already or is gone already, which a lagging description makes likely.
 */
async function change(
  GroupId: string,
  from: readonly string[],
  to: readonly string[],
  { clients }: ResourceContext,
): Promise<void> {
  for (const word of to.filter((rule) => !from.includes(rule))) {
    await tolerate(['InvalidPermission.Duplicate'], () =>
      clients.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [toPermission(word)] })),
    )
  }
  for (const word of from.filter((rule) => !to.includes(rule))) {
    await tolerate(['InvalidPermission.NotFound'], () =>
      clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [toPermission(word)] })),
    )
  }
}
