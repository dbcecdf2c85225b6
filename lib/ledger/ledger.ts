import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib'
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import { AnyPrincipal, Effect, PolicyStatement, type IGrantable, type IRole } from 'aws-cdk-lib/aws-iam'
import { Key, KeySpec, KeyUsage, type IKey } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'

/** What the ledger is given. */
export interface LedgerProps {
  /** Encrypts both tables (CRY-3). */
  readonly key: IKey
}

/** What would change or remove an item of the ledger; nobody is allowed any of it (C-5). */
const REWRITES = [
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
]

/**
 * The append-only ledger (C-5), the view that is read instead of it, and the key that signs receipts.
 * DynamoDB cannot be told to refuse an overwriting PutItem by policy, so append-only rests on four things: only
 * the roles given to `restrictAppends` may put, they put under a condition, every change shows in the stream as
 * something other than INSERT (an alarm), and each item is copied to write-once storage.
 */
export class Ledger extends Construct {
  /** The events: partition `stream`, sort key `sequence`. */
  readonly table: Table
  /** What is read instead: partition `view`, sort key `id`. */
  readonly view: Table
  /** requests that were answered, by actor and idempotency key, for a month (C-10) */
  readonly requests: Table
  /** Signs the receipt of every event (CRY-1). */
  readonly receiptKey: Key
  private readonly key: IKey

  constructor(scope: Construct, id: string, props: LedgerProps) {
    super(scope, id)
    this.key = props.key
    const common = {
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    } as const
    this.table = new Table(this, 'Table', {
      ...common,
      partitionKey: { name: 'stream', type: AttributeType.STRING },
      sortKey: { name: 'sequence', type: AttributeType.NUMBER },
      stream: StreamViewType.NEW_IMAGE,
    })
    this.view = new Table(this, 'View', {
      ...common,
      partitionKey: { name: 'view', type: AttributeType.STRING },
      sortKey: { name: 'id', type: AttributeType.STRING },
      // Marks of what is no longer in a list go by themselves; nothing that a list shows has this attribute.
      timeToLiveAttribute: 'expires',
    })
    this.requests = new Table(this, 'Requests', {
      ...common,
      partitionKey: { name: 'actor', type: AttributeType.STRING },
      sortKey: { name: 'key', type: AttributeType.STRING },
      timeToLiveAttribute: 'expires',
    })
    for (const table of [this.table, this.view, this.requests]) Tags.of(table).add('renkei:backup', 'true')
    this.table.addToResourcePolicy(
      new PolicyStatement({
        sid: 'NobodyRewritesTheLedger',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: REWRITES,
        resources: ['*'],
      }),
    )
    this.receiptKey = new Key(this, 'ReceiptKey', {
      description: 'Signs the receipt of every ledger event (C-5)',
      keySpec: KeySpec.ECC_NIST_P384,
      keyUsage: KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    })
  }

  /** The settings of a function that reads ledger or view. */
  get readerSettings(): Record<string, string> {
    return { LEDGER_TABLE: this.table.tableName, VIEW_TABLE: this.view.tableName }
  }

  /** The settings of a function that appends. */
  get appenderSettings(): Record<string, string> {
    return { ...this.readerSettings, RECEIPT_KEY_ID: this.receiptKey.keyArn }
  }

  /** May read events, may append new ones, may sign receipts; may change nothing. */
  grantAppend(grantee: IGrantable): void {
    this.grantRead(grantee)
    this.allow(grantee, ['dynamodb:PutItem', 'dynamodb:ConditionCheckItem'], this.table.tableArn)
    this.allow(grantee, ['kms:Encrypt', 'kms:GenerateDataKey'], this.key.keyArn)
    this.allow(grantee, ['kms:Sign'], this.receiptKey.keyArn)
  }

  /** May read events. */
  /** May remember which requests were answered, so that one sent again is done once (C-10). */
  grantAnswer(grantee: IGrantable): void {
    this.allow(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], this.requests.tableArn)
  }

  grantRead(grantee: IGrantable): void {
    this.allow(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], this.table.tableArn)
    this.allow(grantee, ['kms:Decrypt'], this.key.keyArn)
  }

  /** May read views. */
  grantReadView(grantee: IGrantable): void {
    this.allow(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], this.view.tableArn)
    this.allow(grantee, ['kms:Decrypt'], this.key.keyArn)
  }

  /** The provisioner's notes, suspension marks and call tokens stand beside the views. */
  grantRemember(grantee: IGrantable): void {
    this.grantReadView(grantee)
    this.allow(grantee, ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'], this.view.tableArn)
    this.allow(grantee, ['kms:Encrypt', 'kms:GenerateDataKey'], this.key.keyArn)
  }

  /** May read events and write the views that follow from them. */
  grantProject(grantee: IGrantable): void {
    this.grantRead(grantee)
    this.allow(grantee, ['dynamodb:GetItem', 'dynamodb:PutItem'], this.view.tableArn)
    this.allow(grantee, ['kms:Encrypt', 'kms:GenerateDataKey'], this.key.keyArn)
  }

  /** The table itself refuses an append by anybody but these roles, whatever their own policies say. */
  restrictAppends(...roles: readonly IRole[]): void {
    this.table.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyTheDecidingFunctionsAppend',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['dynamodb:PutItem'],
        resources: ['*'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': roles.map((role) => role.roleArn) } },
      }),
    )
  }

  private allow(grantee: IGrantable, actions: string[], resource: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }))
  }
}
