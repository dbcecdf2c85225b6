import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Role } from '#domain/kernel/decider.ts'
import { keepCredentials, oneTimeCode } from '#scripts/tools/demonstration-people.ts'

/** One person of the story: what the identity provider would say of them. */
export interface Person {
  readonly id: string
  readonly organisation: string
  readonly roles: readonly Exclude<Role, 'system'>[]
  /** databases a holder decides for */
  readonly databases?: readonly string[]
}

/** A person with a fresh id token. */
export interface SignedIn extends Person {
  readonly token: string
}

/** A password of the local user pool; it opens nothing but an emulator on this machine. */
const newPassword = () => `Lo-cal ${crypto.randomUUID()}!A1`

/** Registers a person in the user pool, enrols a one-time code and signs in with both factors (AUTH-1). */
export async function enrol(
  person: Person,
  pool: { readonly id: string; readonly clientId: string },
): Promise<SignedIn> {
  const cognito = new CognitoIdentityProviderClient({})
  const password = newPassword()
  await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId: pool.id,
      Username: person.id,
      MessageAction: 'SUPPRESS',
      // The emulator's own temporary password is shorter than the policy (AUTH-2) allows, and is refused by it.
      TemporaryPassword: newPassword(),
      UserAttributes: [
        { Name: 'custom:person', Value: person.id },
        { Name: 'custom:organisation', Value: person.organisation },
        ...(person.databases ? [{ Name: 'custom:database', Value: person.databases.join(',') }] : []),
      ],
    }),
  )
  await cognito.send(
    new AdminSetUserPasswordCommand({
      UserPoolId: pool.id,
      Username: person.id,
      Password: password,
      Permanent: true,
    }),
  )
  for (const group of person.roles)
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId: pool.id, Username: person.id, GroupName: group }))
  const { token, secret } = await signIn(cognito, person.id, password, pool.clientId)
  keepCredentials({ ...person, password, secret })
  return { ...person, token }
}

/** An id token, and the secret of the one-time codes that was enrolled for it. */
interface FirstSignIn {
  readonly token: string
  readonly secret: string
}

async function signIn(
  cognito: CognitoIdentityProviderClient,
  username: string,
  password: string,
  clientId: string,
): Promise<FirstSignIn> {
  const first = await cognito.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  )
  if (first.ChallengeName === 'MFA_SETUP') {
    const enrolment = await cognito.send(new AssociateSoftwareTokenCommand({ Session: first.Session }))
    const verified = await cognito.send(
      new VerifySoftwareTokenCommand({
        Session: enrolment.Session,
        UserCode: oneTimeCode(enrolment.SecretCode!, Date.now()),
      }),
    )
    const done = await cognito.send(
      new RespondToAuthChallengeCommand({
        ClientId: clientId,
        ChallengeName: 'MFA_SETUP',
        Session: verified.Session,
        ChallengeResponses: { USERNAME: username },
      }),
    )
    return { token: done.AuthenticationResult!.IdToken!, secret: enrolment.SecretCode! }
  }
  return await enrolThenChallenge(cognito, username, password, clientId, first)
}

/**
 * The emulator lets a person in before a second factor is enrolled; it is enrolled then, and the sign-in repeated with
 * both.
 */
async function enrolThenChallenge(
  cognito: CognitoIdentityProviderClient,
  username: string,
  password: string,
  clientId: string,
  first: {
    readonly AuthenticationResult?: { readonly AccessToken?: string }
    readonly ChallengeName?: string
    readonly Session?: string
  },
): Promise<FirstSignIn> {
  let secret = ''
  let challenge = first
  if (first.AuthenticationResult) {
    const AccessToken = first.AuthenticationResult.AccessToken!
    secret = (await cognito.send(new AssociateSoftwareTokenCommand({ AccessToken }))).SecretCode!
    await cognito.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode: oneTimeCode(secret, Date.now()) }))
    challenge = await cognito.send(
      new InitiateAuthCommand({
        ClientId: clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    )
  }
  if (challenge.AuthenticationResult) throw new Error(`${username} was let in with one factor (AUTH-1)`)
  const done = await cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: 'SOFTWARE_TOKEN_MFA',
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: username, SOFTWARE_TOKEN_MFA_CODE: oneTimeCode(secret, Date.now()) },
    }),
  )
  return { token: done.AuthenticationResult!.IdToken!, secret }
}
