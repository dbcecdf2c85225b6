import { join, resolve } from 'node:path'
import {
  DescribeVpnConnectionsCommand,
  EC2Client,
  GetVpnConnectionDeviceSampleConfigurationCommand,
  GetVpnConnectionDeviceTypesCommand,
} from '@aws-sdk/client-ec2'
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Database } from '#lib/kernel/config/schema.ts'
import { gatewayKit, KIT_DEVICES, withoutKeys, type KitInput } from '#lib/network/gateway-kits/kits.ts'
import { parameterNames, parameterPath } from '#domain/kernel/parameter-names.ts'
import { writeInFolder } from '../files.ts'
import { answer } from '../output.ts'
import type { CommonOptions } from '../command.ts'
import { configOf, useAws } from '../surroundings.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

export interface KitOptions extends CommonOptions {
  readonly device?: string
  readonly out?: string
  readonly live?: boolean
}

/** `renkei database kit <DB>`: configuration of the holder's gateway and connection sheet, written into a folder. */
export async function writeKit(name: string, options: KitOptions): Promise<void> {
  const config = configOf(options)
  const database = config.databases.find(({ id }) => id === name)
  if (!database)
    throw new Obstacle({
      code: 'cli.unknown-database',
      what: `no database ${JSON.stringify(name)}`,
      why: `config/${options.env}.yaml has ${config.databases.map(({ id }) => id).join(', ')}`,
      next: `./renkei database kit ${config.databases[0]!.id}`,
    })
  const device = deviceOf(options, database)
  const files = gatewayKit(config, database, {
    device,
    ...(options.live ? await lookUp(config, database, device, options) : {}),
  })
  const folder = resolve(options.out ?? join('kits', options.env, database.id))
  for (const { path, text } of files) writeInFolder(join(folder, path), text)
  answer({ database: database.id, device, folder, files: files.map(({ path }) => path) }, options.json, (kit) =>
    [
      `${kit.database} for ${kit.device}: ${kit.folder}`,
      ...kit.files.map((file) => `  ${file}`),
      '',
      'Keys are not in these files; sheet.en.md and sheet.ja.md say where they are.',
      ...(device === 'yamaha-rtx'
        ? [
            'A Yamaha RTX cannot end the tunnel (no AES-GCM in IKEv2): ' +
              'the kit puts strongSwan in front of it, see the sheet.',
          ]
        : []),
    ].join('\n'),
  )
}

function deviceOf({ device }: KitOptions, database: Database): KitInput['device'] {
  const chosen = device ?? database.peer.device
  const known = [...KIT_DEVICES, 'other'] as const
  const found = known.find((each) => each === chosen)
  if (!found)
    throw new Obstacle({
      code: 'cli.unknown-device',
      what: `--device ${JSON.stringify(chosen)}`,
      why: 'there is no kit for it',
      next: known.join(', '),
    })
  return found
}

/**
 * What only the account knows: outside addresses, and for any other device AWS's sample. The keys are not asked for,
 * and none is kept.
 */
async function lookUp(
  config: Config,
  database: Database,
  device: KitInput['device'],
  options: KitOptions,
): Promise<Pick<KitInput, 'outside' | 'sample'>> {
  const aws = useAws(options)
  const name = parameterPath(config.environment, parameterNames.vpnConnectionId(database.id))
  const { Parameter } = await new SSMClient({}).send(new GetParameterCommand({ Name: name }))
  const ec2 = new EC2Client({})
  const { VpnConnections } = await ec2.send(
    new DescribeVpnConnectionsCommand({ VpnConnectionIds: [Parameter?.Value ?? ''] }),
  )
  const tunnels = VpnConnections?.[0]?.Options?.TunnelOptions ?? []
  const [first, second] = tunnels.map(({ OutsideIpAddress }) => OutsideIpAddress)
  if (!first || !second)
    throw new Obstacle({
      code: 'cli.no-outside-addresses',
      what: `${database.id}: no outside addresses`,
      why: `the connection ${Parameter?.Value ?? 'of this database'} has ${tunnels.length} tunnels on ${aws}`,
      next: 'wait until the connection is available, or leave --live out',
    })
  if (device !== 'other') return { outside: [first, second] }
  const { VpnConnectionDeviceTypes } = await ec2.send(new GetVpnConnectionDeviceTypesCommand({}))
  const generic = VpnConnectionDeviceTypes?.find(({ Vendor }) => Vendor === 'Generic')
  const { VpnConnectionDeviceSampleConfiguration } = await ec2.send(
    new GetVpnConnectionDeviceSampleConfigurationCommand({
      VpnConnectionId: Parameter!.Value!,
      VpnConnectionDeviceTypeId: generic?.VpnConnectionDeviceTypeId,
      InternetKeyExchangeVersion: 'ikev2',
    }),
  )
  return {
    outside: [first, second],
    sample: withoutKeys(
      VpnConnectionDeviceSampleConfiguration ?? '',
      tunnels.flatMap(({ PreSharedKey }) => PreSharedKey ?? []),
    ),
  }
}
