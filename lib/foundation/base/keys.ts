import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { AccountRootPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import type { Config } from '#lib/kernel/config/load.ts'
import { type KeyPurpose, parameterNames, publish } from '#lib/kernel/parameters.ts'

/** Which keys, and for which region. */
export interface PurposeKeysProps {
  /** The parsed configuration. */
  readonly config: Config
  /** Through whose services the keys are used. */
  readonly region: string
  /** One key is made for each. */
  readonly purposes: readonly KeyPurpose[]
}

/** What a key is for: which services use it, on behalf of a role (`via`) or in their own name (`services`). */
interface Use {
  readonly description: string
  readonly via: readonly string[]
  readonly services: readonly string[]
}

const uses: Record<KeyPurpose, Use> = {
  logs: {
    description: 'log groups, the config bucket and the log export',
    via: ['s3', 'firehose'],
    services: ['config'],
  },
  ledger: { description: 'ledger and view tables, attachments', via: ['dynamodb', 's3', 'backup'], services: [] },
  secrets: {
    description: 'secrets and environment of functions',
    via: ['secretsmanager', 'lambda', 'ssm'],
    services: [],
  },
  queues: { description: 'queues, and topics that feed them', via: ['sqs', 'sns'], services: ['events', 'sns'] },
  backup: { description: 'backup vault', via: ['backup', 'dynamodb', 's3', 'elasticfilesystem'], services: [] },
  alarms: { description: 'alarm topic and its dead letters', via: ['sns', 'sqs'], services: ['events', 'cloudwatch'] },
}

const administration = [
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:UpdateAlias',
  'kms:DescribeKey',
  'kms:EnableKey',
  'kms:DisableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:ListGrants',
  'kms:RevokeGrant',
  'kms:PutKeyPolicy',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateKeyDescription',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
]

/**
 * One customer key a purpose (CRY-3), rotated yearly. The account administers it, but uses it only through the services
 * of its purpose (`kms:ViaService`): no role can decrypt by calling KMS itself, and no key serves two purposes.
 */
export class PurposeKeys extends Construct {
  private readonly keys = new Map<KeyPurpose, Key>()

  constructor(scope: Construct, id: string, props: PurposeKeysProps) {
    super(scope, id)
    const { environment } = props.config
    for (const purpose of props.purposes) {
      const key = new Key(this, purpose, {
        alias: `alias/renkei/${environment}/${purpose}`,
        description: `Renkei ${environment}: ${uses[purpose].description}`,
        enableKeyRotation: true,
        rotationPeriod: Duration.days(365),
        pendingWindow: Duration.days(30),
        removalPolicy: RemovalPolicy.RETAIN,
        policy: new PolicyDocument({ statements: statements(purpose, props) }),
      })
      this.keys.set(purpose, key)
    }
  }

  /** The key of a purpose; asking for one that was not made is a programming error. */
  of(purpose: KeyPurpose): Key {
    const key = this.keys.get(purpose)
    if (!key) throw new Error(`no key for ${purpose} in ${this.node.path}: name it in purposes`)
    return key
  }

  /** Publishes every ARN for the other stacks. */
  publish(environment: string): void {
    for (const [purpose, key] of this.keys) publish(this, environment, parameterNames.keyArn(purpose), key.keyArn)
  }
}

function statements(purpose: KeyPurpose, { config, region }: PurposeKeysProps): PolicyStatement[] {
  const account = config.accounts.workload
  const { via, services } = uses[purpose]
  const viaServices = via.map((service) => `${service}.${region}.amazonaws.com`)
  const throughService = { 'kms:CallerAccount': account, 'kms:ViaService': viaServices }
  const root = new AccountRootPrincipal()
  const list = [
    new PolicyStatement({ sid: 'AccountAdministers', principals: [root], actions: administration, resources: ['*'] }),
    new PolicyStatement({
      sid: 'AccountUsesThroughItsServices',
      principals: [root],
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
      ],
      resources: ['*'],
      conditions: { StringEquals: throughService },
    }),
    new PolicyStatement({
      sid: 'ServicesTakeGrants',
      principals: [root],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { StringEquals: throughService, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ]
  if (services.length > 0) {
    list.push(
      new PolicyStatement({
        sid: 'ServicesInTheirOwnName',
        principals: services.map((service) => new ServicePrincipal(`${service}.amazonaws.com`)),
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    )
  }
  if (purpose === 'logs') {
    list.push(
      new PolicyStatement({
        sid: 'LogGroups',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${region}:${account}:log-group:*` },
        },
      }),
    )
  }
  return list
}
