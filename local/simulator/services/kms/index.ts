import type { Service } from '#local/simulator/operation.ts'
import { aliasOperations } from './aliases.ts'
import { grantOperations } from './grants.ts'
import { keyOperations } from './keys.ts'

/** AWS Key Management Service: a key's life, not its cryptography (the emulator has that). */
export const kms: Service = {
  id: 'kms',
  protocol: 'aws-json',
  target: 'TrentService',
  jsonVersion: '1.1',
  throttleCode: 'ThrottlingException',
  throttleStatus: 400,
  faultCode: 'KMSInternalException',
  operations: [...keyOperations, ...aliasOperations, ...grantOperations],
}
