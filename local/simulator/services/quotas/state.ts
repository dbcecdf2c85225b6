export interface Quota {
  readonly service: string
  readonly code: string
  readonly name: string
  readonly value: number
  readonly adjustable: boolean
}

/** AWS's defaults. Source: the "endpoints and quotas" page of each service in the AWS General Reference. */
export const defaultQuotas: readonly Quota[] = [
  { service: 'workspaces', code: 'L-34278094', name: 'WorkSpaces', value: 1, adjustable: true },
  { service: 'vpc', code: 'L-E79EC296', name: 'VPC security groups per Region', value: 2_500, adjustable: true },
  {
    service: 'vpc',
    code: 'L-0EA8095F',
    name: 'Inbound or outbound rules per security group',
    value: 60,
    adjustable: true,
  },
  { service: 'vpc', code: 'L-2AFB9258', name: 'Security groups per network interface', value: 5, adjustable: true },
  { service: 'vpc', code: 'L-DF5E4CA3', name: 'Network interfaces per Region', value: 5_000, adjustable: true },
  {
    service: 'elasticfilesystem',
    code: 'L-848C634D',
    name: 'File systems per account',
    value: 1_000,
    adjustable: true,
  },
]

/** Quotas raised in a new simulated account: a real one starts with 1 WorkSpace. */
export const raisedQuotas: readonly (readonly [key: string, value: number])[] = [['workspaces/L-34278094', 1_000]]
