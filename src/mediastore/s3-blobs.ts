// The media store in a bucket of S3 or of a server that speaks it, for several machines. Its library is loaded only where it is
// wanted.
import { createReadStream } from 'node:fs';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { newId } from '../runtime/ids.ts';
import { BlobMissing, type Blobs, nameOf, StoreAway } from './blobs.ts';

export interface Bucket {
  readonly bucket: string;
  readonly region: string;
  /** Of a server other than Amazon's; its buckets are named in the path. */
  readonly endpoint?: string | undefined;
  /** Left out, the library finds its own: the machine's role, for example. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** Where files lie until they are known to be whole and wanted. */
const INCOMING = 'incoming';

/** Opens the store; nothing is asked before the first file. */
export function s3Blobs(options: Bucket): Blobs {
  const { bucket: Bucket } = options;
  let opened: Promise<S3> | undefined;
  const send = async <Value>(work: (s3: S3) => Promise<Value>): Promise<Value> => {
    opened ??= openClient(options);
    const s3 = await opened;
    return work(s3).catch((error: unknown) => {
      throw error instanceof BlobMissing ? error : new StoreAway(toldFault(error), { cause: error });
    });
  };
  const removeKey = (Key: string) =>
    send(({ client, DeleteObjectCommand }) => client.send(new DeleteObjectCommand({ Bucket, Key })));
  return {
    async stage(path) {
      const Key = `${INCOMING}/${newId()}`;
      await send(({ client, PutObjectCommand }) =>
        client.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream(path) })),
      );
      return {
        async place(blob) {
          const CopySource = `${Bucket}/${Key}`;
          await send(({ client, CopyObjectCommand }) =>
            client.send(new CopyObjectCommand({ Bucket, CopySource, Key: nameOf(blob) })),
          );
        },
        // One that stays there is found by a rule of the bucket for what is incoming, and by nobody else.
        discard: () => removeKey(Key).then(nothing, nothing),
      };
    },
    read: (blob, range) =>
      send(async ({ client, GetObjectCommand }) => {
        const Range = range && `bytes=${range.from}-${range.to}`;
        const wanted = { Bucket, Key: nameOf(blob), ...(Range ? { Range } : {}) };
        const { Body } = await client.send(new GetObjectCommand(wanted)).catch((error: unknown) => {
          throw isMissing(error) ? new BlobMissing(blob) : error;
        });
        if (!Body) throw new BlobMissing(blob);
        return partsOf(Body.transformToWebStream());
      }),
    remove: (blob) => removeKey(nameOf(blob)).then(nothing),
  };
}

function nothing(): void {}

type Library = typeof import('@aws-sdk/client-s3');
type S3 = Pick<Library, 'CopyObjectCommand' | 'DeleteObjectCommand' | 'GetObjectCommand' | 'PutObjectCommand'> & {
  readonly client: S3Client;
};

async function openClient({ region, endpoint, keys }: Bucket): Promise<S3> {
  const library = await import('@aws-sdk/client-s3');
  const client = new library.S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(keys === undefined ? {} : { credentials: keys }),
    // Servers that are not Amazon's do not all know the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { ...library, client };
}

async function* partsOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw new StoreAway(toldFault(error), { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return isOfService(error) && (error.name === 'NoSuchKey' || error.$metadata.httpStatusCode === 404);
}

function isOfService(error: unknown): error is S3ServiceException {
  return error instanceof Error && '$metadata' in error;
}

/** The name of what is wrong; never the message, which may repeat a key. */
function toldFault(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
