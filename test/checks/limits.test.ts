import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { loneTemplate } from '../../lib/checks/assembly.ts'
import { limitFindings, loadLimits } from '../../lib/checks/limits/limits.ts'
import { documentCharacters } from '../../lib/checks/limits/policies.ts'
import type { Template, TemplateResource } from '../../lib/checks/template.ts'

const limits = loadLimits(join(import.meta.dirname, '..', '..'))
const judge = (
  resources: Record<string, TemplateResource>,
  others: Template[] = [],
  parameters?: Template['Parameters'],
) =>
  limitFindings(
    [{ Resources: resources, Parameters: parameters }, ...others].map((template, index) =>
      loneTemplate(`stack-${index}`, '', template, 'ap-northeast-1'),
    ),
    limits,
  ).map(({ rule }) => rule)
const many = (count: number, make: (index: number) => TemplateResource) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`R${index}`, make(index)]))
const egress = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    IpProtocol: 'tcp',
    FromPort: 5000 + index,
    ToPort: 5000 + index,
    CidrIp: '172.20.0.0/28',
  }))

test('[C-2] a firewall policy takes 20 stateful groups and no more', () => {
  const policy = (groups: number) => ({
    P: {
      Type: 'AWS::NetworkFirewall::FirewallPolicy',
      Properties: {
        FirewallPolicy: {
          StatefulRuleGroupReferences: Array.from({ length: groups }, (_, index) => ({ ResourceArn: `arn${index}` })),
        },
      },
    },
  })
  assert.deepEqual(judge(policy(20)), [])
  assert.deepEqual(judge(policy(21)), ['firewall-stateful-groups-per-policy'])
})

test('[C-2] a firewall group refers to five IP sets and no more, and has room for its rules', () => {
  const group = (sets: number, lines: number) => ({
    G: {
      Type: 'AWS::NetworkFirewall::RuleGroup',
      Properties: {
        Type: 'STATEFUL',
        Capacity: 10,
        RuleGroup: {
          ReferenceSets: {
            IPSetReferences: Object.fromEntries(Array.from({ length: sets }, (_, index) => [`S${index}`, {}])),
          },
          RulesSource: { RulesString: 'pass tcp any any -> any any (sid:1;)\n'.repeat(lines) },
        },
      },
    },
  })
  assert.deepEqual(judge(group(5, 10)), [])
  assert.deepEqual(judge(group(6, 10)), ['firewall-ip-sets-per-group'])
  assert.deepEqual(judge(group(5, 11)), ['firewall-group-without-capacity'])
})

test('[C-2] a security group holds 60 rules a direction, a prefix list of another stack counted with its MaxEntries', () => {
  const group = (rules: unknown[]) => ({
    G: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: rules } },
  })
  assert.deepEqual(judge(group(egress(60))), [])
  assert.deepEqual(judge(group(egress(61))), ['security-group-rules'])
  const list = (entries: number): Template => ({
    Resources: {
      L: {
        Type: 'AWS::EC2::PrefixList',
        Properties: {
          MaxEntries: entries,
          Entries: Array.from({ length: entries }, (_, index) => ({ Cidr: `172.20.${index}.0/28` })),
        },
      },
      P: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/renkei/demo/link/NDB/prefix-list', Value: { Ref: 'L' } },
      },
    },
  })
  const parameters = {
    Imported: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/renkei/demo/link/NDB/prefix-list' },
  }
  const rule = { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, DestinationPrefixListId: { Ref: 'Imported' } }
  assert.deepEqual(judge(group([...egress(40), rule]), [list(20)], parameters), [])
  assert.deepEqual(judge(group([...egress(40), rule]), [list(21)], parameters), ['security-group-rules'])
  assert.deepEqual(judge(group(Array.from({ length: 11 }, () => rule)), [list(20)], parameters), [
    'security-group-rules-per-interface',
  ])
})

test('[C-2] a prefix list reserves exactly the entries it holds', () => {
  const list = (reserved: number) => ({
    L: { Type: 'AWS::EC2::PrefixList', Properties: { MaxEntries: reserved, Entries: [{ Cidr: '172.20.0.0/28' }] } },
  })
  assert.deepEqual(judge(list(1)), [])
  assert.deepEqual(judge(list(2)), ['prefix-list-exact'])
})

test('[NET-4] a route table holds 50 routes', () => {
  const routes = (count: number) =>
    many(count, (index) => ({
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: `172.20.${index}.0/24` },
    }))
  assert.deepEqual(judge(routes(50)), [])
  assert.deepEqual(judge(routes(51)), ['routes-per-table'])
})

test('[VIS-1] no route and no range touches the WorkSpaces management network or covers 10.0.0.0/8', () => {
  const route = (range: string) =>
    judge({ R: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: range } } })
  assert.deepEqual(route('10.20.0.0/16'), [])
  assert.deepEqual(route('172.20.0.0/20'), [])
  assert.deepEqual(route('10.0.0.0/8'), ['route-ten-wide'])
  assert.deepEqual(route('8.0.0.0/5'), ['route-ten-wide'])
  assert.deepEqual(route('198.19.4.0/24'), ['route-over-management-network'])
  assert.deepEqual(route('198.0.0.0/8'), ['route-over-management-network'])
  assert.deepEqual(judge({ V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '198.18.0.0/16' } } }), [
    'route-over-management-network',
  ])
})

test('[NET-2] every option of both tunnels is written out', () => {
  const options = Object.fromEntries(limits.list('vpn-tunnel-options').map((name) => [name, 'written']))
  const connection = (...tunnels: unknown[]) =>
    judge({ V: { Type: 'AWS::EC2::VPNConnection', Properties: { VpnTunnelOptionsSpecifications: tunnels } } })
  assert.deepEqual(connection(options, options), [])
  assert.deepEqual(connection(options), ['vpn-tunnel-options'])
  for (const name of Object.keys(options))
    assert.deepEqual(connection(options, { ...options, [name]: undefined }), ['vpn-tunnel-options'], name)
})

test('[NET-5] a cell has room for 400 mount targets', () => {
  const targets = (count: number) =>
    many(count, (index) => ({ Type: 'AWS::EFS::MountTarget', Properties: { FileSystemId: `fs-${index}` } }))
  assert.deepEqual(judge(targets(400)), [])
  assert.deepEqual(judge(targets(401)), ['efs-mount-targets-per-vpc'])
})

test('[ARC-3] a Transit Gateway has 20 route tables, a stack 450 resources, a region 10 log resource policies', () => {
  const tables = (count: number) =>
    many(count, () => ({ Type: 'AWS::EC2::TransitGatewayRouteTable', Properties: { TransitGatewayId: { Ref: 'T' } } }))
  assert.deepEqual(judge(tables(20)), [])
  assert.deepEqual(judge(tables(21)), ['transit-gateway-route-tables'])
  const topics = (count: number) => many(count, () => ({ Type: 'AWS::SNS::Topic' }))
  assert.deepEqual(judge(topics(450)), [])
  assert.deepEqual(judge(topics(451)), ['resources-per-stack'])
  const policies = (count: number): Template => ({
    Resources: many(count, () => ({ Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: '{}' } })),
  })
  assert.deepEqual(judge({}, [policies(5), policies(5)]), [])
  assert.deepEqual(judge({}, [policies(5), policies(6)]), ['log-resource-policies-per-region'])
})

test('[LOG-3] documents are measured as AWS measures them: tokens as the names they become, no white space', () => {
  assert.equal(documentCharacters({ A: 'b' }), '{"A":"b"}'.length)
  assert.equal(
    documentCharacters({ A: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3']] } }),
    '{"A":"arn:aws:s3"}'.length,
  )
  const policy = (characters: number) =>
    judge({
      B: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: { Statement: 'x'.repeat(characters) } } },
    })
  assert.deepEqual(policy(20_000), [])
  assert.deepEqual(policy(20_480), ['bucket-policy-bytes'])
})

test('[AUTH-5] inline policies of one role count together, wherever they are written', () => {
  const role = (characters: number) =>
    judge({
      R: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: 'x'.repeat(5000) } }] } },
      P: {
        Type: 'AWS::IAM::Policy',
        Properties: { Roles: [{ Ref: 'R' }], PolicyDocument: { Statement: 'x'.repeat(characters) } },
      },
    })
  assert.deepEqual(role(5000), [])
  assert.deepEqual(role(5240), ['role-inline-policy-characters'])
})
