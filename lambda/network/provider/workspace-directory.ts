import {
  DeregisterWorkspaceDirectoryCommand,
  DescribeTagsCommand,
  DescribeWorkspaceDirectoriesCommand,
  RegisterWorkspaceDirectoryCommand,
  type WorkspaceDirectory,
} from '@aws-sdk/client-workspaces'
import * as z from 'zod'
import { isNamed, tolerate } from '#lambda/kernel/errors.ts'
import { Refusal, type ResourceContext, type ResourceType } from './resource.ts'
import { differences, directoryProperties, type DirectoryProperties } from './workspace-directory-settings.ts'
import { waitFor, waitForAbsence } from './wait.ts'

const identity = z.looseObject({ DirectoryId: z.string().regex(/^d-[0-9a-f]{10}$/) })

/** On a registered directory: the custom resource that registered it, and only that one may deregister it (C-11). */
const OWNER_TAG = 'renkei:registered-by'

/**
 * The whole account shares two WorkSpaces calls a second (docs/aws-behaviour.md, WorkSpaces), and suspending a person
 * must not wait for a deployment (VIS-7).
 */
const PAUSE_MILLISECONDS = 1_000

/** Registers a directory with WorkSpaces, sets all its settings, waits until every one is seen in force. */
export const workspaceDirectory: ResourceType<DirectoryProperties, z.infer<typeof identity>> = {
  properties: directoryProperties,
  identity,
  physicalId: ({ DirectoryId }) => `workspace-directory/${DirectoryId}`,

  async converge(properties, context) {
    const { DirectoryId } = properties
    await register(properties, context)
    await refuseForeign(DirectoryId, context)
    const directory = await waitFor(`the settings of directory ${DirectoryId} to be in force`, context, async () => {
      const seen = await describe(DirectoryId, context)
      if (seen === undefined) return undefined
      const changes = differences(properties, seen)
      for (const change of changes) {
        await context.clock.sleep(PAUSE_MILLISECONDS)
        await change.apply(context.clients.workspaces)
      }
      return changes.length === 0 ? seen : undefined
    })
    if (!directory.WorkspaceSecurityGroupId) {
      throw new Refusal(
        `WorkSpaces made no members group for ${DirectoryId}, so its egress cannot be narrowed: ` +
          'open a support case before any desktop is made.',
      )
    }
    return {
      DirectoryId,
      MembersSecurityGroupId: directory.WorkspaceSecurityGroupId,
      RegistrationCode: directory.RegistrationCode ?? '',
    }
  },

  async remove({ DirectoryId }, context) {
    let asked = false
    await waitForAbsence(`directory ${DirectoryId} to be deregistered`, context, async () => {
      const directory = await describe(DirectoryId, context)
      if (directory === undefined || directory.State === 'DEREGISTERED') return true
      if (asked || directory.State === 'DEREGISTERING' || directory.State === 'REGISTERING') return false
      if ((await ownerOf(DirectoryId, context)) !== context.owner) return true
      try {
        await tolerate(['ResourceNotFoundException'], () =>
          context.clients.workspaces.send(new DeregisterWorkspaceDirectoryCommand({ DirectoryId })),
        )
        asked = true
        return false
      } catch (error) {
        if (!isNamed(error, 'InvalidResourceStateException', 'OperationNotSupportedException')) throw error
        throw new Refusal(
          `Directory ${DirectoryId} still has desktops, and none is ever deleted by a stack (C-11): ` +
            `end their projects first, then delete again. (${(error as Error).message})`,
        )
      }
    })
  },
}

/** Registers the directory unless it is, and waits for it. */
async function register(properties: DirectoryProperties, context: ResourceContext): Promise<void> {
  const { DirectoryId, SubnetIds } = properties
  let asked = false
  await waitFor(`directory ${DirectoryId} to be registered with WorkSpaces`, context, async () => {
    const directory = await describe(DirectoryId, context)
    switch (directory?.State) {
      case 'REGISTERED':
        if (!sameSubnets(directory.SubnetIds, SubnetIds)) {
          throw new Refusal(
            `Directory ${DirectoryId} is registered in ${directory.SubnetIds?.join(', ')}, not in ` +
              `${SubnetIds.join(', ')}: ` +
              'subnets of a registered directory cannot change. Make a new cell with the new subnets instead.',
          )
        }
        return directory
      case 'ERROR':
        throw new Refusal(
          `WorkSpaces could not register ${DirectoryId}: ${directory.ErrorMessage ?? 'it gives no reason'}. ` +
            "Check the role workspaces_DefaultRole and the two subnets' zones, deregister the directory, " +
            'then deploy again.',
        )
      case 'REGISTERING':
      case 'DEREGISTERING':
        return undefined
      default:
        if (asked) return undefined
        await tolerate(['ResourceAlreadyExistsException'], () =>
          context.clients.workspaces.send(
            new RegisterWorkspaceDirectoryCommand({
              DirectoryId,
              SubnetIds,
              EnableSelfService: false,
              Tags: [...(properties.Tags ?? []), { Key: OWNER_TAG, Value: context.owner }],
            }),
          ),
        )
        asked = true
        return undefined
    }
  })
}

async function refuseForeign(DirectoryId: string, context: ResourceContext): Promise<void> {
  const owner = await ownerOf(DirectoryId, context)
  if (owner === context.owner) return
  throw new Refusal(
    `Directory ${DirectoryId} was registered by ${owner ?? 'something else'}, not by ${context.owner}: ` +
      `deregister it there, or tag it ${OWNER_TAG}=${context.owner} to hand it over.`,
  )
}

async function ownerOf(DirectoryId: string, { clients }: ResourceContext): Promise<string | undefined> {
  const { TagList } = await clients.workspaces.send(new DescribeTagsCommand({ ResourceId: DirectoryId }))
  return TagList?.find(({ Key }) => Key === OWNER_TAG)?.Value
}

async function describe(DirectoryId: string, { clients }: ResourceContext): Promise<WorkspaceDirectory | undefined> {
  const answer = await tolerate(['ResourceNotFoundException'], () =>
    clients.workspaces.send(new DescribeWorkspaceDirectoriesCommand({ DirectoryIds: [DirectoryId] })),
  )
  return answer?.Directories?.[0]
}

const sameSubnets = (a: readonly string[] = [], b: readonly string[]) =>
  a.length === b.length && b.every((subnet) => a.includes(subnet))
