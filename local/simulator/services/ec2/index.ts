import type { Service } from '#local/simulator/operation.ts'
import { clientVpnOperations } from './client-vpn.ts'
import { interfaceOperations } from './interfaces.ts'
import { networkOperations } from './network.ts'
import { ruleOperations } from './rules.ts'
import { groupOperations } from './security-groups.ts'
import { fixedResourceOperations } from './fixed.ts'
import { tagOperations } from './tags.ts'
import { transitOperations } from './transit.ts'

/** Amazon EC2: the part of it that the platform calls. */
export const ec2: Service = {
  id: 'ec2',
  protocol: 'ec2-query',
  throttleCode: 'RequestLimitExceeded',
  throttleStatus: 503,
  faultCode: 'InternalError',
  operations: [
    ...groupOperations,
    ...ruleOperations,
    ...interfaceOperations,
    ...tagOperations,
    ...networkOperations,
    ...transitOperations,
    ...clientVpnOperations,
    ...fixedResourceOperations,
  ],
}
