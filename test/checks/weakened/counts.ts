import { change, copies, tunnel, type Weakening } from './weakening.ts'

/** Quotas and types: what CloudFormation or AWS would refuse halfway. */
export const counts: readonly Weakening[] = [
  {
    name: 'a prefix list reserves more than it holds',
    requirement: 'C-2',
    stack: 'link-NDB',
    check: 'limits',
    rule: 'prefix-list-exact',
    weaken: change('AWS::EC2::PrefixList', (list) => {
      list['MaxEntries'] = 10
    }),
  },
  {
    name: 'a route covers the whole of 10.0.0.0/8',
    requirement: 'VIS-1',
    stack: 'visiting-1',
    check: 'limits',
    rule: 'route-ten-wide',
    weaken: change('AWS::EC2::Route', (route) => {
      route['DestinationCidrBlock'] = '10.0.0.0/8'
    }),
  },
  {
    name: 'a route covers the management network of WorkSpaces',
    requirement: 'VIS-1',
    stack: 'hub',
    check: 'limits',
    rule: 'route-over-management-network',
    weaken: change('AWS::EC2::TransitGatewayRoute', (route) => {
      route['DestinationCidrBlock'] = '198.18.0.0/15'
    }),
  },
  {
    name: 'the Transit Gateway gets 21 route tables',
    requirement: 'ARC-3',
    stack: 'hub',
    check: 'limits',
    rule: 'transit-gateway-route-tables',
    weaken: copies(21, () => ({ Type: 'AWS::EC2::TransitGatewayRouteTable', Properties: { TransitGatewayId: 'one' } })),
  },
  {
    name: 'a cell gets 401 mount targets',
    requirement: 'NET-5',
    stack: 'visiting-1',
    check: 'limits',
    rule: 'efs-mount-targets-per-vpc',
    weaken: (template) => {
      template.Resources = {}
      copies(401, () => ({ Type: 'AWS::EFS::MountTarget', Properties: {} }))(template)
    },
  },
  {
    name: 'eleven log policies in a region',
    requirement: 'LOG-1',
    stack: 'hub',
    check: 'limits',
    rule: 'log-resource-policies-per-region',
    weaken: copies(11, () => ({ Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: '{}' } })),
  },
  {
    name: 'a resource type that Tokyo does not offer',
    requirement: 'ARC-5',
    stack: 'archive',
    check: 'cfn-lint',
    rule: 'E3006',
    weaken: (template) => {
      template.Resources = { Only: { Type: 'AWS::WorkSpaces::Directory', Properties: {} } }
    },
  },
  {
    name: 'a misspelt property, which CloudFormation would refuse halfway',
    requirement: 'NET-2',
    stack: 'link-NDB',
    check: 'template',
    rule: 'F3002',
    weaken: tunnel((second) => {
      second['IkeVersion'] = second['IKEVersions']
    }),
  },
]
