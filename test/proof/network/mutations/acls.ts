import type { Mutation } from './mutation.ts'
import { CELL, entryOf, allow } from './weaken.ts'

/** Network ACLs of a cell. */
export const acls: readonly Mutation[] = [
  {
    name: 'a subnet left on the default ACL: controllers meet the Internet only by routes',
    change: (templates) => templates.remove(CELL, 'AWS::EC2::SubnetNetworkAclAssociation', 'directoryapne1az1'),
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /controllers/, to: /Internet/, word: /only the routes/ },
  },
  {
    name: 'an ACL entry that denies is put before all others',
    change: (templates) => allow(templates, 'storage', 'ingress', { RuleAction: 'deny' }),
    breaks: ['complete'],
    shows: { verdict: 'complete', from: /desktop of P-FIRST/, to: /store of P-FIRST/, word: /no entry allows it/ },
  },
  {
    name: 'an ACL that does not let answers out',
    change: (templates) => {
      entryOf(templates, 'storage', 'egress', '172.24.0.0/17')['PortRange'] = { From: 32_768, To: 60_998 }
    },
    breaks: ['complete'],
    shows: {
      verdict: 'complete',
      from: /desktop of P-FIRST/,
      to: /store of P-FIRST/,
      packet: /:60999 /,
      word: /answer does not come back/,
    },
  },
  {
    name: 'an ACL that lets answers to more ports: connections from ports nobody intends',
    change: (templates) => {
      entryOf(templates, 'storage', 'egress', '172.24.0.0/17')['PortRange'] = { From: 1024, To: 65_535 }
      entryOf(templates, 'desktops', 'ingress', '172.24.128.0/19')['PortRange'] = { From: 1024, To: 65_535 }
    },
    breaks: ['rest'],
    shows: {
      verdict: 'rest',
      from: /desktop of P-FIRST/,
      to: /store of P-FIRST/,
      packet: /:1024 → .*:2049$/,
      word: /source port/,
    },
  },
  {
    name: 'an ACL lets the storage zone to the directory',
    change: (templates) => {
      allow(templates, 'storage', 'egress')
      allow(templates, 'directory', 'ingress', { CidrBlock: '172.24.128.0/19' })
    },
    breaks: ['layers'],
    shows: { verdict: 'layers', from: /store of P-FIRST/, to: /controllers/, word: /only the source group/ },
  },
]
