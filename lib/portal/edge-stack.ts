import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  CfnLogDeliveryConfiguration,
  ClientAttributes,
  OAuthScope,
  ProviderAttribute,
  SigningAlgorithm,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
  UserPoolDomain,
  UserPoolIdentityProviderSaml,
  UserPoolIdentityProviderSamlMetadata,
} from 'aws-cdk-lib/aws-cognito'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import type { Construct } from 'constructs'
import { searchableRetention } from '../kernel/retention.ts'
import { consume, parameterNames, publish } from '../kernel/parameters.ts'
import { platformKey } from '../kernel/platform-key.ts'
import type { RenkeiStackProps } from '../kernel/stack.ts'
import { Api } from '../ledger/api.ts'

/**
 * Where the operator's command listens for the answer of the identity provider; a loopback address needs no TLS (RFC
 * 8252, 7.3).
 */
const CLI_CALLBACK = 'http://localhost:8976/callback'
/** Requests of one address in five minutes; a person at work stays far below. */
const REQUESTS_PER_ADDRESS = 1000

/** SAML attribute in which the identity provider names the factors it checked (AUTH-1). */
const FACTORS_ATTRIBUTE = 'http://schemas.microsoft.com/claims/authnmethodsreferences'

/**
 * What stands before the control plane on AWS and cannot be emulated locally: the web application firewall of the
 * API and of the sign-in pages, and the federation with the identity provider. It follows `control`.
 */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, props: RenkeiStackProps) {
    super(scope, id, props)
    const { environment } = props.config
    const userPoolId = consume(this, environment, parameterNames.userPoolId())
    const userPool = UserPool.fromUserPoolId(this, 'Pool', userPoolId)
    const logKey = platformKey(this, environment, 'logs')
    this.recordSignIns(props, userPoolId, logKey)
    this.protect(props, logKey, [
      Api.stageArn(this, consume(this, environment, parameterNames.apiId())),
      userPool.userPoolArn,
    ])

    const { identityProvider } = props.config
    // A configuration without one is refused (C-7); nothing is federated with nobody.
    if (identityProvider === undefined) return
    const provider = new UserPoolIdentityProviderSaml(this, 'IdentityProvider', {
      userPool,
      name: identityProvider.name,
      metadata: UserPoolIdentityProviderSamlMetadata.url(identityProvider.metadataUrl),
      requestSigningAlgorithm: SigningAlgorithm.RSA_SHA256,
      idpSignout: true,
      // Person, organisation, databases and roles are not taken from the provider: the operator links the account.
      attributeMapping: { custom: { 'custom:factors': ProviderAttribute.other(FACTORS_ATTRIBUTE) } },
    })
    new UserPoolDomain(this, 'SignIn', {
      userPool,
      cognitoDomain: { domainPrefix: `renkei-${environment}-${props.config.accounts.workload}` },
    })
    const client = new UserPoolClient(this, 'FederatedClient', {
      userPool,
      generateSecret: false,
      authFlows: {},
      supportedIdentityProviders: [UserPoolClientIdentityProvider.custom(identityProvider.name)],
      // Without the scope aws.cognito.signin.user.admin no token of this client can change the account's attributes,
      // which the mapping obliges us to leave writable.
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [CLI_CALLBACK],
        logoutUrls: [CLI_CALLBACK],
      },
      writeAttributes: new ClientAttributes().withCustomAttributes('factors'),
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.hours(8),
    })
    client.node.addDependency(provider)
    publish(this, environment, parameterNames.federatedClientId(), client.userPoolClientId)
  }

  /** Every sign-in to the control plane, with its result and what the threat protection made of it (LOG-1). */
  private recordSignIns({ config }: RenkeiStackProps, userPoolId: string, logKey: IKey): void {
    const logs = new LogGroup(this, 'SignInLog', {
      // Of this beginning, so that deliveries do not fill up the region's resource policies (CloudWatch Logs user
      // guide, vended logs).
      logGroupName: `/aws/vendedlogs/renkei-${config.environment}-sign-ins`,
      encryptionKey: logKey,
      retention: searchableRetention(config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    new CfnLogDeliveryConfiguration(this, 'SignInLogging', {
      userPoolId,
      logConfigurations: [
        {
          eventSource: 'userAuthEvents',
          logLevel: 'INFO',
          cloudWatchLogsConfiguration: {
            logGroupArn: `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:${logs.logGroupName}`,
          },
        },
      ],
    })
  }

  private protect({ config }: RenkeiStackProps, logKey: IKey, targets: readonly string[]): void {
    const metrics = (metricName: string) => ({
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
      metricName,
    })
    const managed = (priority: number, name: string) => ({
      name,
      priority,
      overrideAction: { none: {} },
      visibilityConfig: metrics(name),
      statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } },
    })
    const acl = new CfnWebACL(this, 'Firewall', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      description: 'API and sign-in pages of the control plane',
      visibilityConfig: metrics('edge'),
      rules: [
        {
          name: 'rate',
          priority: 0,
          action: { block: {} },
          visibilityConfig: metrics('rate'),
          statement: { rateBasedStatement: { limit: REQUESTS_PER_ADDRESS, aggregateKeyType: 'IP' } },
        },
        managed(1, 'AWSManagedRulesAmazonIpReputationList'),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet'),
        {
          // An application is larger than the 8 KB that this rule of the common set lets a body have; API Gateway and
          // the function bound it.
          ...managed(3, 'AWSManagedRulesCommonRuleSet'),
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              ruleActionOverrides: [{ name: 'SizeRestrictions_BODY', actionToUse: { count: {} } }],
            },
          },
        },
      ],
    })
    // AWS demands this beginning of the name of a log group that a web application firewall writes to.
    const logs = new LogGroup(this, 'FirewallLog', {
      logGroupName: `aws-waf-logs-renkei-${config.environment}`,
      encryptionKey: logKey,
      retention: searchableRetention(config.retention.searchableDays),
      removalPolicy: RemovalPolicy.RETAIN,
    })
    new CfnLoggingConfiguration(this, 'FirewallLogging', {
      resourceArn: acl.attrArn,
      // WAF takes the ARN without the `:*` that the log group's own attribute ends with.
      logDestinationConfigs: [
        `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:${logs.logGroupName}`,
      ],
      redactedFields: [{ singleHeader: { Name: 'authorization' } }],
    })
    targets.forEach((resourceArn, index) => {
      new CfnWebACLAssociation(this, `Protects${index}`, { resourceArn, webAclArn: acl.attrArn })
    })
  }
}
