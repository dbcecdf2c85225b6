import {
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2'
import * as z from 'zod'
import { tolerate } from '#lambda/kernel/errors.ts'
import { Refusal, type ResourceType } from './resource.ts'
import { waitFor } from './wait.ts'

const groupId = z.string().regex(/^sg-[0-9a-f]+$/)
const identity = z.looseObject({ DefaultSecurityGroupId: groupId })
const properties = z.strictObject({
  ServiceToken: z.string().optional(),
  ServiceTimeout: z.string().optional(),
  DefaultSecurityGroupId: groupId,
  Account: z.string(),
})

/**
 * Takes every rule out of a VPC's default security group, so that whatever is launched without a group reaches nothing
 * (C-1). On delete the group stays as it is: it goes with its VPC, and putting "everything" back would only open a door
 * on the way out.
 */
export const defaultSecurityGroup: ResourceType<z.infer<typeof properties>, z.infer<typeof identity>> = {
  properties,
  identity,
  physicalId: ({ DefaultSecurityGroupId }) => `default-security-group/${DefaultSecurityGroupId}`,

  async converge({ DefaultSecurityGroupId: GroupId }, context) {
    const { ec2 } = context.clients
    await waitFor(`${GroupId} to have no rules`, context, async () => {
      const answer = await tolerate(['InvalidGroup.NotFound', 'InvalidGroupId.NotFound'], () =>
        ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] })),
      )
      const group = answer?.SecurityGroups?.[0]
      if (group === undefined) return undefined
      if (group.GroupName !== 'default')
        throw new Refusal(`${GroupId} is called "${group.GroupName}", not default: give the default group of a VPC.`)
      const ingress = group.IpPermissions ?? []
      const egress = group.IpPermissionsEgress ?? []
      if (ingress.length === 0 && egress.length === 0) return group
      await revoke(ingress, (IpPermissions) =>
        ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })),
      )
      await revoke(egress, (IpPermissions) =>
        ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions })),
      )
      return undefined
    })
    return { DefaultSecurityGroupId: GroupId }
  },

  async remove() {},
}

/** One rule a call: EC2 refuses a whole call for one rule that is gone already. */
async function revoke(
  rules: readonly IpPermission[],
  call: (rules: IpPermission[]) => Promise<unknown>,
): Promise<void> {
  for (const rule of rules) await tolerate(['InvalidPermission.NotFound'], () => call([rule]))
}
