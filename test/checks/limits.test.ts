import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { loneTemplate } from '#checks/assembly.ts'
import { limitFindings } from '#checks/limits/check.ts'
import { loadLimits } from '#checks/limits/limit.ts'
import { documentCharacters } from '#checks/limits/policies.ts'
import type { Template, TemplateResource } from '#checks/template.ts'
import { expectThat } from '../support/expect.ts'

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
  expect(judge(policy(20))).toEqual([])
  expect(judge(policy(21))).toEqual(['firewall-stateful-groups-per-policy'])
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
  expect(judge(group(5, 10))).toEqual([])
  expect(judge(group(6, 10))).toEqual(['firewall-ip-sets-per-group'])
  expect(judge(group(5, 11))).toEqual(['firewall-group-without-capacity'])
})

test("[C-2] a security group holds 60 rules a direction; another stack's prefix list counts its MaxEntries", () => {
  const group = (rules: unknown[]) => ({
    G: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupEgress: rules } },
  })
  expect(judge(group(egress(60)))).toEqual([])
  expect(judge(group(egress(61)))).toEqual(['security-group-rules'])
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
  expect(judge(group([...egress(40), rule]), [list(20)], parameters)).toEqual([])
  expect(judge(group([...egress(40), rule]), [list(21)], parameters)).toEqual(['security-group-rules'])
  expect(judge(group(Array.from({ length: 11 }, () => rule)), [list(20)], parameters)).toEqual([
    'security-group-rules-per-interface',
  ])
})

test('[C-2] a prefix list reserves exactly the entries it holds', () => {
  const list = (reserved: number) => ({
    L: { Type: 'AWS::EC2::PrefixList', Properties: { MaxEntries: reserved, Entries: [{ Cidr: '172.20.0.0/28' }] } },
  })
  expect(judge(list(1))).toEqual([])
  expect(judge(list(2))).toEqual(['prefix-list-exact'])
})

test('[NET-4] a route table holds 50 routes', () => {
  const routes = (count: number) =>
    many(count, (index) => ({
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: `172.20.${index}.0/24` },
    }))
  expect(judge(routes(50))).toEqual([])
  expect(judge(routes(51))).toEqual(['routes-per-table'])
})

test('[VIS-1] no route and no range touches the WorkSpaces management network or covers 10.0.0.0/8', () => {
  const route = (range: string) =>
    judge({ R: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'T' }, DestinationCidrBlock: range } } })
  expect(route('10.20.0.0/16')).toEqual([])
  expect(route('172.20.0.0/20')).toEqual([])
  expect(route('10.0.0.0/8')).toEqual(['route-ten-wide'])
  expect(route('8.0.0.0/5')).toEqual(['route-ten-wide'])
  expect(route('198.19.4.0/24')).toEqual(['route-over-management-network'])
  expect(route('198.0.0.0/8')).toEqual(['route-over-management-network'])
  expect(judge({ V: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '198.18.0.0/16' } } })).toEqual([
    'route-over-management-network',
  ])
})

test('[NET-2] every option of both tunnels is written out', () => {
  const options = Object.fromEntries(limits.list('vpn-tunnel-options').map((name) => [name, 'written']))
  const connection = (...tunnels: unknown[]) =>
    judge({ V: { Type: 'AWS::EC2::VPNConnection', Properties: { VpnTunnelOptionsSpecifications: tunnels } } })
  expect(connection(options, options)).toEqual([])
  expect(connection(options)).toEqual(['vpn-tunnel-options'])
  for (const name of Object.keys(options))
    expectThat(connection(options, { ...options, [name]: undefined }), name).toEqual(['vpn-tunnel-options'])
})

test('[NET-5] a cell has room for 400 mount targets', () => {
  const targets = (count: number) =>
    many(count, (index) => ({ Type: 'AWS::EFS::MountTarget', Properties: { FileSystemId: `fs-${index}` } }))
  expect(judge(targets(400))).toEqual([])
  expect(judge(targets(401))).toEqual(['efs-mount-targets-per-vpc'])
})

test('[ARC-3] a Transit Gateway has 20 route tables, a stack 450 resources, a region 10 log resource policies', () => {
  const tables = (count: number) =>
    many(count, () => ({ Type: 'AWS::EC2::TransitGatewayRouteTable', Properties: { TransitGatewayId: { Ref: 'T' } } }))
  expect(judge(tables(20))).toEqual([])
  expect(judge(tables(21))).toEqual(['transit-gateway-route-tables'])
  const topics = (count: number) => many(count, () => ({ Type: 'AWS::SNS::Topic' }))
  expect(judge(topics(450))).toEqual([])
  expect(judge(topics(451))).toEqual(['resources-per-stack'])
  const policies = (count: number): Template => ({
    Resources: many(count, () => ({ Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: '{}' } })),
  })
  expect(judge({}, [policies(5), policies(5)])).toEqual([])
  expect(judge({}, [policies(5), policies(6)])).toEqual(['log-resource-policies-per-region'])
})

test('[LOG-3] documents are measured as AWS measures them: tokens as the names they become, no white space', () => {
  expect(documentCharacters({ A: 'b' })).toBe('{"A":"b"}'.length)
  expect(documentCharacters({ A: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3']] } })).toBe(
    '{"A":"arn:aws:s3"}'.length,
  )
  const policy = (characters: number) =>
    judge({
      B: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: { Statement: 'x'.repeat(characters) } } },
    })
  expect(policy(20_000)).toEqual([])
  expect(policy(20_480)).toEqual(['bucket-policy-bytes'])
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
  expect(role(5000)).toEqual([])
  expect(role(5240)).toEqual(['role-inline-policy-characters'])
})
