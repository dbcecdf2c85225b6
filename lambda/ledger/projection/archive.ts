import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3'
import { canonicalJson } from '#domain/ledger/canonical.ts'
import { archiveKey } from '#domain/ledger/copies.ts'

/**
 * Copies one record to write-once storage (C-5). A copy that is there already stays as it is: on a locked bucket a
 * second PUT would shadow the first, so it is made only where there is none.
 */
export async function archive(
  s3: S3Client,
  bucket: string,
  record: { readonly stream: string; readonly sequence: number },
): Promise<void> {
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: archiveKey(record.stream, record.sequence),
        Body: canonicalJson(record),
        ContentType: 'application/json',
        IfNoneMatch: '*',
      }),
    )
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 412) throw error
  }
}
