import { defaultAcl, DEFAULT_ACL_ENTRIES } from './aws-made.ts'
import type { AclEntry, Id } from './network.ts'
import { hasPorts, portsOf, protocolOf } from './protocols.ts'
import type { Resource, Resources } from './resources.ts'

type Acls = Record<Id, { readonly entries: AclEntry[] }>

/** Network ACLs of templates, and the one that AWS makes with each VPC. */
export function readAcls(resources: Resources): Acls {
  const acls: Acls = {}
  for (const { id } of resources.all('AWS::EC2::VPC')) acls[defaultAcl(id)] = { entries: [...DEFAULT_ACL_ENTRIES] }
  for (const { id } of resources.all('AWS::EC2::NetworkAcl')) acls[id] = { entries: [] }
  return acls
}

export function readAclEntries(resources: Resources, acls: Acls): void {
  for (const resource of resources.all('AWS::EC2::NetworkAclEntry')) {
    const { id, properties } = resource
    const acl = resources.named('AWS::EC2::NetworkAcl', properties['NetworkAclId'], `${id}.NetworkAclId`)
    const entry = readEntry(resource, resources)
    if (acl === undefined || entry === undefined) continue
    const { entries } = acls[acl.id]!
    if (entries.some(({ number, direction }) => number === entry.number && direction === entry.direction))
      resources.gap(id, `rule ${entry.number} is there twice`, 'give it a number of its own')
    entries.push(entry)
  }
}

function readEntry({ id, properties }: Resource, resources: Resources): AclEntry | undefined {
  const { RuleNumber, Egress, RuleAction, PortRange: range } = properties
  const protocol = protocolOf(properties['Protocol'])
  const cidr = resources.cidr(properties['CidrBlock'], `${id}.CidrBlock`)
  if (protocol === undefined || !['allow', 'deny'].includes(RuleAction)) {
    resources.gap(id, 'protocol or action is not in the model')
    return undefined
  }
  const ports = range === undefined ? undefined : portsOf(range.From, range.To)
  // TCP and UDP without ports, ports on anything else: EC2 refuses the one and ignores the other.
  if (hasPorts(protocol) !== (ports !== undefined)) {
    resources.gap(`${id}.PortRange`, 'TCP and UDP take ports, and nothing else does')
    return undefined
  }
  if (cidr === undefined) return undefined
  const direction = Egress === true || Egress === 'true' ? 'egress' : 'ingress'
  return { number: Number(RuleNumber), direction, protocol, cidr, ports, allow: RuleAction === 'allow', rule: id }
}
