import { duplicateProblems } from './rules-addresses.ts'
import { show, type Problem } from './problem.ts'
import type { ConfigInput, Database, IpsecProposals } from './schema.ts'

/** What NET-2 allows to be offered, on either tunnel, in either phase. */
const NET2 = {
  ikeVersions: ['ikev2'],
  encryption: ['AES256-GCM-16', 'AES128-GCM-16'],
  integrity: ['SHA2-256', 'SHA2-384', 'SHA2-512'],
  dhGroups: [15, 16, 17, 18, 19, 20, 21],
  phase1LifetimeSeconds: 28_800,
  phase2LifetimeSeconds: 3_600,
} as const
/** AWS refuses shorter lifetimes than this (VpnTunnelOptionsSpecification). */
const SHORTEST_LIFETIME_SECONDS = 900
/**
 * A firewall policy takes 20 groups of 5 sets; one group is kept for what is blocked
 * (docs/aws-behaviour.md, Network Firewall).
 */
const MOST_FIREWALL_SLOTS = 95

/** Rules on each database: who holds it, how it may be used, over what it is reached. */
export function databaseProblems({ databases }: ConfigInput, today: Date): Problem[] {
  const day = today.toISOString().slice(0, 10)
  return [
    ...duplicateProblems(
      databases.map(({ id }, index) => ({ path: `databases[${index}].id`, value: id })),
      'two databases cannot share an id',
      'an id of its own',
      'ARC-2',
    ),
    ...databases.flatMap((database, index) => {
      const path = `databases[${index}]`
      return [
        ...kindProblems(database, path, day),
        ...routeProblems(database, path, day),
        ...slotLimit(database, path),
        ...(database.ipsec ? ipsecProblems(database.ipsec, `${path}.ipsec`) : []),
      ]
    }),
  ]
}

function slotLimit({ slot }: Database, path: string): Problem[] {
  if (slot < MOST_FIREWALL_SLOTS) return []
  return [
    {
      path: `${path}.slot`,
      found: show(slot),
      why: 'a firewall policy takes 19 groups of 5 databases beside the blocked set',
      requirement: 'NET-1',
      write: `0 to ${MOST_FIREWALL_SLOTS - 1}`,
    },
  ]
}

function kindProblems({ kind, accreditation, linkRoute }: Database, path: string, day: string): Problem[] {
  if (kind === 'public') {
    return [
      ...(accreditation
        ? [
            {
              path: `${path}.accreditation`,
              found: show(accreditation.status),
              why: 'only private databases are accredited',
              requirement: 'PDB-1',
              write: 'nothing, or kind: private',
            },
          ]
        : []),
      ...(linkRoute === 'accredited-producer'
        ? [
            {
              path: `${path}.linkRoute`,
              found: show(linkRoute),
              why: 'that is the route of private databases',
              requirement: 'LNK-3',
              write: 'id5, id4 or none',
            },
          ]
        : []),
    ]
  }
  const problems: Problem[] = []
  if (!accreditation)
    problems.push({
      path: `${path}.accreditation`,
      found: 'nothing',
      why: 'a private database is connected only while accredited',
      requirement: 'PDB-1',
      write: 'status, body, legalStatus and validTo',
    })
  else if (accreditation.status !== 'accredited')
    problems.push({
      path: `${path}.accreditation.status`,
      found: show(accreditation.status),
      why: 'a private database is connected only while accredited',
      requirement: 'PDB-1',
      write: 'accredited, once it is; until then leave the database out',
    })
  else if (accreditation.validTo < day)
    problems.push({
      path: `${path}.accreditation.validTo`,
      found: show(accreditation.validTo),
      why: `the accreditation lapsed before ${day}`,
      requirement: 'PDB-1',
      write: 'the renewed date, or leave the database out',
    })
  if (linkRoute !== 'accredited-producer' && linkRoute !== 'none')
    problems.push({
      path: `${path}.linkRoute`,
      found: show(linkRoute),
      why: 'the persons of a private database are linked only by an approved route',
      requirement: 'LNK-3',
      write: 'accredited-producer or none',
    })
  return problems
}

function routeProblems({ dataKind, provisionRoute, exception }: Database, path: string, day: string): Problem[] {
  if (dataKind !== 'pseudonymised' || provisionRoute === 'visiting') return []
  if (exception && exception.expires >= day) return []
  return [
    {
      path: `${path}.provisionRoute`,
      found: show(provisionRoute),
      requirement: 'PUB-3',
      write: 'visiting, or an approved exception that has not expired',
      why: exception
        ? `its exception ${exception.id} expired on ${exception.expires}`
        : 'pseudonymised data are used in the Visiting environment',
    },
  ]
}

/** Rules on a proposal list (NET-2); the platform's own default in `policies/network/ipsec.yaml` is held to the same. */
export function ipsecProblems(ipsec: IpsecProposals, path: string): Problem[] {
  const lists = (['ikeVersions', 'encryption', 'integrity', 'dhGroups'] as const).flatMap((key) => {
    const allowed: readonly (string | number)[] = NET2[key]
    return ipsec[key].flatMap((value, index) =>
      allowed.includes(value)
        ? []
        : [
            {
              path: `${path}.${key}[${index}]`,
              found: show(value),
              why: 'it is weaker than what may be offered',
              requirement: 'NET-2',
              write: allowed.join(', '),
            },
          ],
    )
  })
  const lifetimes = (['phase1LifetimeSeconds', 'phase2LifetimeSeconds'] as const).flatMap((key) =>
    ipsec[key] <= NET2[key] && ipsec[key] >= SHORTEST_LIFETIME_SECONDS
      ? []
      : [
          {
            path: `${path}.${key}`,
            found: show(ipsec[key]),
            why: 'keys are renewed in time',
            requirement: 'NET-2',
            write: `${SHORTEST_LIFETIME_SECONDS} to ${NET2[key]}`,
          },
        ],
  )
  return [...lists, ...lifetimes]
}
