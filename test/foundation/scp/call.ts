/** The account that the policies guard. */
export const account = '111111111111'

export const operator = `arn:aws:iam::${account}:role/Operator`
export const deployment = `arn:aws:iam::${account}:role/cdk-hnb659fds-cfn-exec-role-${account}-ap-northeast-1`
export const reconciler = `arn:aws:iam::${account}:role/Renkei-production-control-ReconcileRole`

/** A call of AWS as a policy sees it; made by an operator in Tokyo unless told otherwise. */
export interface Call {
  readonly action: string
  readonly resource?: string
  readonly by?: string
  readonly region?: string
  readonly context?: Record<string, string | string[]>
}

export const key = `arn:aws:kms:ap-northeast-1:${account}:key/11111111-2222-3333-4444-555555555555`
export const ofProject = { 'aws:ResourceTag/renkei:managed': 'provisioner' }
export const tunnel = `arn:aws:ec2:ap-northeast-1:${account}:vpn-connection/vpn-1234567890abcdef0`
/** Tunnel options as the platform sets them. */
export const strong: Record<string, string | string[]> = {
  'ec2:IKEVersions': ['ikev2'],
  'ec2:Phase1EncryptionAlgorithms': ['AES256-GCM-16'],
  'ec2:Phase2EncryptionAlgorithms': ['AES256-GCM-16', 'AES128-GCM-16'],
  'ec2:Phase1IntegrityAlgorithms': ['SHA2-384'],
  'ec2:Phase2IntegrityAlgorithms': ['SHA2-256'],
  'ec2:Phase1DHGroup': ['20', '21'],
  'ec2:Phase2DHGroup': ['19'],
  'ec2:Phase1LifetimeSeconds': '28800',
  'ec2:Phase2LifetimeSeconds': '3600',
}
/** A deployment makes a VPN connection, with changed options of its tunnels. */
export const vpn = (change: Record<string, string | string[]> = {}): Call => ({
  action: 'ec2:CreateVpnConnection',
  resource: tunnel,
  by: deployment,
  context: { ...strong, ...change },
})
export const archive = 'arn:aws:s3:::renkei-production-archive-222222222222-ap-northeast-1'
export const role = `arn:aws:iam::${account}:role/Renkei-production-control-ReconcileRole`

/** A call that only one statement refuses: without that statement it would pass. */
export interface RefusedCall {
  readonly requirement: string
  readonly posture: string
  readonly statement: string
  readonly call: Call
}

export type PermittedCall = Omit<RefusedCall, 'statement'>
