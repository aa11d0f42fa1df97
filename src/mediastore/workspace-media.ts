// The media of one workspace, wherever they lie: at an address of the web, or in the media store under `media:<sha256>`.
import type { MediaType } from '../domain/schedules/media-type.ts';
import { storedSha256 } from '../domain/schedules/stored-media.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { findStored, nameStored, type StoredFile } from '../ledger/media/stored-media.ts';
import type { MediaFacts } from '../transport/facts/media-facts.ts';
import { inChunks } from '../transport/in-chunks.ts';
import type { ExpectedMedia, OpenMediaSource } from '../transport/media.ts';
import { type MediaProblem, MediaUnavailable } from '../transport/media-unavailable.ts';
import { BlobMissing, StoreAway } from './blobs.ts';
import type { MediaStore } from './media-store.ts';

export interface WorkspaceMediaDeps {
  readonly ledger: Ledger;
  readonly media: Pick<OpenMediaSource, 'chunks' | 'facts'>;
  readonly store: Pick<MediaStore, 'blobs' | 'addresses'>;
}

export interface WorkspaceMedia extends Pick<OpenMediaSource, 'chunks' | 'facts'> {
  /** Where somebody outside may fetch the item for a while: its own address, or one that we sign. */
  publicAddress(url: string): string;
}

/** The media that posts of this workspace may name. Another workspace's file is one that is not there. */
export function mediaOf({ ledger, media, store }: WorkspaceMediaDeps, workspaceId: string): WorkspaceMedia {
  return {
    async *chunks(url, expected, chunkBytes, signal) {
      const sha256 = storedSha256(url);
      if (sha256 === null) return yield* media.chunks(url, expected, chunkBytes, signal);
      const file = await findStored(ledger, { workspaceId, sha256 });
      if (!file) throw notThere(sha256);
      assertExpected(file, expected);
      yield* inChunks(bytesOf(store, file, signal), chunkBytes);
    },
    async facts(url, signal) {
      const sha256 = storedSha256(url);
      if (sha256 === null) return media.facts(url, signal);
      const file = await nameStored(ledger, { workspaceId, sha256 });
      if (!file) throw notThere(sha256);
      return factsOf(file);
    },
    publicAddress(url) {
      const sha256 = storedSha256(url);
      return sha256 === null ? url : store.addresses.sign(sha256, ledger.clock.now());
    },
  };
}

function factsOf({ mediaType, sizeBytes, facts }: StoredFile): MediaFacts & { mediaType: MediaType } {
  return { mediaType, sizeBytes, ...facts };
}

async function* bytesOf({ blobs }: Pick<MediaStore, 'blobs'>, file: StoredFile, signal?: AbortSignal) {
  try {
    for await (const part of await blobs.read(file)) {
      if (signal?.aborted) throw unavailable('unreachable', file.sha256, 'was let go of before its end');
      yield part;
    }
  } catch (error) {
    if (error instanceof BlobMissing) throw notThere(file.sha256);
    if (error instanceof StoreAway) throw unavailable('unreachable', file.sha256, 'cannot be read now');
    throw error;
  }
}

function assertExpected({ sha256, mediaType, sizeBytes }: StoredFile, expected: ExpectedMedia): void {
  if (sizeBytes !== expected.sizeBytes) {
    throw unavailable('wrong_size', sha256, `has ${sizeBytes} bytes, not ${expected.sizeBytes}`);
  }
  if (mediaType !== expected.mediaType) throw unavailable('wrong_type', sha256, `is not ${expected.mediaType}`);
}

function notThere(sha256: string): MediaUnavailable {
  return unavailable('refused', sha256, 'is not in the media store of this workspace');
}

const ADVICE: Readonly<Record<MediaProblem, string>> = {
  unreachable: 'See whether the folder or the bucket of the media store is there.',
  refused: 'Upload the file again.',
  wrong_size: 'Schedule the post again with the right size.',
  wrong_type: 'Schedule the post again with the right media type.',
  private_address: '',
};

function unavailable(problem: MediaProblem, sha256: string, happened: string): MediaUnavailable {
  return new MediaUnavailable(
    problem,
    `The stored file ${sha256.slice(0, 12)} ${happened}. ${ADVICE[problem]}`,
    happened,
  );
}
