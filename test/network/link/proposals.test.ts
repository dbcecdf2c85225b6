import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { parse, stringify } from 'yaml'
import { IPSEC_POLICY, proposalsOf, readProposals } from '#lib/network/link/proposals.ts'

const text = readFileSync(IPSEC_POLICY, 'utf8')
const change = (edit: (policy: any) => void) => {
  const policy = parse(text)
  edit(policy)
  return stringify(policy)
}

test('[NET-2] the policy offers IKEv2, AES-GCM, SHA-2 and groups 15 and 19 to 21, each with its source', () => {
  expect(readProposals(text)).toEqual({
    ikeVersions: ['ikev2'],
    encryption: ['AES256-GCM-16', 'AES128-GCM-16'],
    integrity: ['SHA2-384', 'SHA2-256', 'SHA2-512'],
    dhGroups: [20, 19, 21, 15],
    phase1LifetimeSeconds: 28_800,
    phase2LifetimeSeconds: 3_600,
  })
})

const weaker: readonly { readonly what: string; readonly edit: (policy: any) => void }[] = [
  { what: 'IKEv1', edit: (policy) => policy.ikeVersions.push({ value: 'ikev1', source: 'mutation' }) },
  { what: 'AES-CBC', edit: (policy) => policy.encryption.push({ value: 'AES256', source: 'mutation' }) },
  { what: 'SHA-1', edit: (policy) => policy.integrity.push({ value: 'SHA1', source: 'mutation' }) },
  ...[2, 5, 14, 22, 23, 24].map((group) => ({
    what: `group ${group}`,
    edit: (policy: any) => policy.dhGroups.push({ value: group, source: 'mutation' }),
  })),
  {
    what: 'a longer first phase',
    edit: (policy) => {
      policy.phase1LifetimeSeconds.value = 28_801
    },
  },
  {
    what: 'a longer second phase',
    edit: (policy) => {
      policy.phase2LifetimeSeconds.value = 3_601
    },
  },
  {
    what: 'a value without a source',
    edit: (policy) => {
      delete policy.dhGroups[0].source
    },
  },
  {
    what: "an empty list, which leaves the phase to AWS's defaults",
    edit: (policy) => {
      policy.integrity = []
    },
  },
  {
    what: 'a key that nothing reads',
    edit: (policy) => {
      policy.dhGroup = []
    },
  },
]
for (const { what, edit } of weaker) {
  test(`[NET-2] a policy file with ${what} is refused, and the message names the file`, () => {
    expect(() => readProposals(change(edit))).toThrow(/policies\/network\/ipsec\.yaml/)
  })
}

test('[NET-2] a database may narrow what is offered', () => {
  const narrow = {
    ikeVersions: ['ikev2'],
    encryption: ['AES256-GCM-16'],
    integrity: ['SHA2-384'],
    dhGroups: [20],
    phase1LifetimeSeconds: 3600,
    phase2LifetimeSeconds: 900,
  }
  expect(proposalsOf({ ipsec: narrow })).toEqual(narrow)
  expect(proposalsOf({})).toEqual(readProposals(text))
})
