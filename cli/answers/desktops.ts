import { DescribeNetworkInterfacesCommand, EC2Client, type NetworkInterface } from '@aws-sdk/client-ec2'
import { paginateDescribeWorkspaces, WorkSpacesClient } from '@aws-sdk/client-workspaces'
import { BLOCKED_TAG, GRANTED_PREFIX } from '#domain/project/provisioning/resource-names.ts'
import { answer, columns, printable } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, useAws } from '../surroundings.ts'

/** One desktop as AWS shows it. */
export interface DesktopRow {
  readonly id: string
  readonly user: string
  readonly state: string
  readonly project: string
  readonly person: string
  /** databases whose granted set its interface is in */
  readonly granted: readonly string[]
  readonly blocked: boolean
}

/** `renkei desktop list`: what exists, read from WorkSpaces and EC2 themselves. */
export async function listDesktops(options: CommonOptions): Promise<void> {
  configOf(options)
  useAws(options)
  answer(await desktops(), options.json, (rows) =>
    columns(
      ['desktop', 'user', 'state', 'project', 'person', 'may reach', ''],
      rows.map((row) =>
        [row.id, row.user, row.state, row.project, row.person, row.granted.join(' '), row.blocked ? 'BLOCKED' : ''].map(
          printable,
        ),
      ),
      'no desktop',
    ),
  )
}

export async function desktops(): Promise<DesktopRow[]> {
  const interfaces = await interfacesByAddress()
  const rows: DesktopRow[] = []
  for await (const { Workspaces = [] } of paginateDescribeWorkspaces({ client: new WorkSpacesClient({}) }, {})) {
    for (const desktop of Workspaces) {
      const tags = new Map(
        (interfaces.get(desktop.IpAddress ?? '')?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
      )
      rows.push({
        id: desktop.WorkspaceId ?? '',
        user: desktop.UserName ?? '',
        state: desktop.State ?? '',
        project: tags.get('renkei:project') ?? '',
        person: tags.get('renkei:person') ?? '',
        granted: [...tags]
          .filter(([key, value]) => key.startsWith(GRANTED_PREFIX) && value === 'true')
          .map(([key]) => key.slice(GRANTED_PREFIX.length)),
        blocked: tags.get(BLOCKED_TAG) === 'true',
      })
    }
  }
  return rows
}

async function interfacesByAddress(): Promise<Map<string, NetworkInterface>> {
  const ec2 = new EC2Client({})
  const found = new Map<string, NetworkInterface>()
  let NextToken: string | undefined
  do {
    const page = await ec2.send(new DescribeNetworkInterfacesCommand({ NextToken }))
    for (const each of page.NetworkInterfaces ?? []) if (each.PrivateIpAddress) found.set(each.PrivateIpAddress, each)
    NextToken = page.NextToken
  } while (NextToken)
  return found
}
