/**
 * An error as the service answers it: its documented code, a message, the HTTP status, further members of the shape.
 */
export class ServiceError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = code
    this.code = code
    this.status = status
    this.details = details
  }
}

/** The effect happened (or not), but no answer arrives: the client sees a broken connection. */
export class LostAnswer extends Error {
  readonly code = 'ECONNRESET'

  constructor() {
    super('socket hang up')
    this.name = 'TimeoutError'
  }
}

/**
 * The simulator knows the operation but not what this member or value does. Refused, because a call that silently did
 * less than AWS would makes a test pass for the wrong reason.
 */
export function notModelled(what: string): ServiceError {
  return new ServiceError(
    'SimulatorDoesNotModel',
    `${what} is not modelled by the local simulator. ` +
      'Leave it out, or add its behaviour with the documentation it follows to local/simulator/services.',
  )
}
