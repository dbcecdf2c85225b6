import { answer } from '../output.ts'
import { projects, publishedParameters, waitingRemoval } from '../platform-view.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, dateOfLocalAws, useAws } from '../surroundings.ts'
import { desktops } from './desktops.ts'

const tally = (values: readonly string[]) =>
  Object.fromEntries(
    [...new Set(values)].sort().map((value) => [value, values.filter((other) => other === value).length]),
  )
const inWords = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([value, count]) => `${count} ${value}`)
    .join(', ') || 'none'

/** `renkei status`: what is deployed, and how many projects and desktops are in which state. */
export async function status(options: CommonOptions): Promise<void> {
  const config = configOf(options)
  const aws = useAws(options)
  const parameters = await publishedParameters(config.environment)
  const found = parameters.size > 0 ? await projects(config.environment) : []
  answer(
    {
      environment: config.environment,
      aws,
      movedClock: dateOfLocalAws(options),
      deployed: [...new Set([...parameters.keys()].map((name) => name.split('/')[0]!))].sort(),
      databases: config.databases.map(({ id }) => id),
      projects: tally(found.map((project) => project.status)),
      desktops: tally(parameters.size > 0 ? (await desktops()).map(({ state }) => state) : []),
      heldRemovals: found
        .map((project) => ({ projectId: project.projectId, digest: waitingRemoval(project) }))
        .filter(({ digest }) => digest !== undefined),
    },
    options.json,
    (now) =>
      [
        `environment    ${now.environment} on ${now.aws}`,
        ...(now.movedClock ? [`clock          the platform believes it is ${now.movedClock}`] : []),
        `deployed       ${now.deployed.join(', ') || 'nothing'}`,
        `databases      ${now.databases.join(', ')}`,
        `projects       ${inWords(now.projects)}`,
        `desktops       ${inWords(now.desktops)}`,
        ...now.heldRemovals.map(({ projectId, digest }) => `waits for two  removal ${digest} of project ${projectId}`),
      ].join('\n'),
  )
}
