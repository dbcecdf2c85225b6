/** A request as both transports hand it over, already without host and signature. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** names in lower case */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface WireResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}
