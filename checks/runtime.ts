import { Stack, type Stage } from 'aws-cdk-lib'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderTemplate, type RenderedTemplate } from '#domain/project/provisioning/render.ts'
import { desiredOf, type PublishedPlatform } from '#domain/project/provisioning/desired.ts'
import type { Project } from '#domain/project/state.ts'
import type { Config } from '#lib/kernel/config/load.ts'

/**
 * The construct id of the stack that stands for what the provisioner makes. It is judged with the others and never
 * deployed.
 */
export const RUNTIME_STACK = 'runtime'

/**
 * Adds what the provisioner will make for one project to the platform that is judged, as `plan()` orders it, so that
 * every check judges it by the same rules (C-8). The project is the largest the configuration allows of what may
 * differ: every database, a full team.
 */
export function addRuntimeStack(stage: Stage, config: Config, folder: string): void {
  const file = join(folder, 'runtime.json')
  writeFileSync(file, JSON.stringify(runtimeTemplate(config)))
  const stack = new Stack(stage, RUNTIME_STACK, { env: { account: config.accounts.workload, region: config.region } })
  new CfnInclude(stack, 'Project', { templateFile: file })
}

/** Ids of the form AWS gives; no resource has them. */
const sample = (prefix: string, number: number) => `${prefix}-${number.toString(16).padStart(17, '0')}`

/** What `plan()` makes of a sample project in the first cell. */
export function runtimeTemplate(config: Config): RenderedTemplate {
  const platform: PublishedPlatform = {
    environment: config.environment,
    account: config.accounts.workload,
    region: config.region,
    cell: {
      vpcId: sample('vpc', 1),
      desktopSubnetIds: [sample('subnet', 1), sample('subnet', 2)],
      storageSubnetIds: [sample('subnet', 3), sample('subnet', 4)],
      directoryId: 'd-9567000001',
      membersGroupId: sample('sg', 1),
      quarantineGroupId: sample('sg', 2),
    },
    bundleId: config.desktop.bundleId,
    rootVolumeGib: config.desktop.rootVolumeGib,
    userVolumeGib: config.desktop.userVolumeGib,
    databases: Object.fromEntries(
      config.databases.map(({ id, service }, index) => [
        id,
        { prefixListId: sample('pl', index + 1), port: service.port },
      ]),
    ),
  }
  return renderTemplate(desiredOf(sampleProject(config), platform, during), during)
}

const during = '2026-06-15T03:00:00.000Z'

function sampleProject(config: Config): Project {
  return {
    status: 'open',
    projectId: 'P-SAMPLE-1',
    applicationId: 'A-SAMPLE-1',
    databases: config.databases.map(({ id }) => id),
    handlers: Array.from({ length: config.capacity.handlersPerProject }, (_, index) => ({
      personId: `person-${index + 1}`,
      organisation: 'Sample Institute',
    })),
    suspendedPersons: [],
    cell: 1,
    from: '2026-06-01',
    until: '2026-06-30',
    named: [],
    approvals: {},
    heldRemoval: undefined,
    exists: [],
    destroyed: [],
  }
}
