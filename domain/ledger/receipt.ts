import { canonicalJson } from './canonical.ts'

/** What a receipt signs; anybody with the public key can check it against the record (C-5). */
export const receiptMessage = ({
  stream,
  sequence,
  hash,
}: {
  readonly stream: string
  readonly sequence: number
  readonly hash: string
}): Uint8Array => new TextEncoder().encode(canonicalJson({ stream, sequence, hash }))
