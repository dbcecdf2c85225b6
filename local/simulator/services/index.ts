import type { Service } from '../operation.ts'
import { directoryServiceData } from './directory-data/index.ts'
import { directoryService } from './directory/index.ts'
import { ec2 } from './ec2/index.ts'
import { efs } from './efs/index.ts'
import { networkFirewall } from './firewall/index.ts'
import { resourceGroups } from './firewall/resource-groups.ts'
import { kms } from './kms/index.ts'
import { serviceQuotas } from './quotas/index.ts'
import { workspaces } from './workspaces/index.ts'

/** Every service the simulator answers for. */
export const services: readonly Service[] = [
  ec2,
  workspaces,
  directoryService,
  directoryServiceData,
  efs,
  kms,
  networkFirewall,
  resourceGroups,
  serviceQuotas,
]
