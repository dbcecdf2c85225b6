import type { Template } from '#checks/template.ts'

/** JSON of a template, as a row changes it. */
interface Mutable {
  Resources: Record<
    string,
    { Type: string; Properties: Record<string, any>; DeletionPolicy?: string; UpdateReplacePolicy?: string }
  >
}

/** One deliberate weakening, and the check and rule that must catch it. */
export interface Weakening {
  readonly name: string
  /** requirement or invariant that it breaks */
  readonly requirement: string
  readonly stack: string
  readonly check: 'guard' | 'limits' | 'template' | 'cfn-lint' | 'nag'
  readonly rule: string
  readonly weaken: (template: Mutable) => void
  /** the same rule in another pack of the same check */
  readonly also?: readonly string[]
  /** judged as production is */
  readonly production?: true
}

type Properties = Record<string, any>

/** Properties of the first resource of a type that fits. */
function first(template: Mutable, type: string, fits: (properties: Properties) => boolean = () => true): Properties {
  const found = Object.values(template.Resources).find(
    (resource) => resource.Type === type && fits(resource.Properties),
  )
  if (!found) throw new Error(`the template has no ${type} to weaken`)
  return found.Properties
}

const statementsOf = (properties: Properties): Properties[] => properties['PolicyDocument'].Statement
const dropAll = (template: Mutable, type: string) => {
  const found = Object.entries(template.Resources).filter(([, resource]) => resource.Type === type)
  if (found.length === 0) throw new Error(`the template has no ${type} to drop`)
  for (const [id] of found) delete template.Resources[id]
}
const add =
  (Type: string, Properties: Properties = {}) =>
  (template: Mutable) => {
    template.Resources['Added'] = { Type, Properties }
  }
const change =
  (type: string, alter: (properties: Properties) => void, fits?: (properties: Properties) => boolean) =>
  (template: Mutable) =>
    alter(first(template, type, fits))
const dropTlsStatement = (type: string) =>
  change(
    type,
    (policy) => {
      policy['PolicyDocument'].Statement = statementsOf(policy).filter(
        (statement) => statement['Condition']?.Bool?.['aws:SecureTransport'] !== 'false',
      )
    },
    (policy) =>
      statementsOf(policy).some((statement) => statement['Condition']?.Bool?.['aws:SecureTransport'] === 'false'),
  )
const tunnel = (alter: (second: Properties) => void) =>
  change('AWS::EC2::VPNConnection', (connection) => alter(connection['VpnTunnelOptionsSpecifications'][1]))
const resource = (template: Mutable, type: string) =>
  Object.values(template.Resources).find(({ Type }) => Type === type)!
const copies =
  (count: number, make: (index: number) => { Type: string; Properties: Properties }) => (template: Mutable) => {
    for (let index = 0; index < count; index++) template.Resources[`Copy${index}`] = make(index)
  }

const guard = (
  stack: string,
  requirement: string,
  rule: string,
  name: string,
  weaken: Weakening['weaken'],
): Weakening => ({ name, requirement, stack, check: 'guard', rule, weaken })
const limits = (
  stack: string,
  requirement: string,
  rule: string,
  name: string,
  weaken: Weakening['weaken'],
): Weakening => ({ name, requirement, stack, check: 'limits', rule, weaken })

const network: Weakening[] = [
  guard(
    'visiting-1',
    'NET-1',
    'NET_1_no_internet_gateway',
    'an Internet gateway is added',
    add('AWS::EC2::InternetGateway'),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_1_no_internet_gateway',
    'an egress-only gateway is added',
    add('AWS::EC2::EgressOnlyInternetGateway'),
  ),
  guard('visiting-1', 'NET-1', 'NET_1_no_nat', 'a NAT gateway is added', add('AWS::EC2::NatGateway')),
  guard('hub', 'NET-1', 'NET_1_no_nat', 'a public address is added', add('AWS::EC2::EIP')),
  guard(
    'visiting-1',
    'C-1',
    'C_1_no_vpc_peering',
    'a peering goes around the firewall',
    add('AWS::EC2::VPCPeeringConnection'),
  ),
  guard(
    'visiting-1',
    'NET-1',
    'NET_1_no_public_subnet',
    'a subnet gives public addresses',
    change('AWS::EC2::Subnet', (subnet) => {
      subnet['MapPublicIpOnLaunch'] = true
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_no_default_route',
    'desktops get a default route',
    change('AWS::EC2::Route', (route) => {
      route['DestinationCidrBlock'] = '0.0.0.0/0'
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_no_default_route',
    'desktops get an IPv6 route',
    change('AWS::EC2::Route', (route) => {
      delete route['DestinationCidrBlock']
      route['DestinationIpv6CidrBlock'] = '::/0'
    }),
  ),
  guard(
    'visiting-1',
    'ARC-3',
    'ARC_3_no_open_ingress',
    'a security group is open to everyone',
    change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupIngress'] = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }]
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_no_open_egress',
    'a security group lets everything out',
    change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupEgress'] = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }]
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_egress_written_out',
    "a security group keeps EC2's default egress",
    change('AWS::EC2::SecurityGroup', (group) => {
      delete group['SecurityGroupEgress']
    }),
  ),
  guard(
    'visiting-1',
    'ARC-3',
    'ARC_3_no_open_ingress_rule',
    'a rule of its own opens a group to everyone',
    add('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'one',
      IpProtocol: 'tcp',
      FromPort: 22,
      ToPort: 22,
      CidrIp: '0.0.0.0/0',
    }),
  ),
  guard(
    'runtime',
    'NET-4',
    'NET_4_no_open_egress_rule',
    'a rule of its own lets desktops out',
    add('AWS::EC2::SecurityGroupEgress', { GroupId: 'one', IpProtocol: '-1', CidrIp: '172.20.0.0/20' }),
  ),
  guard('hub', 'LOG-1', 'LOG_1_gateway_has_flow_logs', 'the Transit Gateway does not log flows', (template) => {
    for (const [id, { Type, Properties }] of Object.entries(template.Resources))
      if (Type === 'AWS::EC2::FlowLog' && Properties['ResourceType'] === 'TransitGateway') delete template.Resources[id]
  }),
  guard(
    'visiting-1',
    'ARC-3',
    'ARC_3_no_acl_for_everyone',
    'a network ACL allows everyone',
    change('AWS::EC2::NetworkAclEntry', (entry) => {
      entry['CidrBlock'] = '0.0.0.0/0'
    }),
  ),
  guard('visiting-1', 'LOG-1', 'LOG_1_every_vpc_has_flow_logs', 'the flow log is dropped', (template) =>
    dropAll(template, 'AWS::EC2::FlowLog'),
  ),
  guard(
    'visiting-1',
    'LOG-1',
    'LOG_1_every_vpc_has_flow_logs',
    'the flow log leaves out what is refused',
    change('AWS::EC2::FlowLog', (log) => {
      log['TrafficType'] = 'ACCEPT'
    }),
  ),
  guard(
    'hub',
    'ARC-3',
    'ARC_3_gateway_routes_nothing_by_default',
    'default propagation is on',
    change('AWS::EC2::TransitGateway', (gateway) => {
      gateway['DefaultRouteTablePropagation'] = 'enable'
    }),
  ),
  guard(
    'hub',
    'ARC-3',
    'ARC_3_gateway_routes_nothing_by_default',
    'default association is left to AWS',
    change('AWS::EC2::TransitGateway', (gateway) => {
      delete gateway['DefaultRouteTableAssociation']
    }),
  ),
  guard(
    'link-NDB',
    'C-1',
    'C_1_no_propagation',
    'a database may announce routes',
    add('AWS::EC2::TransitGatewayRouteTablePropagation', {
      TransitGatewayAttachmentId: 'a',
      TransitGatewayRouteTableId: 'b',
    }),
  ),
]

const vpn: Weakening[] = [
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_ikev2_only',
    'the second tunnel also offers IKEv1',
    tunnel((second) => {
      second['IKEVersions'].push({ Value: 'ikev1' })
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_ikev2_only',
    'the second tunnel leaves the IKE version to AWS',
    tunnel((second) => {
      delete second['IKEVersions']
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_aes_gcm_only',
    'a tunnel offers AES-CBC',
    tunnel((second) => {
      second['Phase2EncryptionAlgorithms'] = [{ Value: 'AES256' }]
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_sha2_only',
    'a tunnel offers SHA-1',
    tunnel((second) => {
      second['Phase1IntegrityAlgorithms'].push({ Value: 'SHA1' })
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_strong_groups_only',
    'a tunnel offers group 2 for rekeying',
    tunnel((second) => {
      second['Phase2DHGroupNumbers'].push({ Value: 2 })
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_strong_groups_only',
    'a tunnel offers group 14',
    tunnel((second) => {
      second['Phase1DHGroupNumbers'] = [{ Value: 14 }]
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_short_lifetimes',
    'traffic keys live eight hours',
    tunnel((second) => {
      second['Phase2LifetimeSeconds'] = 28_800
    }),
  ),
  guard(
    'link-NDB',
    'NET-2',
    'NET_2_two_explicit_tunnels',
    'the second tunnel is left to AWS',
    change('AWS::EC2::VPNConnection', (connection) => {
      connection['VpnTunnelOptionsSpecifications'].pop()
    }),
  ),
  guard(
    'link-NDB',
    'LOG-1',
    'LOG_1_tunnel_logs',
    "a tunnel's log is off",
    tunnel((second) => {
      second['LogOptions'].CloudwatchLogOptions.LogEnabled = false
    }),
  ),
  guard(
    'link-NDB',
    'LOG-1',
    'LOG_1_tunnel_logs',
    "a tunnel's log is missing",
    tunnel((second) => {
      delete second['LogOptions']
    }),
  ),
  guard(
    'link-NDB',
    'AUTH-4',
    'AUTH_4_no_written_shared_key',
    'a pre-shared key stands in the template',
    tunnel((second) => {
      second['PreSharedKey'] = 'written'
    }),
  ),
  guard(
    'link-NDB',
    'AUTH-4',
    'AUTH_4_no_written_shared_key',
    'pre-shared keys leave Secrets Manager',
    change('AWS::EC2::VPNConnection', (connection) => {
      connection['PreSharedKeyStorage'] = 'Standard'
    }),
  ),
  limits(
    'link-NDB',
    'NET-2',
    'vpn-tunnel-options',
    'one option of one tunnel is left out',
    tunnel((second) => {
      delete second['Phase2IntegrityAlgorithms']
    }),
  ),
  guard(
    'link-NDB',
    'C-3',
    'C_3_static_routes_are_not_announced',
    'a connection ends elsewhere than on the Transit Gateway',
    change('AWS::EC2::VPNConnection', (connection) => {
      delete connection['TransitGatewayId']
      connection['VpnGatewayId'] = 'vgw'
    }),
  ),
]

const firewall: Weakening[] = [
  guard(
    'hub',
    'C-2',
    'C_2_firewall_drops_by_default',
    'the firewall passes what no rule names',
    change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulDefaultActions = ['aws:alert_strict']
    }),
  ),
  guard(
    'hub',
    'C-2',
    'C_2_firewall_drops_by_default',
    'stateless packets pass unseen',
    change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatelessDefaultActions = ['aws:pass']
    }),
  ),
  guard(
    'hub',
    'C-2',
    'C_2_groups_in_strict_order',
    'a group follows the default action order',
    change('AWS::NetworkFirewall::RuleGroup', ({ RuleGroup }) => {
      delete RuleGroup.StatefulRuleOptions
    }),
  ),
  guard(
    'hub',
    'VIS-7',
    'VIS_7_no_midstream_pickup',
    'a flushed flow resumes midstream',
    change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulEngineOptions.StreamExceptionPolicy = 'CONTINUE'
    }),
  ),
  guard(
    'hub',
    'C-2',
    'C_2_firewall_stays',
    'the firewall can be deleted',
    change('AWS::NetworkFirewall::Firewall', (properties) => {
      properties['DeleteProtection'] = false
    }),
  ),
  guard(
    'hub',
    'LOG-1',
    'LOG_1_firewall_logs',
    'the firewall does not log flows',
    change('AWS::NetworkFirewall::LoggingConfiguration', ({ LoggingConfiguration }) => {
      LoggingConfiguration.LogDestinationConfigs = LoggingConfiguration.LogDestinationConfigs.filter(
        ({ LogType }: { LogType: string }) => LogType !== 'FLOW',
      )
    }),
  ),
  limits(
    'hub',
    'C-2',
    'firewall-ip-sets-per-group',
    'a group refers to six sets',
    change('AWS::NetworkFirewall::RuleGroup', ({ RuleGroup }) => {
      RuleGroup.ReferenceSets = {
        IPSetReferences: Object.fromEntries('ABCDEF'.split('').map((name) => [name, { ReferenceArn: name }])),
      }
    }),
  ),
  limits(
    'hub',
    'C-2',
    'firewall-stateful-groups-per-policy',
    'a policy names 21 groups',
    change('AWS::NetworkFirewall::FirewallPolicy', ({ FirewallPolicy }) => {
      FirewallPolicy.StatefulRuleGroupReferences.push({ ResourceArn: 'one more', Priority: 99 })
    }),
  ),
  limits(
    'hub',
    'C-2',
    'firewall-group-without-capacity',
    'a group has no room for its rules',
    change('AWS::NetworkFirewall::RuleGroup', (group) => {
      group['Capacity'] = 1
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_dns_blocks_by_default',
    'unknown names are only reported',
    change('AWS::Route53Resolver::FirewallRuleGroup', ({ FirewallRules }) => {
      for (const rule of FirewallRules) if (rule.Action === 'BLOCK') rule.Action = 'ALERT'
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_dns_firewall_stays',
    'the DNS firewall can be taken off',
    change('AWS::Route53Resolver::FirewallRuleGroupAssociation', (association) => {
      association['MutationProtection'] = 'DISABLED'
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_desktop_vpc_has_dns_firewall',
    'desktops resolve past the DNS firewall',
    (template) => dropAll(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation'),
  ),
]

const storage: Weakening[] = [
  guard(
    'archive',
    'ARC-4',
    'ARC_4_bucket_not_public',
    'a bucket may be made public',
    change('AWS::S3::Bucket', (bucket) => {
      bucket['PublicAccessBlockConfiguration'].BlockPublicPolicy = false
    }),
  ),
  guard(
    'foundation',
    'ARC-4',
    'ARC_4_bucket_not_public',
    'a bucket has no public access block',
    change('AWS::S3::Bucket', (bucket) => {
      delete bucket['PublicAccessBlockConfiguration']
    }),
  ),
  guard(
    'archive',
    'ARC-4',
    'ARC_4_bucket_allows_nobody_at_large',
    'a bucket policy allows everyone',
    change('AWS::S3::BucketPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject', Resource: '*' })
    }),
  ),
  guard(
    'archive',
    'CRY-2',
    'CRY_2_bucket_tls_only',
    'a bucket answers without TLS',
    dropTlsStatement('AWS::S3::BucketPolicy'),
  ),
  guard(
    'archive',
    'CRY-3',
    'CRY_3_bucket_under_our_key',
    "the archive's key is dropped",
    change(
      'AWS::S3::Bucket',
      (bucket) => {
        bucket['BucketEncryption'] = {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        }
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
  ),
  guard(
    'archive',
    'CRY-3',
    'CRY_3_bucket_encrypted',
    'a bucket is not encrypted',
    change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['BucketEncryption']
      },
      (bucket) => bucket['LoggingConfiguration'] === undefined,
    ),
  ),
  guard('archive', 'CRY-2', 'CRY_2_bucket_has_policy', 'buckets have no policy', (template) =>
    dropAll(template, 'AWS::S3::BucketPolicy'),
  ),
  guard('control', 'CRY-2', 'CRY_2_queue_has_policy', 'queues have no policy', (template) =>
    dropAll(template, 'AWS::SQS::QueuePolicy'),
  ),
  guard('foundation', 'CRY-2', 'CRY_2_topic_has_policy', 'the alarm topic has no policy', (template) =>
    dropAll(template, 'AWS::SNS::TopicPolicy'),
  ),
  guard(
    'foundation',
    'SEC-5',
    'SEC_5_bucket_versioned',
    'a bucket forgets earlier versions',
    change('AWS::S3::Bucket', (bucket) => {
      delete bucket['VersioningConfiguration']
    }),
  ),
  guard(
    'archive',
    'LOG-3',
    'LOG_3_lock_has_default_retention',
    'what enters the archive is not locked by itself',
    change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['ObjectLockConfiguration'].Rule
      },
      (bucket) => bucket['ObjectLockEnabled'] === true,
    ),
  ),
  {
    ...guard(
      'archive',
      'LOG-3',
      'LOG_3_archive_locked_five_years',
      "production's archive is kept four years",
      change(
        'AWS::S3::Bucket',
        (bucket) => {
          bucket['ObjectLockConfiguration'].Rule.DefaultRetention.Days = 1460
        },
        (bucket) => bucket['ObjectLockEnabled'] === true,
      ),
    ),
    production: true,
  },
  {
    ...guard(
      'archive',
      'LOG-3',
      'LOG_3_archive_locked_five_years',
      "production's archive can be unlocked",
      change(
        'AWS::S3::Bucket',
        (bucket) => {
          bucket['ObjectLockConfiguration'].Rule.DefaultRetention.Mode = 'GOVERNANCE'
        },
        (bucket) => bucket['ObjectLockEnabled'] === true,
      ),
    ),
    production: true,
  },
  {
    name: 'a bucket does not log who reads it',
    requirement: 'LOG-1',
    stack: 'foundation',
    check: 'nag',
    rule: 'AwsSolutions-S1',
    also: ['NIST.800.53.R5-S3BucketLoggingEnabled'],
    weaken: change(
      'AWS::S3::Bucket',
      (bucket) => {
        delete bucket['LoggingConfiguration']
      },
      (bucket) => bucket['LoggingConfiguration'] !== undefined,
    ),
  },
  limits(
    'archive',
    'LOG-3',
    'bucket-policy-bytes',
    'a bucket policy outgrows S3',
    change('AWS::S3::BucketPolicy', (policy) => {
      statementsOf(policy).push({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::bucket/${'x'.repeat(60)}${index}`),
      })
    }),
  ),
  guard(
    'control',
    'C-5',
    'C_5_table_restorable',
    'the ledger cannot be restored',
    change('AWS::DynamoDB::Table', (table) => {
      table['PointInTimeRecoverySpecification'].PointInTimeRecoveryEnabled = false
    }),
  ),
  guard(
    'control',
    'C-5',
    'C_5_table_restorable',
    'the ledger can be deleted',
    change('AWS::DynamoDB::Table', (table) => {
      table['DeletionProtectionEnabled'] = false
    }),
  ),
  guard(
    'control',
    'CRY-3',
    'CRY_3_table_under_our_key',
    "the ledger's key is dropped",
    change('AWS::DynamoDB::Table', (table) => {
      delete table['SSESpecification']
    }),
  ),
  guard('control', 'C-11', 'C_11_table_outlives_stack', 'the ledger goes with its stack', (template) => {
    resource(template, 'AWS::DynamoDB::Table').DeletionPolicy = 'Delete'
  }),
  guard(
    'foundation',
    'SEC-5',
    'SEC_5_vault_locked',
    'the backup vault is not locked',
    change('AWS::Backup::BackupVault', (vault) => {
      delete vault['LockConfiguration']
    }),
  ),
  guard(
    'visiting-1',
    'CRY-3',
    'CRY_3_secret_under_our_key',
    "a secret is under AWS's key",
    change('AWS::SecretsManager::Secret', (secret) => {
      delete secret['KmsKeyId']
    }),
  ),
]

const keysAndLogs: Weakening[] = [
  guard(
    'foundation',
    'CRY-3',
    'CRY_3_key_rotated',
    'a key is not rotated',
    change('AWS::KMS::Key', (key) => {
      key['EnableKeyRotation'] = false
    }),
  ),
  guard(
    'foundation',
    'CRY-3',
    'CRY_3_no_key_for_everyone',
    'a key policy has a wildcard principal',
    change('AWS::KMS::Key', ({ KeyPolicy }) => {
      KeyPolicy.Statement.push({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' })
    }),
  ),
  guard('foundation', 'C-11', 'C_11_key_outlives_stack', 'a key goes with its stack', (template) => {
    resource(template, 'AWS::KMS::Key').DeletionPolicy = 'Delete'
  }),
  guard(
    'foundation',
    'CRY-3',
    'CRY_3_key_waits_before_deletion',
    'a key is gone at once',
    change('AWS::KMS::Key', (key) => {
      key['PendingWindowInDays'] = 1
    }),
  ),
  guard(
    'control',
    'LOG-1',
    'LOG_1_function_traced',
    "a function's calls are not traced",
    change('AWS::Lambda::Function', (properties) => {
      delete properties['TracingConfig']
    }),
  ),
  guard(
    'control',
    'CRY-1',
    'CRY_1_strong_key_spec',
    'receipts are signed with RSA-2048',
    change(
      'AWS::KMS::Key',
      (key) => {
        key['KeySpec'] = 'RSA_2048'
      },
      (key) => key['KeySpec'] === 'ECC_NIST_P384',
    ),
  ),
  guard(
    'hub',
    'LOG-3',
    'LOG_3_log_group_kept_a_year',
    'a log group has no retention',
    change('AWS::Logs::LogGroup', (group) => {
      delete group['RetentionInDays']
    }),
  ),
  guard(
    'link-NDB',
    'LOG-3',
    'LOG_3_log_group_kept_a_year',
    'a log group is kept half a year',
    change('AWS::Logs::LogGroup', (group) => {
      group['RetentionInDays'] = 180
    }),
  ),
  guard(
    'control',
    'CRY-3',
    'CRY_3_log_group_under_our_key',
    "a log group's key is dropped",
    change('AWS::Logs::LogGroup', (group) => {
      delete group['KmsKeyId']
    }),
  ),
  guard(
    'detection',
    'LOG-3',
    'LOG_3_trail_validated',
    'a changed trail file would not be found',
    change('AWS::CloudTrail::Trail', (trail) => {
      trail['EnableLogFileValidation'] = false
    }),
  ),
  guard(
    'detection',
    'LOG-1',
    'LOG_3_trail_validated',
    'the trail is switched off',
    change('AWS::CloudTrail::Trail', (trail) => {
      trail['IsLogging'] = false
    }),
  ),
  guard(
    'control',
    'LOG-1',
    'LOG_1_api_access_logged',
    'calls of the API are not logged',
    change('AWS::ApiGateway::Stage', (stage) => {
      delete stage['AccessLogSetting']
    }),
  ),
]

const identity: Weakening[] = [
  guard(
    'control',
    'AUTH-1',
    'AUTH_1_mfa_required',
    'a second factor is optional',
    change('AWS::Cognito::UserPool', (pool) => {
      pool['MfaConfiguration'] = 'OPTIONAL'
    }),
  ),
  guard(
    'control',
    'AUTH-1',
    'AUTH_1_mfa_required',
    'the second factor comes by SMS',
    change('AWS::Cognito::UserPool', (pool) => {
      pool['EnabledMfas'] = ['SOFTWARE_TOKEN_MFA', 'SMS_MFA']
    }),
  ),
  guard(
    'control',
    'AUTH-2',
    'AUTH_2_password_rule',
    'a password of eight characters will do',
    change('AWS::Cognito::UserPool', (pool) => {
      pool['Policies'].PasswordPolicy.MinimumLength = 8
    }),
  ),
  guard(
    'control',
    'AUTH-3',
    'AUTH_3_no_self_sign_up',
    'anybody can sign up',
    change('AWS::Cognito::UserPool', (pool) => {
      pool['AdminCreateUserConfig'].AllowAdminCreateUserOnly = false
    }),
  ),
  guard(
    'control',
    'ARC-4',
    'ARC_4_every_call_authorized',
    'one method of the API asks for no token',
    change(
      'AWS::ApiGateway::Method',
      (method) => {
        method['AuthorizationType'] = 'NONE'
      },
      (method) => method['HttpMethod'] === 'POST',
    ),
  ),
  guard(
    'control',
    'CRY-2',
    'CRY_2_api_tls13',
    'the API speaks TLS 1.2',
    change('AWS::ApiGateway::RestApi', (api) => {
      api['SecurityPolicy'] = 'TLS_1_2'
    }),
  ),
  guard(
    'control',
    'AUTH-5',
    'AUTH_5_no_action_wildcard',
    'a role may do everything',
    change('AWS::IAM::ManagedPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Action: '*', Resource: '*' })
    }),
  ),
  guard(
    'control',
    'AUTH-5',
    'AUTH_5_no_action_wildcard',
    'a role may do everything with S3',
    change('AWS::IAM::ManagedPolicy', (policy) => {
      statementsOf(policy).push({ Effect: 'Allow', Action: ['s3:*'], Resource: '*' })
    }),
  ),
  guard(
    'control',
    'AUTH-5',
    'AUTH_5_no_action_wildcard_inline',
    'a role carries a policy that allows everything',
    change('AWS::IAM::Role', (role) => {
      role['Policies'] = [
        { PolicyName: 'open', PolicyDocument: { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] } },
      ]
    }),
  ),
  guard(
    'control',
    'AUTH-5',
    'AUTH_5_no_role_for_everyone',
    'anybody may take a role',
    change('AWS::IAM::Role', (role) => {
      role['AssumeRolePolicyDocument'].Statement.push({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
      })
    }),
  ),
  guard(
    'hub',
    'AUTH-5',
    'AUTH_5_no_administrator',
    'a function is an administrator',
    change('AWS::IAM::Role', (role) => {
      role['ManagedPolicyArns'] = [
        { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] },
      ]
    }),
  ),
  guard('foundation', 'AUTH-3', 'AUTH_3_no_iam_user', 'an IAM user is added', add('AWS::IAM::User')),
  guard(
    'control',
    'ARC-4',
    'ARC_4_no_function_url',
    'a function gets an address of its own',
    add('AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: 'f' }),
  ),
  guard(
    'control',
    'ARC-4',
    'ARC_4_function_not_public',
    'anybody may call a function',
    change('AWS::Lambda::Permission', (permission) => {
      permission['Principal'] = '*'
    }),
  ),
  guard(
    'control',
    'SEC-4',
    'SEC_4_function_runtime',
    'a function runs on a runtime without patches',
    change('AWS::Lambda::Function', (properties) => {
      properties['Runtime'] = 'nodejs16.x'
    }),
  ),
  guard(
    'control',
    'CRY-3',
    'CRY_3_queue_under_our_key',
    "a queue's key is dropped",
    change('AWS::SQS::Queue', (queue) => {
      delete queue['KmsMasterKeyId']
    }),
  ),
  guard(
    'control',
    'CRY-2',
    'CRY_2_queue_tls_only',
    'a queue answers without TLS',
    dropTlsStatement('AWS::SQS::QueuePolicy'),
  ),
  guard(
    'foundation',
    'CRY-3',
    'CRY_3_topic_under_our_key',
    "the alarm topic's key is dropped",
    change('AWS::SNS::Topic', (topic) => {
      delete topic['KmsMasterKeyId']
    }),
  ),
  guard(
    'foundation',
    'CRY-2',
    'CRY_2_topic_tls_only',
    'the alarm topic answers without TLS',
    dropTlsStatement('AWS::SNS::TopicPolicy'),
  ),
]

const desktops: Weakening[] = [
  guard(
    'visiting-1',
    'VIS-2',
    'VIS_2_no_local_administrator',
    'users are administrators of their desktops',
    change('Custom::RenkeiWorkspaceDirectory', ({ WorkspaceCreationProperties }) => {
      WorkspaceCreationProperties.UserEnabledAsLocalAdministrator = true
    }),
  ),
  guard(
    'visiting-1',
    'NET-4',
    'NET_4_desktop_without_public_address',
    'desktops get public addresses',
    change('Custom::RenkeiWorkspaceDirectory', ({ WorkspaceCreationProperties }) => {
      WorkspaceCreationProperties.EnableInternetAccess = true
    }),
  ),
  guard(
    'visiting-1',
    'VIS-2',
    'VIS_2_no_self_service',
    'users may rebuild their desktops',
    change('Custom::RenkeiWorkspaceDirectory', ({ SelfservicePermissions }) => {
      SelfservicePermissions.RebuildWorkspace = 'ENABLED'
    }),
  ),
  guard(
    'visiting-1',
    'C-2',
    'C_2_members_group_narrow',
    "WorkSpaces' own group lets everything out",
    change('Custom::RenkeiMembersGroupEgress', ({ Egress }) => {
      Egress[0].CidrIp = '0.0.0.0/0'
    }),
  ),
  guard('visiting-1', 'C-2', 'C_2_members_group_narrowed', "WorkSpaces' own group is left as it is", (template) =>
    dropAll(template, 'Custom::RenkeiMembersGroupEgress'),
  ),
  guard(
    'visiting-1',
    'AUTH-4',
    'AUTH_4_directory_password_not_written',
    "the directory's password is written down",
    change('AWS::DirectoryService::MicrosoftAD', (directory) => {
      directory['Password'] = 'Written-down-1'
    }),
  ),
  guard(
    'runtime',
    'NET-5',
    'NET_5_desktop_volumes_under_project_key',
    "a desktop's volume is not encrypted",
    change('AWS::WorkSpaces::Workspace', (desktop) => {
      desktop['RootVolumeEncryptionEnabled'] = false
    }),
  ),
  guard(
    'runtime',
    'VIS-7',
    'VIS_7_desktop_can_be_stopped',
    'a desktop is always on',
    change('AWS::WorkSpaces::Workspace', ({ WorkspaceProperties }) => {
      WorkspaceProperties.RunningMode = 'ALWAYS_ON'
    }),
  ),
  guard(
    'runtime',
    'NET-5',
    'NET_5_file_system_has_policy',
    "a store keeps EFS's default policy",
    change('AWS::EFS::FileSystem', (store) => {
      delete store['FileSystemPolicy']
    }),
  ),
  guard(
    'runtime',
    'NET-5',
    'NET_5_file_system_encrypted',
    "a store is not under the project's key",
    change('AWS::EFS::FileSystem', (store) => {
      delete store['KmsKeyId']
    }),
  ),
  guard(
    'runtime',
    'NET-4',
    'NET_4_no_open_egress',
    "a project's group keeps EC2's default egress",
    change('AWS::EC2::SecurityGroup', (group) => {
      group['SecurityGroupEgress'] = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]
    }),
  ),
  guard(
    'runtime',
    'CRY-3',
    'CRY_3_key_rotated',
    "a project's key is not rotated",
    change('AWS::KMS::Key', (key) => {
      key['EnableKeyRotation'] = false
    }),
  ),
  limits(
    'runtime',
    'C-2',
    'security-group-rules',
    "a project's group outgrows its rules",
    copies(61, (index) => ({
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: {
        GroupId: 'one',
        IpProtocol: 'tcp',
        FromPort: 6000 + index,
        ToPort: 6000 + index,
        CidrIp: '172.20.0.0/28',
      },
    })),
  ),
]

const counts: Weakening[] = [
  limits(
    'link-NDB',
    'C-2',
    'prefix-list-exact',
    'a prefix list reserves more than it holds',
    change('AWS::EC2::PrefixList', (list) => {
      list['MaxEntries'] = 10
    }),
  ),
  limits(
    'visiting-1',
    'VIS-1',
    'route-ten-wide',
    'a route covers the whole of 10.0.0.0/8',
    change('AWS::EC2::Route', (route) => {
      route['DestinationCidrBlock'] = '10.0.0.0/8'
    }),
  ),
  limits(
    'hub',
    'VIS-1',
    'route-over-management-network',
    'a route covers the management network of WorkSpaces',
    change('AWS::EC2::TransitGatewayRoute', (route) => {
      route['DestinationCidrBlock'] = '198.18.0.0/15'
    }),
  ),
  limits(
    'hub',
    'ARC-3',
    'transit-gateway-route-tables',
    'the Transit Gateway gets 21 route tables',
    copies(21, () => ({ Type: 'AWS::EC2::TransitGatewayRouteTable', Properties: { TransitGatewayId: 'one' } })),
  ),
  limits('visiting-1', 'NET-5', 'efs-mount-targets-per-vpc', 'a cell gets 401 mount targets', (template) => {
    template.Resources = {}
    copies(401, () => ({ Type: 'AWS::EFS::MountTarget', Properties: {} }))(template)
  }),
  limits(
    'hub',
    'LOG-1',
    'log-resource-policies-per-region',
    'eleven log policies in a region',
    copies(11, () => ({ Type: 'AWS::Logs::ResourcePolicy', Properties: { PolicyDocument: '{}' } })),
  ),
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

/** Every weakening that the checks are held to. */
export const weakenings: readonly Weakening[] = [
  ...network,
  ...vpn,
  ...firewall,
  ...storage,
  ...keysAndLogs,
  ...identity,
  ...desktops,
  ...counts,
]

/** A weakened copy of a template. */
export function weakened(template: Template, { weaken }: Weakening): Template {
  const copy = structuredClone(template) as unknown as Mutable
  weaken(copy)
  return copy as unknown as Template
}
