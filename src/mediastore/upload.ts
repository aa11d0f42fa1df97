// Stores a file that somebody uploads: whole, of a type that can be posted, once per workspace.
import { rm } from 'node:fs/promises';
import type { Caller } from '../domain/people/caller.ts';
import { givenMediaType } from '../domain/schedules/media-type.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { insertStored, type StoredFile } from '../ledger/media/stored-media.ts';
import { readLocalFacts } from '../transport/facts/local-facts.ts';
import type { MediaFacts } from '../transport/facts/media-facts.ts';
import { MediaUnavailable } from '../transport/media-unavailable.ts';
import { StoreAway } from './blobs.ts';
import type { MediaStore } from './media-store.ts';
import { type Received, receive } from './receive.ts';
import { UploadRefused } from './upload-refused.ts';

export interface UploadDeps {
  readonly ledger: Ledger;
  readonly store: Pick<MediaStore, 'blobs' | 'incoming'>;
  readonly settings: { readonly media: { readonly uploadMaxBytes: number } };
}

export interface Upload extends Pick<Caller, 'workspaceId' | 'actor'> {
  readonly body: AsyncIterable<Uint8Array>;
  /** What the sender says that it is; null where nothing was said. */
  readonly said: string | null;
}

export interface Uploaded {
  readonly file: StoredFile;
  /** False when the workspace had it before. */
  readonly created: boolean;
}

/** @throws UploadRefused, with nothing stored */
export async function upload(
  { ledger, store, settings }: UploadDeps,
  { workspaceId, actor, body, said }: Upload,
): Promise<Uploaded> {
  const wanted = saidType(said);
  const received = await receive(store.incoming, body, settings.media.uploadMaxBytes);
  try {
    const file = await describe(received, wanted, workspaceId);
    const staged = await orRefused(store.blobs.stage(received.path));
    try {
      const created = await orRefused(insertStored(ledger, { ...file, actor }, () => staged.place(file)));
      return { file, created };
    } finally {
      await staged.discard();
    }
  } finally {
    await rm(received.path, { force: true });
  }
}

async function describe(received: Received, wanted: string | undefined, workspaceId: string): Promise<StoredFile> {
  const { mediaType, sizeBytes: _, ...facts } = await factsOf(received);
  if (wanted !== undefined && wanted !== mediaType)
    throw new UploadRefused('other_type', { types: [wanted, mediaType] });
  const { sha256, sizeBytes } = received;
  return { workspaceId, sha256, mediaType, sizeBytes, facts };
}

/** The type as one of ours; undefined where the file's bytes are to settle it. @throws UploadRefused */
function saidType(said: string | null): string | undefined {
  if (said === null || said.trim() === '') return undefined;
  const type = givenMediaType.safeParse(said);
  if (!type.success) throw new UploadRefused('not_media');
  return type.data;
}

async function factsOf({ path, sizeBytes }: Received): Promise<MediaFacts> {
  try {
    return await readLocalFacts(path, sizeBytes);
  } catch (error) {
    if (error instanceof MediaUnavailable) throw new UploadRefused('not_media', { cause: error });
    throw error;
  }
}

async function orRefused<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreAway) throw new UploadRefused('store_away', { cause: error });
    throw error;
  }
}
