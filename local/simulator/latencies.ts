import type { ServiceId } from './service-id.ts'

const second = 1_000
const minute = 60 * second

/** How long things take, in virtual milliseconds. */
export interface Latencies {
  /** one call, there and back */
  readonly call: number
  readonly registerDirectory: number
  readonly deregisterDirectory: number
  readonly createWorkspace: number
  readonly terminateWorkspace: number
  readonly startStopWorkspace: number
  readonly enableDirectoryData: number
  readonly createFileSystem: number
  readonly deleteFileSystem: number
  readonly createAccessPoint: number
  readonly createMountTarget: number
  readonly deleteMountTarget: number
  readonly vpnAttachment: number
  readonly flowOperation: number
}

/**
 * Where documentation gives a figure it is named; the others are experience, chosen so that code that does not wait
 * fails. A desktop is PENDING for about 20 minutes, up to an hour with an encrypted root volume (WorkSpaces
 * administration guide).
 */
export const defaultLatencies: Latencies = {
  call: 50,
  registerDirectory: 5 * minute,
  deregisterDirectory: 2 * minute,
  createWorkspace: 20 * minute,
  terminateWorkspace: 5 * minute,
  startStopWorkspace: 3 * minute,
  enableDirectoryData: 3 * minute,
  createFileSystem: 10 * second,
  deleteFileSystem: 10 * second,
  createAccessPoint: 5 * second,
  createMountTarget: 90 * second,
  deleteMountTarget: 60 * second,
  vpnAttachment: 3 * minute,
  flowOperation: 10 * second,
}

/** How far behind the truth the describes of a service may be, in virtual milliseconds. */
export type Lags = Readonly<Record<ServiceId, number>>

/**
 * WorkSpaces: "the identifier returned is not immediately available for use with other operations" (CreateWorkspaces,
 * PendingRequests). Resource groups follow tags after an undocumented while: an assumption.
 */
export const defaultLags: Lags = {
  ec2: 0,
  workspaces: 2 * second,
  'directory-service': 0,
  'directory-service-data': 0,
  efs: 0,
  kms: 0,
  'network-firewall': 0,
  'resource-groups': 5 * second,
  'service-quotas': 0,
}
