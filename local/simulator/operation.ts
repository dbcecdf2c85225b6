import { NormalizedSchema } from '@smithy/core/schema'
import type { StaticOperationSchema } from '@smithy/types'
import type { ServiceId } from './service-id.ts'
import type { World } from './world.ts'

/** The input of an operation after the codec checked that every required member is there. */
type Input<I> = { [K in keyof I]: object extends Pick<I, K> ? I[K] : NonNullable<I[K]> }

/** What an operation does to the world, typed with the SDK's own input and output. */
export type Run<I, O> = (input: Input<I>, world: World) => O

export interface Operation {
  readonly name: string
  readonly schema: StaticOperationSchema
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
  /** top-level members that are modelled; any other member in a request is refused */
  readonly accepts: ReadonlySet<string>
  readonly run: (input: never, world: World) => object
}

/** Binds the behaviour of one operation to its Smithy schema from the SDK. */
export function operation<I extends object, O extends object>(
  schema: StaticOperationSchema,
  accepts: readonly (keyof I & string)[],
  run: Run<I, O>,
): Operation {
  return {
    name: schema[2],
    schema,
    input: NormalizedSchema.of(schema[4]),
    output: NormalizedSchema.of(schema[5]),
    accepts: new Set(accepts),
    run: run as unknown as Operation['run'],
  }
}

type Protocol = 'aws-json' | 'ec2-query' | 'rest-json'

export interface Rate {
  /** tokens a second */
  readonly refill: number
  readonly burst: number
}

/** One AWS service: how it is addressed, and its operations. */
export interface Service {
  readonly id: ServiceId
  readonly protocol: Protocol
  /** the prefix of `X-Amz-Target` (AWS JSON) */
  readonly target?: string
  readonly jsonVersion?: '1.0' | '1.1'
  /** code of a throttled call */
  readonly throttleCode: string
  readonly throttleStatus: number
  /** code of a 5xx answer */
  readonly faultCode: string
  readonly operations: readonly Operation[]
}
