/**
 * The SSM parameters under `/renkei/<env>/…`: the only thing that passes between stacks (docs/architecture.md, Planes).
 * A stack publishes what it owns and consumes what others own, by these names; functions and commands read by them too.
 */
export const parameterNames = {
  keyArn: (purpose: KeyPurpose) => `foundation/key/${purpose}`,
  accessLogBucket: () => 'foundation/access-log-bucket',
  configBucket: () => 'foundation/config-bucket',
  alarmTopicArn: () => 'foundation/alarm-topic',
  backupVaultName: () => 'foundation/backup-vault',
  backupPlanId: () => 'foundation/backup-plan',
  securityServices: () => 'detection/security-services',
  transitGatewayId: () => 'hub/transit-gateway',
  transitGatewayRouteTable: (table: 'visiting' | 'firewall' | 'databases') => `hub/route-table/${table}`,
  firewallArn: () => 'hub/firewall',
  firewallAttachmentId: () => 'hub/firewall-attachment',
  blockedGroupName: () => 'hub/blocked-group',
  networkProviderArn: () => 'hub/network-provider',
  prefixListId: (database: string) => `link/${database}/prefix-list`,
  grantedGroupName: (database: string) => `link/${database}/granted-group`,
  presentedCidr: (database: string) => `link/${database}/presented-cidr`,
  servicePort: (database: string) => `link/${database}/service-port`,
  vpnConnectionId: (database: string) => `link/${database}/vpn-connection`,
  cellVpcId: (cell: number) => `visiting/${cell}/vpc`,
  cellDesktopSubnetIds: (cell: number) => `visiting/${cell}/desktop-subnets`,
  cellStorageSubnetIds: (cell: number) => `visiting/${cell}/storage-subnets`,
  cellDirectoryId: (cell: number) => `visiting/${cell}/directory`,
  cellMembersGroupId: (cell: number) => `visiting/${cell}/members-group`,
  cellQuarantineGroupId: (cell: number) => `visiting/${cell}/quarantine-group`,
  cellStorageGroupId: (cell: number) => `visiting/${cell}/storage-group`,
  cellDirectoryDomain: (cell: number) => `visiting/${cell}/directory-domain`,
  desktopBundleId: () => 'visiting/bundle',
  /**
   * JSON of `PublishedDatabase`, read at run time; the database's own stack publishes it: adding one changes no other
   */
  publishedDatabase: (database: string) => `database/${database}`,
  /** JSON of `CellCapacity`; published by the cell's own stack (read at run time) */
  publishedCell: (cell: number) => `cell/${cell}`,
  /** of the way in from terminals (NET-3): nothing publishes it until terminals are built */
  clientVpnEndpointId: () => 'terminals/client-vpn',
  apiUrl: () => 'control/api-url',
  apiId: () => 'control/api-id',
  userPoolId: () => 'control/user-pool',
  userPoolClientId: () => 'control/user-pool-client',
  federatedClientId: () => 'edge/user-pool-client',
  ledgerTableName: () => 'control/ledger-table',
  viewTableName: () => 'control/view-table',
  receiptKeyArn: () => 'control/receipt-key',
  reconcileQueueUrl: () => 'control/reconcile-queue',
  suspendQueueUrl: () => 'control/suspend-queue',
} as const

/** One customer-managed key a purpose (CRY-3); a project's own key is made by the provisioner. */
export type KeyPurpose = 'logs' | 'ledger' | 'secrets' | 'queues' | 'backup' | 'alarms'

export const parameterPath = (environment: string, name: string) => `/renkei/${environment}/${name}`
