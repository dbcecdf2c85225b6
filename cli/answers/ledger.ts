import { createPublicKey, verify, type KeyObject } from 'node:crypto'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
  type ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3'
import { archivePrefix, compareCopies, type ArchivedObject } from '#domain/ledger/copies.ts'
import { receiptMessage } from '#domain/ledger/receipt.ts'
import { verifyStream } from '#domain/ledger/verify.ts'
import { archiveBucketName } from '#lib/foundation/archive/names.ts'
import { parameterNames } from '#domain/kernel/parameter-names.ts'
import { answer, printable } from '../output.ts'
import { published } from '../platform-view.ts'
import type { CommonOptions } from '../command.ts'
import { readStream, type StoredRecord } from '../stream.ts'
import { configOf, useAws } from '../surroundings.ts'
import { Obstacle } from '#domain/kernel/obstacle.ts'

/**
 * `renkei ledger verify <stream>`: reads a stream from the table itself, not through the API, and holds it to three
 * things that nobody can change together: its own chain of hashes, the signatures of its receipts, and the write-once
 * copies (C-5, LOG-3). Exit code 1 where any of them fails.
 */
export async function verifyLedger(stream: string, options: CommonOptions): Promise<void> {
  if (!/^[a-z]{1,20}\/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(stream))
    throw new Obstacle({
      code: 'cli.no-stream-name',
      what: `${printable(stream).slice(0, 60)} names no stream`,
      why: 'a stream is <aggregate>/<id>',
      next: 'e.g. ./renkei ledger verify project/A-0001',
    })
  const config = configOf(options)
  useAws(options)
  const value = await published(config.environment)
  const [items, objects, key] = await Promise.all([
    readStream(value(parameterNames.ledgerTableName()), stream),
    readCopies(archiveBucketName(config), stream),
    receiptKey(value(parameterNames.receiptKeyArn())),
  ])
  if (items.length === 0 && objects.length === 0)
    throw new Obstacle({
      code: 'cli.unknown-stream',
      what: `no stream ${stream}`,
      why: `neither ledger nor archive of ${config.environment} holds a record of it`,
      next: './renkei project list',
    })
  const chain = verifyStream(stream, items)
  const problems = [
    ...(chain.ok ? [] : [chain.reason]),
    ...items
      .filter((item) => !signed(item, key))
      .map(({ sequence }) => `the receipt of record ${sequence} is not signed by the receipt key`),
    ...compareCopies(stream, items, objects, new Date()),
  ]
  const verdict = {
    stream,
    ok: problems.length === 0,
    records: items.length,
    copies: objects.length,
    head: items.at(-1)?.hash ?? null,
    problems,
  }
  answer(verdict, options.json, () =>
    verdict.ok
      ? `${stream}: intact; ${verdict.records} records chained and signed, ` +
        `${verdict.copies} copies in the archive, head ${verdict.head}`
      : [
          `${stream}: NOT intact`,
          ...problems.map((problem) => `  ${printable(problem)}`),
          '  next: docs/runbooks/ledger-tampering.md',
        ].join('\n'),
  )
  if (!verdict.ok) process.exitCode = 1
}

async function receiptKey(KeyId: string): Promise<KeyObject> {
  const { PublicKey } = await new KMSClient({}).send(new GetPublicKeyCommand({ KeyId }))
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
}

const signed = (item: StoredRecord, key: KeyObject) =>
  verify('sha384', receiptMessage(item), key, Buffer.from(String(item.signature ?? ''), 'base64'))

/** All versions and delete markers under the stream's prefix, with the content of each key's first version. */
async function readCopies(Bucket: string, stream: string): Promise<ArchivedObject[]> {
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined })
  const keys = new Map<string, { versions: number; first?: { readonly id: string | undefined; readonly at: number } }>()
  let page: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {}
  while (page) {
    const list: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: archivePrefix(stream), ...page }),
    )
    for (const { Key, VersionId, LastModified } of list.Versions ?? []) {
      const known = keys.get(Key!) ?? { versions: 0 }
      const at = LastModified?.getTime() ?? 0
      keys.set(Key!, {
        versions: known.versions + 1,
        first: known.first && known.first.at < at ? known.first : { id: VersionId, at },
      })
    }
    for (const { Key } of list.DeleteMarkers ?? [])
      keys.set(Key!, { ...keys.get(Key!), versions: (keys.get(Key!)?.versions ?? 0) + 1 })
    page = list.IsTruncated ? { KeyMarker: list.NextKeyMarker!, VersionIdMarker: list.NextVersionIdMarker! } : undefined
  }
  const objects: ArchivedObject[] = []
  for (const [key, { versions, first }] of keys)
    objects.push({ key, versions, first: first && (await content(s3, Bucket, key, first.id)) })
  return objects
}

async function content(s3: S3Client, Bucket: string, Key: string, VersionId: string | undefined): Promise<unknown> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))
  try {
    return JSON.parse(await Body!.transformToString())
  } catch {
    return undefined
  }
}
