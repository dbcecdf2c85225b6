import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnUserPoolGroup,
  ClientAttributes,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  UserPoolClient,
} from 'aws-cdk-lib/aws-cognito'
import { Construct } from 'constructs'
import type { Config } from '../kernel/config/load.ts'
import type { Role } from '#domain/kernel/decider.ts'

/** What the user pool is given. */
export interface IdentityProps {
  /** Whether it is production: then nobody signs in but through the identity provider. */
  readonly config: Pick<Config, 'production'>
}

/** Roles a person can be given; a machine's `system` role is never among them. */
const GROUPS: Readonly<Record<Exclude<Role, 'system'>, string>> = {
  applicant: 'May apply for the use of data',
  handler: 'Handles data of a granted project (取扱者)',
  reviewer: 'Member of the review committee (審査委員会)',
  holder: 'Decides for the databases named in custom:database',
  operator: 'Operates the platform; cannot read project data',
}

/**
 * Who people are to the control plane. The external identity provider proves identity (stack `edge`); roles,
 * person and organisation are set here by the operator alone, so that the provider cannot hand out rights.
 * Production has no password of its own (C-7: one identity a person); elsewhere the pool's own users sign in
 * with a password and a one-time code.
 */
export class Identity extends Construct {
  /** Its id is published. */
  readonly pool: UserPool
  /** The client of the pool's own users; none in production. */
  readonly client: UserPoolClient | undefined

  constructor(scope: Construct, id: string, props: IdentityProps) {
    super(scope, id)
    this.pool = new UserPool(this, 'Pool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      signInCaseSensitive: false,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false, email: false },
      // AUTH-2: 13 characters or more, mixed; nothing forces a periodic change.
      passwordPolicy: {
        minLength: 13,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // AUTH-4: a reset goes through an operator who checks who is asking.
      accountRecovery: AccountRecovery.NONE,
      standardAttributes: { email: { required: false, mutable: true } },
      customAttributes: {
        person: new StringAttribute({ minLen: 1, maxLen: 64, mutable: false }),
        organisation: new StringAttribute({ minLen: 1, maxLen: 128, mutable: true }),
        database: new StringAttribute({ maxLen: 1024, mutable: true }),
        factors: new StringAttribute({ maxLen: 256, mutable: true }),
      },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: props.config.production,
      removalPolicy: props.config.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    })
    for (const [groupName, description] of Object.entries(GROUPS)) {
      new CfnUserPoolGroup(this, `Group-${groupName}`, { userPoolId: this.pool.userPoolId, groupName, description })
    }
    if (!props.config.production) {
      this.client = new UserPoolClient(this, 'Client', {
        userPool: this.pool,
        generateSecret: false,
        authFlows: { userSrp: true, userPassword: true },
        // A person may not write what decides about them (person, organisation, database, factors).
        writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
        disableOAuth: true,
        preventUserExistenceErrors: true,
        enableTokenRevocation: true,
        accessTokenValidity: Duration.minutes(15),
        idTokenValidity: Duration.minutes(15),
        refreshTokenValidity: Duration.hours(8),
      })
    }
  }
}
