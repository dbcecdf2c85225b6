/**
 * Which resource types and which of their properties this model knows. What stands in no list fails the proof: a type
 * that nobody thought of, or a property that came later, may open a way.
 */

/** Types, or whole services, that carry no packets between the platform's machines, each with why. */
const IRRELEVANT: Readonly<Record<string, string>> = {
  'AWS::IAM::': 'rights to call AWS, no packets',
  'AWS::KMS::': 'keys',
  'AWS::S3::Bucket': "reached through AWS's public endpoints only, to which nothing here has a route",
  'AWS::S3::BucketPolicy': 'rights on a bucket',
  'AWS::Backup::': 'copies inside AWS',
  'AWS::CloudTrail::Trail': 'records',
  'AWS::CloudWatch::': 'measurements',
  'AWS::Config::': 'records',
  'AWS::Events::Rule': 'calls AWS, not machines',
  'AWS::GuardDuty::': 'findings',
  'AWS::SecurityHub::': 'findings',
  'AWS::KinesisFirehose::DeliveryStream': 'logs inside AWS',
  'AWS::Logs::': 'logs inside AWS',
  'AWS::SNS::': 'messages inside AWS',
  'AWS::SQS::': 'messages inside AWS',
  'AWS::SSM::Parameter': 'followed as a link between stacks',
  'AWS::SecretsManager::Secret': 'secrets',
  'AWS::DynamoDB::Table': "reached through AWS's public endpoints only",
  'AWS::Cognito::': 'sign-in, outside every VPC',
  'AWS::WAFv2::': 'filters what is outside every VPC',
  'AWS::ApiGateway::Account': 'settings',
  'AWS::ApiGateway::Authorizer': 'outside every VPC',
  'AWS::ApiGateway::Deployment': 'outside every VPC',
  'AWS::ApiGateway::Method': 'outside every VPC; a link into one would be a type of its own',
  'AWS::ApiGateway::Model': 'a form',
  'AWS::ApiGateway::RequestValidator': 'a form',
  'AWS::ApiGateway::Resource': 'a path',
  'AWS::ApiGateway::RestApi': 'outside every VPC',
  'AWS::ApiGateway::Stage': 'outside every VPC',
  'AWS::ApiGateway::GatewayResponse': 'answers',
  'AWS::Lambda::EventSourceMapping': 'reads queues and streams inside AWS',
  'AWS::Lambda::Permission': 'rights on a function',
  'AWS::Lambda::Version': 'a version',
  'AWS::CDK::Metadata': 'figures for CDK',
}

/** The entry under which a type is irrelevant, if it is. */
export const irrelevant = (type: string): boolean =>
  type in IRRELEVANT || Object.keys(IRRELEVANT).some((prefix) => prefix.endsWith('::') && type.startsWith(prefix))

export interface Known {
  /** what a reader makes part of the model */
  readonly read: readonly string[]
  /** what cannot change where a packet goes */
  readonly ignored: readonly string[]
  /** what must have exactly this value, or be left out where AWS's default is the same */
  readonly fixed?: Readonly<Record<string, { readonly value: unknown; readonly byDefault: boolean }>>
}

const off = { value: false, byDefault: true } as const
const tagged = ['Tags']

/** Every property of every type that can matter. */
export const KNOWN: Readonly<Record<string, Known>> = {
  'AWS::EC2::VPC': {
    read: ['CidrBlock', 'EnableDnsSupport'],
    ignored: [...tagged, 'EnableDnsHostnames', 'InstanceTenancy'],
  },
  'AWS::EC2::Subnet': {
    read: ['VpcId', 'CidrBlock', 'AvailabilityZoneId', 'AvailabilityZone'],
    ignored: tagged,
    fixed: { MapPublicIpOnLaunch: off, AssignIpv6AddressOnCreation: off, EnableDns64: off, Ipv6Native: off },
  },
  'AWS::EC2::RouteTable': { read: ['VpcId'], ignored: tagged },
  'AWS::EC2::Route': {
    read: [
      'RouteTableId',
      'DestinationCidrBlock',
      'DestinationPrefixListId',
      'TransitGatewayId',
      'GatewayId',
      'NatGatewayId',
      'EgressOnlyInternetGatewayId',
      'VpcPeeringConnectionId',
      'VpcEndpointId',
    ],
    ignored: [],
  },
  'AWS::EC2::SubnetRouteTableAssociation': { read: ['SubnetId', 'RouteTableId'], ignored: [] },
  'AWS::EC2::NetworkAcl': { read: ['VpcId'], ignored: tagged },
  'AWS::EC2::NetworkAclEntry': {
    read: ['NetworkAclId', 'RuleNumber', 'Egress', 'Protocol', 'RuleAction', 'CidrBlock', 'PortRange'],
    ignored: [],
  },
  'AWS::EC2::SubnetNetworkAclAssociation': { read: ['SubnetId', 'NetworkAclId'], ignored: [] },
  'AWS::EC2::SecurityGroup': {
    read: ['VpcId', 'SecurityGroupEgress', 'SecurityGroupIngress'],
    ignored: [...tagged, 'GroupDescription', 'GroupName'],
  },
  'AWS::EC2::SecurityGroupIngress': {
    read: ['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIp', 'SourceSecurityGroupId', 'SourcePrefixListId'],
    ignored: ['Description', 'SourceSecurityGroupOwnerId'],
  },
  'AWS::EC2::SecurityGroupEgress': {
    read: [
      'GroupId',
      'IpProtocol',
      'FromPort',
      'ToPort',
      'CidrIp',
      'DestinationSecurityGroupId',
      'DestinationPrefixListId',
    ],
    ignored: ['Description'],
  },
  'AWS::EC2::PrefixList': {
    read: ['Entries'],
    ignored: [...tagged, 'PrefixListName', 'MaxEntries'],
    fixed: { AddressFamily: { value: 'IPv4', byDefault: false } },
  },
  'AWS::EC2::InternetGateway': { read: [], ignored: tagged },
  'AWS::EC2::VPCGatewayAttachment': { read: ['VpcId', 'InternetGatewayId'], ignored: [] },
  'AWS::EC2::EgressOnlyInternetGateway': { read: ['VpcId'], ignored: tagged },
  'AWS::EC2::NatGateway': { read: ['SubnetId', 'ConnectivityType'], ignored: [...tagged, 'AllocationId'] },
  'AWS::EC2::EIP': { read: [], ignored: [...tagged, 'Domain'] },
  'AWS::EC2::VPCPeeringConnection': { read: ['VpcId', 'PeerVpcId'], ignored: tagged },
  'AWS::EC2::VPCEndpoint': {
    read: ['VpcId', 'VpcEndpointType', 'SubnetIds', 'SecurityGroupIds', 'RouteTableIds', 'ServiceName'],
    ignored: [...tagged, 'PolicyDocument', 'PrivateDnsEnabled'],
  },
  'AWS::EC2::FlowLog': {
    read: [],
    ignored: [
      ...tagged,
      'DeliverLogsPermissionArn',
      'LogDestinationType',
      'LogGroupName',
      'MaxAggregationInterval',
      'ResourceId',
      'ResourceType',
      'TrafficType',
      'LogFormat',
      'LogDestination',
    ],
  },
  'AWS::EC2::TransitGateway': {
    read: ['DefaultRouteTableAssociation', 'DefaultRouteTablePropagation'],
    ignored: [...tagged, 'AmazonSideAsn', 'Description', 'VpnEcmpSupport', 'DnsSupport'],
    fixed: {
      AutoAcceptSharedAttachments: { value: 'disable', byDefault: true },
      MulticastSupport: { value: 'disable', byDefault: true },
      SecurityGroupReferencingSupport: { value: 'disable', byDefault: true },
    },
  },
  'AWS::EC2::TransitGatewayRouteTable': { read: ['TransitGatewayId'], ignored: tagged },
  'AWS::EC2::TransitGatewayRoute': {
    read: ['TransitGatewayRouteTableId', 'DestinationCidrBlock', 'TransitGatewayAttachmentId', 'Blackhole'],
    ignored: [],
  },
  'AWS::EC2::TransitGatewayRouteTableAssociation': {
    read: ['TransitGatewayRouteTableId', 'TransitGatewayAttachmentId'],
    ignored: [],
  },
  'AWS::EC2::TransitGatewayRouteTablePropagation': {
    read: ['TransitGatewayRouteTableId', 'TransitGatewayAttachmentId'],
    ignored: [],
  },
  'AWS::EC2::TransitGatewayVpcAttachment': {
    read: ['TransitGatewayId', 'VpcId', 'SubnetIds', 'Options'],
    ignored: tagged,
  },
  'AWS::EC2::CustomerGateway': {
    read: ['IpAddress'],
    ignored: [...tagged, 'BgpAsn', 'DeviceName'],
    fixed: { Type: { value: 'ipsec.1', byDefault: false } },
  },
  'AWS::EC2::VPNConnection': {
    read: ['CustomerGatewayId', 'TransitGatewayId', 'VpnTunnelOptionsSpecifications', 'Type'],
    // Selectors are proposed, never enforced (ADR 0011); static or BGP decides only what propagation would bring.
    ignored: [
      ...tagged,
      'StaticRoutesOnly',
      'LocalIpv4NetworkCidr',
      'RemoteIpv4NetworkCidr',
      'OutsideIpAddressType',
      'EnableAcceleration',
      'PreSharedKeyStorage',
    ],
    fixed: { TunnelInsideIpVersion: { value: 'ipv4', byDefault: true } },
  },
  'AWS::NetworkFirewall::Firewall': {
    read: ['FirewallPolicyArn', 'TransitGatewayId'],
    ignored: [
      ...tagged,
      'FirewallName',
      'Description',
      'AvailabilityZoneMappings',
      'DeleteProtection',
      'FirewallPolicyChangeProtection',
      'AvailabilityZoneChangeProtection',
    ],
  },
  'AWS::NetworkFirewall::FirewallPolicy': {
    read: ['FirewallPolicy'],
    ignored: [...tagged, 'FirewallPolicyName', 'Description'],
  },
  'AWS::NetworkFirewall::RuleGroup': {
    read: ['Type', 'RuleGroup'],
    ignored: [...tagged, 'RuleGroupName', 'Description', 'Capacity'],
  },
  'AWS::NetworkFirewall::LoggingConfiguration': { read: [], ignored: ['FirewallArn', 'LoggingConfiguration'] },
  'AWS::ResourceGroups::Group': { read: ['Name', 'ResourceQuery'], ignored: [...tagged, 'Description'] },
  'AWS::Route53Resolver::FirewallDomainList': { read: ['Domains'], ignored: [...tagged, 'Name'] },
  'AWS::Route53Resolver::FirewallRuleGroup': { read: ['FirewallRules'], ignored: [...tagged, 'Name'] },
  'AWS::Route53Resolver::FirewallRuleGroupAssociation': {
    read: ['FirewallRuleGroupId', 'VpcId', 'Priority'],
    ignored: [...tagged, 'MutationProtection', 'Name'],
  },
  'AWS::Route53Resolver::ResolverEndpoint': {
    read: ['Direction', 'IpAddresses', 'SecurityGroupIds'],
    ignored: [...tagged, 'Protocols', 'Name'],
    fixed: { ResolverEndpointType: { value: 'IPV4', byDefault: true } },
  },
  'AWS::Route53Resolver::ResolverRule': {
    read: ['RuleType', 'DomainName', 'ResolverEndpointId', 'TargetIps'],
    ignored: [...tagged, 'Name'],
  },
  'AWS::Route53Resolver::ResolverRuleAssociation': { read: ['ResolverRuleId', 'VPCId'], ignored: ['Name'] },
  'AWS::Route53Resolver::ResolverQueryLoggingConfig': { read: [], ignored: [...tagged, 'DestinationArn', 'Name'] },
  'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation': {
    read: [],
    ignored: ['ResolverQueryLogConfigId', 'ResourceId'],
  },
  'AWS::DirectoryService::MicrosoftAD': {
    read: ['VpcSettings'],
    ignored: ['Name', 'ShortName', 'Password', 'Edition', 'EnableSso', 'CreateAlias'],
  },
  // A function in a VPC would be a machine of the network.
  'AWS::Lambda::Function': {
    read: [],
    ignored: [
      ...tagged,
      'Architectures',
      'Code',
      'DeadLetterConfig',
      'Description',
      'Environment',
      'EphemeralStorage',
      'FunctionName',
      'Handler',
      'KmsKeyArn',
      'Layers',
      'LoggingConfig',
      'MemorySize',
      'PackageType',
      'RecursiveLoop',
      'ReservedConcurrentExecutions',
      'Role',
      'Runtime',
      'RuntimeManagementConfig',
      'SnapStart',
      'Timeout',
      'TracingConfig',
    ],
  },
  'Custom::RenkeiVpnAttachment': {
    read: ['VpnConnectionId', 'TransitGatewayId'],
    ignored: ['ServiceToken', 'ServiceTimeout'],
  },
  'Custom::RenkeiWorkspaceDirectory': {
    read: ['DirectoryId', 'SubnetIds', 'WorkspaceCreationProperties'],
    ignored: ['ServiceToken', 'ServiceTimeout', 'SamlProperties', 'SelfservicePermissions'],
  },
  'Custom::RenkeiMembersGroupEgress': {
    read: ['SecurityGroupId', 'Egress'],
    ignored: ['ServiceToken', 'ServiceTimeout'],
  },
  'Custom::RenkeiDirectoryDataAccess': { read: [], ignored: ['ServiceToken', 'ServiceTimeout', 'DirectoryId'] },
  'Custom::VpcRestrictDefaultSG': {
    read: ['DefaultSecurityGroupId'],
    ignored: ['ServiceToken', 'Account', 'ServiceTimeout'],
  },
}
