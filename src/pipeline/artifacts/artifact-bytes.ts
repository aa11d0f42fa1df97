// Keeps the bytes of artifacts and reads them: small ones in PostgreSQL, large ones in the media store, both by what they are.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { keepBytes, readBytes, type StoredBytes } from '../../ledger/runs/artifacts.ts';
import { receive } from '../../mediastore/receive.ts';
import type { PublishingContext } from '../../publishing/context.ts';

/** So much lies in a row; a page of prose is far below it. */
const IN_ROW_BYTES = 262_144;

type Context = Pick<PublishingContext, 'ledger' | 'store'>;

/** The row is there and its file is not: folder or bucket is another than the one it was stored in. */
class ArtifactMissing extends Error {
  override readonly name = 'ArtifactMissing';
}

/** Where the media store keeps what runs made, apart from what people uploaded. */
const blobOf = (workspaceId: string, sha256: string) => ({ workspaceId: `artifacts-${workspaceId}`, sha256 });

/** Keeps the bytes; the same again changes nothing. @throws StoreAway */
export async function keepArtifact(context: Context, workspaceId: string, bytes: Uint8Array): Promise<StoredBytes> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const stored = { sha256, sizeBytes: bytes.byteLength };
  if (bytes.byteLength <= IN_ROW_BYTES) {
    await keepBytes(context.ledger, { workspaceId, ...stored, bytes });
    return stored;
  }
  await placeInStore(context, workspaceId, sha256, bytes);
  await keepBytes(context.ledger, { workspaceId, ...stored, bytes: null });
  return stored;
}

async function placeInStore({ store }: Context, workspaceId: string, sha256: string, bytes: Uint8Array): Promise<void> {
  const { path } = await receive(store.incoming, whole(bytes), bytes.byteLength);
  try {
    const staged = await store.blobs.stage(path);
    try {
      await staged.place(blobOf(workspaceId, sha256));
    } finally {
      await staged.discard();
    }
  } finally {
    await rm(path, { force: true });
  }
}

async function* whole(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @throws ArtifactMissing | BlobMissing | StoreAway */
export async function readArtifact(
  { ledger, store }: Context,
  workspaceId: string,
  sha256: string,
): Promise<Uint8Array> {
  const here = await readBytes(ledger, { workspaceId, sha256 });
  if (here === undefined) throw new ArtifactMissing(`The artifact ${sha256} is not in the ledger of this workspace.`);
  if (here !== null) return here;
  const parts: Uint8Array[] = [];
  for await (const part of await store.blobs.read(blobOf(workspaceId, sha256))) parts.push(part);
  return Buffer.concat(parts);
}
