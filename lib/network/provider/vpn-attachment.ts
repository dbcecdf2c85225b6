import { CustomResource, Duration } from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Which attachment is looked up, and who does it. */
export interface VpnAttachmentProps {
  /** The function that answers: `consume(this, environment, parameterNames.networkProviderArn())`. */
  readonly serviceToken: string
  /** The VPN connection whose attachment is looked up. */
  readonly vpnConnectionId: string
  /** The Transit Gateway that the connection ends on. */
  readonly transitGatewayId: string
}

/**
 * The Transit Gateway attachment of a VPN connection, once it is available.
 * `AWS::EC2::VPNConnection` returns only its own id (docs/aws-behaviour.md, Site-to-Site VPN), while associations,
 * routes and the firewall's propagation need the attachment's. It creates nothing and deletes nothing.
 */
export class VpnAttachment extends Construct {
  /** Id of the attachment, `tgw-attach-…`. */
  readonly attachmentId: string

  constructor(scope: Construct, id: string, props: VpnAttachmentProps) {
    super(scope, id)
    const resource = new CustomResource(this, 'Resource', {
      serviceToken: props.serviceToken,
      resourceType: 'Custom::RenkeiVpnAttachment',
      serviceTimeout: Duration.minutes(16),
      properties: { VpnConnectionId: props.vpnConnectionId, TransitGatewayId: props.transitGatewayId },
    })
    this.attachmentId = resource.getAttString('AttachmentId')
  }
}
