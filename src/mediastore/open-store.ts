// env -> the media store: a folder unless a bucket is named.
import { join } from 'node:path';
import type { Env } from '../runtime/env.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { folderBlobs } from './folder-blobs.ts';
import type { MediaStore } from './media-store.ts';
import { type Bucket, s3Blobs } from './s3-blobs.ts';
import { signedAddresses } from './signed-address.ts';

/** A platform asks for a file while it processes it, and again when it tries once more. */
const BEYOND_PROCESSING_MS = 3_600_000;

export interface StoreOptions {
  readonly env: Env;
  readonly secretKey: Uint8Array;
  /** How long one attempt may take, its platform's processing included. */
  readonly attemptMs: number;
}

/** Opens the store; nothing is made or asked before the first file. @throws StartRefused */
export function openMediaStore({ env, secretKey, attemptMs }: StoreOptions): MediaStore {
  const folder = env.ONCEPOST_MEDIA ?? join(env.ONCEPOST_DATA, 'media');
  const bucket = bucketOf(env);
  return {
    blobs: bucket ? s3Blobs(bucket) : folderBlobs(folder),
    incoming: join(folder, 'incoming'),
    addresses: signedAddresses({
      secretKey,
      baseUrl: env.ONCEPOST_PUBLIC_URL ?? ownAddress(env),
      lifetimeMs: attemptMs + BEYOND_PROCESSING_MS,
    }),
  };
}

/** Without a public address only this machine can fetch, as the sandbox does. */
function ownAddress({ ONCEPOST_HOST: host, ONCEPOST_PORT: port }: Env): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

function bucketOf(env: Env): Bucket | null {
  const { ONCEPOST_MEDIA_S3_BUCKET: bucket, ONCEPOST_MEDIA_S3_ENDPOINT: endpoint } = env;
  const { ONCEPOST_MEDIA_S3_ACCESS_KEY_ID: accessKeyId, ONCEPOST_MEDIA_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (bucket === undefined) return null;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new StartRefused(
      'Of ONCEPOST_MEDIA_S3_ACCESS_KEY_ID and ONCEPOST_MEDIA_S3_SECRET_ACCESS_KEY only one is set; nothing was started; set both, or neither where the machine has a role.',
    );
  }
  const keys =
    accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
  return { bucket, region: env.ONCEPOST_MEDIA_S3_REGION, endpoint, keys };
}
