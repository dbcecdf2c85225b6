import type { Bilingual } from '#domain/kernel/refusal.ts'
import type { Config } from '#lib/kernel/config/load.ts'
import type { Database } from '#lib/kernel/config/schema.ts'
import { ciscoKit } from './cisco.ts'
import { kitData, type KitFile } from './kit.ts'
import { sheet } from './sheet.ts'
import { strongswanKit } from './strongswan.ts'
import { yamahaKit } from './yamaha.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/** Devices for which Renkei writes a configuration of its own. */
export const KIT_DEVICES = ['strongswan', 'yamaha-rtx', 'cisco-ios-xe'] as const
type KitDevice = (typeof KIT_DEVICES)[number]
type Device = Database['peer']['device']

const WRITERS: Readonly<Record<KitDevice, typeof strongswanKit>> = {
  strongswan: strongswanKit,
  'yamaha-rtx': yamahaKit,
  'cisco-ios-xe': ciscoKit,
}

/** What a holder must know of a device before anything else. */
const WARNINGS: Readonly<Partial<Record<Device, Bilingual>>> = {
  'yamaha-rtx': {
    ja:
      'ヤマハ RTX は IKEv2 で AES-GCM とグループ 15 以上に対応せず(コマンドリファレンス 15.22、15.24)、' +
      'NET-2 を満たせない。トンネルは strongSwan で終端し、RTX はその後ろに置く。',
    en:
      'A Yamaha RTX offers neither AES-GCM nor a group of 15 or more in IKEv2 (command reference, 15.22 and 15.24), ' +
      'so it cannot meet NET-2. The tunnels end on strongSwan, with the RTX behind it.',
  },
}

/** Which kit, and what is known beside the configuration. */
export interface KitInput {
  /** The device at the holder's. */
  readonly device: Device
  /** AWS's outside addresses, where they could be looked up */
  readonly outside?: readonly [string, string]
  /** AWS's own sample for the connection, keys already taken out: the configuration of any other device */
  readonly sample?: string
}

/** The whole kit of one database: the device's configuration and the sheet in both languages. Throws `Obstacle`. */
export function gatewayKit(config: Config, database: Database, { device, outside, sample }: KitInput): KitFile[] {
  const data = kitData(config, database, outside)
  const files = device === 'other' ? [otherDevice(database, sample)] : WRITERS[device](data)
  const input = { data: data, device, files: files.map(({ path }) => path), warning: WARNINGS[device] }
  return [
    ...files,
    ...(['ja', 'en'] as const).map((language) => ({
      path: `sheet.${language}.md`,
      text: sheet(input, language),
    })),
  ]
}

function otherDevice({ id }: Database, sample: string | undefined): KitFile {
  if (sample === undefined)
    throw new Obstacle({
      code: 'gateway-kit.no-sample',
      what: `${id}: no kit for device "other"`,
      why: "its configuration is AWS's own sample for the connection, which only the account has",
      next:
        `with credentials of the workload account: ./renkei database kit ${id} --device other --live; ` +
        `or choose ${KIT_DEVICES.join(', ')}`,
    })
  return { path: `aws-sample-${id.toLowerCase()}.txt`, text: sample }
}

/** A word that is a key, in AWS's samples: what stands last on a line that speaks of one. */
const SPEAKS_OF_A_KEY = /pre-?\s?shared[-_ ]?key|\bpsk\b|shared[-_ ]?secret|\bsecret\b/i

/**
 * Takes pre-shared keys out of AWS's sample: the keys that are known, and the last word of every line that speaks of
 * one. Better a word too many than a key in a file.
 */
export function withoutKeys(sample: string, known: readonly string[] = []): string {
  return sample
    .split('\n')
    .map((line) => {
      const cleaned = known
        .filter((key) => key.length > 0)
        .reduce((text, key) => text.replaceAll(key, '@@PRE_SHARED_KEY@@'), line)
      return SPEAKS_OF_A_KEY.test(cleaned)
        ? cleaned.replace(/(["']?)[^\s"':=<>]{8,}\1(\s*[;<].*)?\s*$/, '@@PRE_SHARED_KEY@@$2')
        : cleaned
    })
    .join('\n')
}
