import { account, deployment, strong, tunnel, vpn, type RefusedCall } from './call.ts'

/** What `policies/foundation/scp/network.json` refuses: ways to the Internet and weak tunnels. */
export const network: readonly RefusedCall[] = [
  {
    requirement: 'NET-1',
    posture: 'no Internet gateway, by a deployment either',
    statement: 'NoWayToTheInternet',
    call: {
      action: 'ec2:CreateInternetGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:internet-gateway/igw-1`,
      by: deployment,
    },
  },
  {
    requirement: 'NET-4',
    posture: 'no NAT gateway',
    statement: 'NoWayToTheInternet',
    call: {
      action: 'ec2:CreateNatGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:natgateway/nat-1`,
      by: deployment,
    },
  },
  {
    requirement: 'NET-4',
    posture: 'no egress-only gateway',
    statement: 'NoWayToTheInternet',
    call: {
      action: 'ec2:CreateEgressOnlyInternetGateway',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:egress-only-internet-gateway/eigw-1`,
      by: deployment,
    },
  },
  {
    requirement: 'NET-4',
    posture: 'no public address',
    statement: 'NoWayToTheInternet',
    call: { action: 'ec2:AllocateAddress', resource: `arn:aws:ec2:ap-northeast-1:${account}:elastic-ip/eipalloc-1` },
  },
  {
    requirement: 'NET-4',
    posture: 'no instance with a public address',
    statement: 'NoPublicAddress',
    call: {
      action: 'ec2:RunInstances',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:network-interface/eni-1`,
      context: { 'ec2:AssociatePublicIpAddress': 'true' },
    },
  },
  {
    requirement: 'NET-4',
    posture: 'no subnet that gives public addresses',
    statement: 'NoPublicSubnet',
    call: {
      action: 'ec2:ModifySubnetAttribute',
      resource: `arn:aws:ec2:ap-northeast-1:${account}:subnet/subnet-1`,
      by: deployment,
      context: { 'ec2:Attribute/MapPublicIpOnLaunch': 'true' },
    },
  },
  {
    requirement: 'ARC-3',
    posture: 'no peering',
    statement: 'NoOtherNetwork',
    call: { action: 'ec2:CreateVpcPeeringConnection', resource: `arn:aws:ec2:ap-northeast-1:${account}:vpc/vpc-1` },
  },
  {
    requirement: 'NET-2',
    posture: 'no IKEv1',
    statement: 'OnlyIkev2',
    call: vpn({ 'ec2:IKEVersions': ['ikev2', 'ikev1'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no CBC in phase 1',
    statement: 'OnlyGcmPhase1',
    call: vpn({ 'ec2:Phase1EncryptionAlgorithms': ['AES256-GCM-16', 'AES256'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no CBC in phase 2',
    statement: 'OnlyGcmPhase2',
    call: vpn({ 'ec2:Phase2EncryptionAlgorithms': ['AES128'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no SHA-1 in phase 1',
    statement: 'OnlySha2Phase1',
    call: vpn({ 'ec2:Phase1IntegrityAlgorithms': ['SHA1', 'SHA2-256'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no SHA-1 in phase 2',
    statement: 'OnlySha2Phase2',
    call: vpn({ 'ec2:Phase2IntegrityAlgorithms': ['SHA1'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no group 2 in phase 1',
    statement: 'OnlyStrongGroupsPhase1',
    call: vpn({ 'ec2:Phase1DHGroup': ['2', '20'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no group 14 in phase 2',
    statement: 'OnlyStrongGroupsPhase2',
    call: vpn({ 'ec2:Phase2DHGroup': ['14'] }),
  },
  {
    requirement: 'NET-2',
    posture: 'no phase 1 above 8 hours',
    statement: 'ShortLifePhase1',
    call: vpn({ 'ec2:Phase1LifetimeSeconds': '28801' }),
  },
  {
    requirement: 'NET-2',
    posture: 'no phase 2 above 1 hour',
    statement: 'ShortLifePhase2',
    call: vpn({ 'ec2:Phase2LifetimeSeconds': '3601' }),
  },
  {
    requirement: 'NET-2',
    posture: 'no tunnel is changed by hand',
    statement: 'TunnelsChangeByDeploymentOnly',
    call: { action: 'ec2:ModifyVpnTunnelOptions', resource: tunnel, context: strong },
  },
]
