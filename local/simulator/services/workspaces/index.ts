import {
  DescribeWorkspaceBundles$,
  type ComputeType,
  type DescribeWorkspaceBundlesRequest,
  type DescribeWorkspaceBundlesResult,
} from '@aws-sdk/client-workspaces'
import { operation, type Service } from '#local/simulator/operation.ts'
import { paged } from '#local/simulator/paging.ts'
import { createOperations } from './create.ts'
import { desktopOperations } from './desktops.ts'
import { directoryOperations } from './directories.ts'
import { settingsOperations } from './settings.ts'
import { tagOperations } from './tags.ts'

const describeBundles = operation<DescribeWorkspaceBundlesRequest, DescribeWorkspaceBundlesResult>(
  DescribeWorkspaceBundles$,
  ['BundleIds', 'Owner', 'NextToken'],
  (input, world) => {
    const found = world.workspaces.bundles
      .allSeen()
      .filter((bundle) =>
        input.BundleIds ? input.BundleIds.includes(bundle.BundleId) : (input.Owner ?? world.account) === bundle.Owner,
      )
    const page = paged(found, input.NextToken, undefined, 25, 'InvalidParameterValuesException')
    return {
      Bundles: page.items.map(({ compute, ...bundle }) => ({
        ...bundle,
        ComputeType: { Name: compute as ComputeType['Name'] },
        State: 'AVAILABLE',
        BundleType: 'REGULAR',
      })),
      NextToken: page.NextToken,
    }
  },
)

/** Amazon WorkSpaces (Personal). */
export const workspaces: Service = {
  id: 'workspaces',
  protocol: 'aws-json',
  target: 'WorkspacesService',
  jsonVersion: '1.1',
  throttleCode: 'ThrottlingException',
  throttleStatus: 400,
  faultCode: 'InternalServerException',
  operations: [
    ...directoryOperations,
    ...settingsOperations,
    ...createOperations,
    ...desktopOperations,
    ...tagOperations,
    describeBundles,
  ],
}
