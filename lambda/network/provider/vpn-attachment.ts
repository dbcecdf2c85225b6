import { DescribeTransitGatewayAttachmentsCommand } from '@aws-sdk/client-ec2'
import * as z from 'zod'
import { Refusal, type ResourceType } from './resource.ts'
import { waitFor } from './wait.ts'

const identity = z.looseObject({ VpnConnectionId: z.string().regex(/^vpn-[0-9a-f]+$/) })
const properties = z.strictObject({
  ServiceToken: z.string().optional(),
  ServiceTimeout: z.string().optional(),
  VpnConnectionId: z.string().regex(/^vpn-[0-9a-f]+$/),
  TransitGatewayId: z.string().regex(/^tgw-[0-9a-f]+$/),
})

/**
 * Finds the Transit Gateway attachment of a VPN connection and waits until it is available. It makes nothing, so it
 * removes nothing.
 */
export const vpnAttachment: ResourceType<z.infer<typeof properties>, z.infer<typeof identity>> = {
  properties,
  identity,
  physicalId: ({ VpnConnectionId }) => `vpn-attachment/${VpnConnectionId}`,

  async converge({ VpnConnectionId, TransitGatewayId }, context) {
    const attachment = await waitFor(
      `the attachment of ${VpnConnectionId} to ${TransitGatewayId} to become available`,
      context,
      async () => {
        const answer = await context.clients.ec2.send(
          new DescribeTransitGatewayAttachmentsCommand({
            Filters: [
              { Name: 'resource-type', Values: ['vpn'] },
              { Name: 'resource-id', Values: [VpnConnectionId] },
              { Name: 'transit-gateway-id', Values: [TransitGatewayId] },
            ],
          }),
        )
        // A deleted attachment stays listed for a while; it says nothing about the one that is coming.
        const found = (answer.TransitGatewayAttachments ?? []).filter(
          ({ State }) => State !== 'deleted' && State !== 'deleting',
        )
        const failed = found.find(({ State }) => State === 'failed' || State === 'failing' || State === 'rejected')
        if (failed) {
          throw new Refusal(
            `Attachment ${failed.TransitGatewayAttachmentId} of ${VpnConnectionId} is ${failed.State}: ` +
              'delete the VPN connection and deploy again.',
          )
        }
        return found.find(({ State }) => State === 'available')
      },
    )
    return { AttachmentId: attachment.TransitGatewayAttachmentId! }
  },

  async remove() {},
}
