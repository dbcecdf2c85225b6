import {
  DescribeDirectoryDataAccessCommand,
  DisableDirectoryDataAccessCommand,
  EnableDirectoryDataAccessCommand,
} from '@aws-sdk/client-directory-service'
import * as z from 'zod'
import { isNamed, tolerate } from '#lambda/kernel/errors.ts'
import { Refusal, type ResourceContext, type ResourceType } from './resource.ts'
import { waitFor, waitForAbsence } from './wait.ts'

const directoryId = z.string().regex(/^d-[0-9a-f]{10}$/)
const identity = z.looseObject({ DirectoryId: directoryId })
const properties = z.strictObject({
  ServiceToken: z.string().optional(),
  ServiceTimeout: z.string().optional(),
  DirectoryId: directoryId,
})

/** Switches Directory Service Data on for a directory, and off again when it is removed. */
export const directoryDataAccess: ResourceType<z.infer<typeof properties>, z.infer<typeof identity>> = {
  properties,
  identity,
  physicalId: ({ DirectoryId }) => `directory-data-access/${DirectoryId}`,

  async converge({ DirectoryId }, context) {
    let asked = false
    await waitFor(`the data of directory ${DirectoryId} to become reachable`, context, async () => {
      const status = await statusOf(DirectoryId, context)
      if (status === 'Enabled') return status
      if (status === 'Failed' && asked) {
        throw new Refusal(
          `Directory ${DirectoryId} refused data access (status Failed): ` +
            "look at the directory's own state, then deploy again.",
        )
      }
      if (!asked && (status === 'Disabled' || status === 'Failed')) {
        asked = await ask(() =>
          context.clients.directoryService.send(new EnableDirectoryDataAccessCommand({ DirectoryId })),
        )
      }
      return undefined
    })
    return { DirectoryId }
  },

  async remove({ DirectoryId }, context) {
    let asked = false
    await waitForAbsence(`data access of directory ${DirectoryId} to end`, context, async () => {
      try {
        const status = await statusOf(DirectoryId, context)
        if (status === 'Disabled') return true
        if (!asked && (status === 'Enabled' || status === 'Failed')) {
          asked = await ask(() =>
            context.clients.directoryService.send(new DisableDirectoryDataAccessCommand({ DirectoryId })),
          )
        }
        return false
      } catch (error) {
        if (isNamed(error, 'DirectoryDoesNotExistException', 'EntityDoesNotExistException')) return true
        throw error
      }
    })
  },
}

/** Whether the directory has taken the request; one that is busy with the opposite is asked again later. */
async function ask(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await tolerate(['DirectoryInDesiredStateException'], call)
    return true
  } catch (error) {
    if (isNamed(error, 'DirectoryUnavailableException')) return false
    throw error
  }
}

async function statusOf(DirectoryId: string, { clients }: ResourceContext) {
  return (await clients.directoryService.send(new DescribeDirectoryDataAccessCommand({ DirectoryId }))).DataAccessStatus
}
