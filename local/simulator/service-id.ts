/** The services that the simulator answers for. */
export type ServiceId =
  | 'ec2'
  | 'workspaces'
  | 'directory-service'
  | 'directory-service-data'
  | 'efs'
  | 'kms'
  | 'network-firewall'
  | 'resource-groups'
  | 'service-quotas'
