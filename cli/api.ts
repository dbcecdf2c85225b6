import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { Obstacle } from '#domain/kernel/obstacle.ts'
import type { Language, LocalisedRefusal } from '#domain/kernel/refusal.ts'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { demonstrationPeople, oneTimeCode } from '#scripts/tools/demonstration-people.ts'
import type { CommonOptions } from './command.ts'
import { printable, quoted } from './output.ts'
import { published } from './platform-view.ts'
import { configOf, useAws } from './surroundings.ts'

/** Options of a command that speaks to the API as a person. */
export interface ApiOptions extends CommonOptions {
  /** one of the demonstration people of the local platform */
  readonly as?: string
  readonly lang: Language
}

export interface ApiAnswer {
  readonly status: number
  readonly body: any
  readonly refusals: readonly LocalisedRefusal[]
}

/** The API of an environment, as one person: every request carries their token. */
export class ApiClient {
  readonly #base: string
  readonly #token: string
  readonly #language: Language

  constructor(base: string, token: string, language: Language) {
    this.#base = base.replace(/\/$/, '')
    this.#token = token
    this.#language = language
  }

  get(path: string): Promise<ApiAnswer> {
    return this.#call('GET', path)
  }

  command(body: object): Promise<ApiAnswer> {
    return this.#call('POST', 'commands', body)
  }

  async #call(method: string, path: string, body?: object): Promise<ApiAnswer> {
    try {
      const response = await fetch(`${this.#base}/${path}`, {
        method,
        headers: {
          authorization: this.#token,
          'content-type': 'application/json',
          'accept-language': this.#language,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const parsed = parsedJson(await response.text())
      return { status: response.status, body: parsed, refusals: refusalsOf(response.status, parsed) }
    } catch (error) {
      // what fetch throws where the connection fails; by name, for its class may be of another realm
      if ((error as Error).name !== 'TypeError') throw error
      return {
        status: NO_ANSWER,
        body: undefined,
        refusals: [noAnswer(((error as Error).cause as Error | undefined)?.message)],
      }
    }
  }
}

/** Stands for a status where the API was not reached, or its answer was lost on the way. */
const NO_ANSWER = 599

/** Whether what became of a command is unknown: it may have been recorded although no answer says so. */
export const outcomeUnknown = (status: number): boolean => status === 429 || status >= 500

const noAnswer = (cause: string | undefined): LocalisedRefusal => ({
  code: 'request.no-answer',
  what: 'no answer came from the API',
  why: cause === undefined ? 'the connection broke' : `the connection broke (${printable(cause)})`,
  next: './renkei status tells whether the platform can be reached',
})

function parsedJson(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return { message: text.slice(0, 300) }
  }
}

/** What the API says, or what API Gateway says before it. */
function refusalsOf(status: number, body: any): readonly LocalisedRefusal[] {
  if (status < 300) return []
  if (Array.isArray(body?.refusals)) return body.refusals
  if (outcomeUnknown(status))
    return [
      {
        code: 'request.no-answer',
        what: 'the API did not answer the request',
        why: `what stands before it answered ${status}`,
        next: 'try again after some seconds',
      },
    ]
  const unauthorized = status === 401
  return [
    {
      code: unauthorized ? 'request.no-token' : 'request.refused',
      what: unauthorized ? 'the API takes no request without a token of today' : String(body?.message ?? status),
      why: `API Gateway answered ${status}`,
      next: unauthorized ? 'sign in again and give the new token' : 'check the command against docs/api.md',
    },
  ]
}

/**
 * The API of the environment, signed in: locally as one of the demonstration people, elsewhere with the token of
 * `RENKEI_TOKEN`.
 */
export async function apiOf(options: ApiOptions): Promise<ApiClient> {
  const { environment } = configOf(options)
  useAws(options)
  const value = await published(environment)
  const local = process.env.AWS_ENDPOINT_URL
  if (local === undefined) return new ApiClient(value(parameterNames.apiUrl()), tokenGiven(options), options.lang)
  const base = `${local}/restapis/${value(parameterNames.apiId())}/v1/_user_request_`
  return new ApiClient(base, await localToken(options, value(parameterNames.userPoolClientId())), options.lang)
}

function tokenGiven({ as }: ApiOptions): string {
  const token = process.env.RENKEI_TOKEN
  if (token !== undefined && token !== '' && as === undefined) return token
  throw new Obstacle({
    code: 'cli.no-token',
    what: as === undefined ? 'no token to speak with' : `--as ${quoted(as)} is for the local platform only`,
    why: 'the API answers a person who signed in with two factors (AUTH-1)',
    next: 'set RENKEI_TOKEN to the id token of your sign-in, and leave --as out',
  })
}

/** Signs a demonstration person in with password and one-time code, as a person would. */
async function localToken({ as }: ApiOptions, clientId: string): Promise<string> {
  const people = demonstrationPeople()
  const person = people.find(({ id }) => id === as)
  if (person === undefined)
    throw new Obstacle({
      code: 'cli.no-person',
      what: as === undefined ? '--as is missing' : `--as ${quoted(as)} is none of the demonstration people`,
      why: 'on the local platform a command is sent as one of them',
      next:
        people.length > 0
          ? `--as ${people.map(({ id, roles }) => `${id} (${roles.join(' ')})`).join(', ')}`
          : 'wait until npm start has signed them up, then run the command again',
    })
  const cognito = new CognitoIdentityProviderClient({})
  const { ChallengeName, Session } = await cognito.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: person.id, PASSWORD: person.password },
    }),
  )
  const { AuthenticationResult } = await cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId: clientId,
      ChallengeName: ChallengeName ?? 'SOFTWARE_TOKEN_MFA',
      Session,
      ChallengeResponses: {
        USERNAME: person.id,
        SOFTWARE_TOKEN_MFA_CODE: oneTimeCode(person.secret, Date.now()),
      },
    }),
  )
  return AuthenticationResult!.IdToken!
}
