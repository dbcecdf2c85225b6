import { RemovalPolicy, type Stack } from 'aws-cdk-lib'
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  CfnAccount,
  CognitoUserPoolsAuthorizer,
  EndpointType,
  JsonSchemaType,
  JsonSchemaVersion,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type CfnRestApi,
} from 'aws-cdk-lib/aws-apigateway'
import type { IUserPool } from 'aws-cdk-lib/aws-cognito'
import {
  AnyPrincipal,
  ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { LogGroup } from 'aws-cdk-lib/aws-logs'
import { Construct } from 'constructs'
import { IDEMPOTENCY_KEY, streamPattern } from '#domain/ledger/openapi.ts'
import { aggregates } from '#domain/registry.ts'
import type { Config } from '../kernel/config/load.ts'
import { searchableRetention } from '../kernel/retention.ts'

/** What the API is given. */
export interface ApiProps {
  /** The parsed configuration: how long logs are kept. */
  readonly config: Pick<Config, 'retention'>
  /** Whose tokens are taken. */
  readonly userPool: IUserPool
  /** Answers `POST /commands`. */
  readonly command: IFunction
  /** Answers every `GET`. */
  readonly query: IFunction
  /** Encrypts both log groups. */
  readonly logKey: IKey
}

/** The name of the stage is the version in the path: `/v1/commands`. */
const API_STAGE = 'v1'

/** One line a request: the LOG-2 fields that the gateway knows. Functions log the rest under the same request id. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    requestId: AccessLogField.contextRequestId(),
    actor: AccessLogField.contextAuthorizerClaims('custom:person'),
    role: AccessLogField.contextAuthorizerClaims('cognito:groups'),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    action: AccessLogField.contextHttpMethod(),
    object: AccessLogField.contextResourcePath(),
    result: AccessLogField.contextStatus(),
    bytes: AccessLogField.contextResponseLength(),
  }),
)

/**
 * The only door to the control plane. Every method asks for a token of the user pool (ARC-4), bodies are checked
 * against a schema before a function sees them, and both access and execution are logged without any body.
 */
export class Api extends Construct {
  /** The API itself; its address is published as a parameter. */
  readonly rest: RestApi

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id)
    const retention = searchableRetention(props.config.retention.searchableDays)
    const accessLogs = new LogGroup(this, 'AccessLog', { encryptionKey: props.logKey, retention })
    const account = this.logWriter()
    this.rest = new RestApi(this, 'Rest', {
      description: 'Renkei control plane: commands and queries',
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      cloudWatchRole: false,
      policy: new PolicyDocument({
        statements: [
          // The Cognito authorizer decides who; an API with a resource policy needs an Allow there as well.
          new PolicyStatement({
            principals: [new AnyPrincipal()],
            actions: ['execute-api:Invoke'],
            resources: ['execute-api:/*'],
            conditions: { Bool: { 'aws:SecureTransport': 'true' } },
          }),
        ],
      }),
      deployOptions: {
        stageName: API_STAGE,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: accessLog,
        loggingLevel: MethodLoggingLevel.INFO,
        dataTraceEnabled: false,
        metricsEnabled: true,
        tracingEnabled: true,
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
      },
    })
    // The address is published as a parameter; an output would be a second way to the same value.
    this.rest.node.tryRemoveChild('Endpoint')
    // CRY-2: TLS 1.3 only; strict mode also refuses a host name that differs from the one in the handshake.
    const rest = this.rest.node.defaultChild as CfnRestApi
    rest.securityPolicy = 'SecurityPolicy_TLS13_1_3_2025_09'
    rest.endpointAccessMode = 'STRICT'
    // Left alone, API Gateway makes this group itself: without our key, and kept forever.
    const executionLogs = new LogGroup(this, 'ExecutionLog', {
      logGroupName: `API-Gateway-Execution-Logs_${this.rest.restApiId}/${API_STAGE}`,
      encryptionKey: props.logKey,
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.rest.deploymentStage.node.addDependency(account, executionLogs)
    this.addRoutes(props)
  }

  /** ARN of the stage, for the web application firewall. */
  static stageArn(stack: Stack, apiId: string): string {
    return `arn:${stack.partition}:apigateway:${stack.region}::/restapis/${apiId}/stages/${API_STAGE}`
  }

  /** API Gateway writes its logs with one role for the whole account and region. */
  private logWriter(): CfnAccount {
    const role = new Role(this, 'LogRole', {
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
      description: 'Lets API Gateway write its logs',
      // API Gateway tests for exactly these rights when the role is set; a narrower one is refused.
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
    })
    return new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.roleArn })
  }

  private addRoutes(props: ApiProps): void {
    const authorizer = new CognitoUserPoolsAuthorizer(this, 'Authorizer', { cognitoUserPools: [props.userPool] })
    const validator = this.rest.addRequestValidator('Validator', {
      validateRequestBody: true,
      validateRequestParameters: true,
    })
    const options = { authorizer, authorizationType: AuthorizationType.COGNITO, requestValidator: validator }
    const command = new LambdaIntegration(props.command)
    const query = new LambdaIntegration(props.query)
    const model = this.rest.addModel('Command', {
      contentType: 'application/json',
      schema: {
        schema: JsonSchemaVersion.DRAFT4,
        type: JsonSchemaType.OBJECT,
        required: ['stream', 'command', 'idempotencyKey'],
        additionalProperties: false,
        properties: {
          stream: { type: JsonSchemaType.STRING, pattern: streamPattern(aggregates) },
          idempotencyKey: { type: JsonSchemaType.STRING, pattern: IDEMPOTENCY_KEY.source },
          dryRun: { type: JsonSchemaType.BOOLEAN },
          command: {
            type: JsonSchemaType.OBJECT,
            required: ['type'],
            properties: { type: { type: JsonSchemaType.STRING, pattern: '^[A-Za-z]{1,64}$' } },
          },
        },
      },
    })
    this.rest.root
      .addResource('commands')
      .addMethod('POST', command, { ...options, requestModels: { 'application/json': model } })
    const read = (path: string, parameters: Readonly<Record<string, boolean>> = {}) =>
      this.rest.root.resourceForPath(path).addMethod('GET', query, {
        ...options,
        requestParameters: Object.fromEntries(
          Object.entries(parameters).map(([name, required]) => [`method.request.${name}`, required]),
        ),
      })
    for (const { plural, authorization, view } of aggregates) {
      if (authorization === undefined) continue
      read(`${plural}/{id}`, { 'path.id': true })
      if (view) read(plural, { 'querystring.after': false })
    }
    read('ledger/{aggregate}/{id}', { 'path.id': true, 'querystring.after': false })
    read('openapi.json')
  }
}
