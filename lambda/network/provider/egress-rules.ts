import type { IpPermission } from '@aws-sdk/client-ec2'

/**
 * Egress rules as a set of words, one target a word: `tcp:443-443=10.0.0.0/8`, `-1=0.0.0.0/0`, `udp:53-53=sg-0abc`,
 * `tcp:80-80=pl-0abc`. The words use only characters that every AWS tag accepts, so that a group can carry its own
 * original rules. Descriptions are not kept: WorkSpaces writes none.
 */
export function toWords(permissions: readonly IpPermission[]): string[] {
  return [
    ...new Set(
      permissions.flatMap((permission) => {
        const protocol = permission.IpProtocol ?? '-1'
        const ports = protocol === '-1' ? '' : `:${permission.FromPort ?? -1}-${permission.ToPort ?? -1}`
        const targets = [
          ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
          ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
          ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
          ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
        ]
        return targets.map((target) => `${protocol}${ports}=${target}`)
      }),
    ),
  ].toSorted()
}

const WORD = /^(?<protocol>[a-z0-9-]+?)(?::(?<from>-?\d+)-(?<to>-?\d+))?=(?<target>\S+)$/

/** The rule that a word of `toWords` stands for. */
export function toPermission(word: string): IpPermission {
  const { protocol, from, to, target } = (WORD.exec(word)?.groups ?? {}) as {
    protocol?: string
    from?: string
    to?: string
    target?: string
  }
  if (protocol === undefined || target === undefined)
    throw new Error(`"${word}" is not an egress rule: it should read like tcp:443-443=10.0.0.0/8`)
  const permission: IpPermission = {
    IpProtocol: protocol,
    ...(from === undefined ? {} : { FromPort: Number(from), ToPort: Number(to) }),
  }
  if (target.startsWith('sg-')) return { ...permission, UserIdGroupPairs: [{ GroupId: target }] }
  if (target.startsWith('pl-')) return { ...permission, PrefixListIds: [{ PrefixListId: target }] }
  if (target.includes(':')) return { ...permission, Ipv6Ranges: [{ CidrIpv6: target }] }
  return { ...permission, IpRanges: [{ CidrIp: target }] }
}

/** A tag value holds 256 characters (EC2 user guide, "Tag restrictions"). */
const TAG_VALUE_LENGTH = 256
export const ORIGINALS_TAG = 'renkei:original-egress'

/** The originals as tags of the group: `renkei:original-egress.0`, `.1`, …, words separated by spaces. */
export function toTags(words: readonly string[]): { Key: string; Value: string }[] {
  const values: string[] = ['']
  for (const word of words) {
    const last = values.length - 1
    const longer = values[last] === '' ? word : `${values[last]} ${word}`
    if (longer.length <= TAG_VALUE_LENGTH) values[last] = longer
    else values.push(word)
  }
  return values.map((Value, index) => ({ Key: `${ORIGINALS_TAG}.${index}`, Value }))
}

/** The originals that a group's tags carry; undefined where it carries none. */
export function fromTags(tags: readonly { Key?: string; Value?: string }[]): string[] | undefined {
  const own = tags.filter(({ Key }) => Key?.startsWith(`${ORIGINALS_TAG}.`))
  if (own.length === 0) return undefined
  return own.flatMap(({ Value }) => (Value ?? '').split(' ').filter((word) => word !== '')).toSorted()
}
