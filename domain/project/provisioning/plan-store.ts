import { canonicalJson } from '#domain/ledger/canonical.ts'
import type { Desired } from './desired.ts'
import type { PlanBuilder } from './plan-builder.ts'
import { projectTags } from './resource-names.ts'
import type { Observed, ObservedFileSystem, ObservedGroup, ObservedKey } from './observed.ts'
import { fileSystemPolicy } from './policies.ts'

/**
 * POSIX user and group of everybody in a project; above the system's own, and the same in every project since stores
 * are apart.
 */
const POSIX_ID = 20_000
const ACCESS_POINT_PATH = '/project'

/**
 * The project's file system under its key (CRY-3): file system → policy → access point → mount targets. No mount target
 * is made before the policy stands, because a file system without one lets any client in. Gives it once all of it is
 * available.
 */
export function planStore(
  desired: Desired,
  observed: Observed,
  key: ObservedKey,
  store: ObservedGroup | undefined,
  builder: PlanBuilder,
): ObservedFileSystem | undefined {
  const found = builder.value('the file system', observed.fileSystem)
  if (found === undefined) return undefined
  const {
    platform: { environment, cell },
    projectId,
    names,
  } = desired
  const tags = projectTags(environment, projectId)
  const fileSystem = found.value
  if (fileSystem === undefined) {
    builder.add({ type: 'CreateFileSystem', creationToken: names.creationToken, keyArn: key.arn, tags }, projectId)
    return undefined
  }
  const { id } = fileSystem
  if (fileSystem.keyArn !== key.arn) {
    builder.raise({ kind: 'file-system', id })
    return builder.wait(`file system ${id} is not under the project's key; an operator decides what becomes of it`)
  }
  if (fileSystem.state !== 'available') return builder.wait(`file system ${id} is ${fileSystem.state}`)
  const before: string[] = []
  if (!samePolicy(fileSystem.policy, fileSystemPolicy())) {
    before.push(builder.add({ type: 'PutFileSystemPolicy', fileSystemId: id, policy: fileSystemPolicy() }, id))
  }
  const accessPoint = fileSystem.accessPoints.find(
    ({ clientToken, state }) => clientToken === names.creationToken && state !== 'deleting',
  )
  for (const other of fileSystem.accessPoints) {
    if (other !== accessPoint && other.state !== 'deleting') builder.raise({ kind: 'access-point', id: other.id })
  }
  if (accessPoint === undefined) {
    before.push(
      builder.add(
        {
          type: 'CreateAccessPoint',
          fileSystemId: id,
          clientToken: names.creationToken,
          posixId: POSIX_ID,
          path: ACCESS_POINT_PATH,
          tags,
        },
        id,
        { after: [...before] },
      ),
    )
  }
  const targets = cell.storageSubnetIds.map((subnetId) =>
    fileSystem.mountTargets.find((target) => target.subnetId === subnetId),
  )
  cell.storageSubnetIds.forEach((subnetId, index) => {
    if (targets[index] === undefined && store !== undefined) {
      builder.add({ type: 'CreateMountTarget', fileSystemId: id, subnetId, groupId: store.id }, subnetId, {
        after: before,
      })
    }
  })
  const parts = [accessPoint, ...targets]
  const pending = parts.filter((part) => part !== undefined && part.state !== 'available')
  if (pending.length > 0) builder.wait(`${pending.map((part) => `${part?.id} is ${part?.state}`).join(', ')}`)
  return before.length === 0 && parts.every((part) => part?.state === 'available') ? fileSystem : undefined
}

/**
 * Whether two policies say the same, however AWS wrote them down: order, one value or a list of one, and the resource
 * (a file-system policy speaks of its own file system only) do not matter.
 */
export function samePolicy(a: unknown, b: unknown): boolean {
  return typeof a === 'object' && a !== null && meaning(a) === meaning(b)
}

function meaning(policy: unknown): string {
  const statements = list((policy as { Statement?: unknown }).Statement) as Record<string, unknown>[]
  return statements
    .map(({ Resource: _, Action, Condition, ...rest }) =>
      canonicalJson({
        ...rest,
        Action: list(Action).map(String).sort(),
        Condition: Object.fromEntries(
          Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>).map(([operator, tests]) => [
            operator,
            Object.fromEntries(Object.entries(tests).map(([name, value]) => [name, list(value).map(String).sort()])),
          ]),
        ),
      }),
    )
    .sort()
    .join('\n')
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])
