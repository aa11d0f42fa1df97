// Takes a file in as it arrives: written to disk part by part, counted and hashed on the way, and gone again when anything is
// wrong with it.
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../runtime/ids.ts';
import { UploadRefused } from './upload-refused.ts';

export interface Received {
  /** Where it lies, until it is placed or discarded. */
  readonly path: string;
  /** In lower-case hex. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Writes the body into the folder. @throws UploadRefused, with nothing left behind */
export async function receive(folder: string, body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Received> {
  const path = join(folder, newId());
  const file = await opened(folder, path);
  try {
    const written = await writeAll(file, body, maxBytes);
    // What is answered as stored must outlive the machine's next breath.
    await file.sync();
    await file.close();
    return { path, ...written };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw noSpace(error) ?? error;
  }
}

async function opened(folder: string, path: string): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await open(path, 'wx', 0o600);
  } catch (error) {
    throw noSpace(error) ?? new UploadRefused('store_away', { cause: error });
  }
}

async function writeAll(file: FileHandle, body: AsyncIterable<Uint8Array>, maxBytes: number) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const part of orCutOff(body)) {
    sizeBytes += part.byteLength;
    if (sizeBytes > maxBytes) throw new UploadRefused('too_large', { limit: maxBytes });
    hash.update(part);
    for (let at = 0; at < part.byteLength; ) at += (await file.write(part, at)).bytesWritten;
  }
  if (sizeBytes === 0) throw new UploadRefused('empty');
  return { sha256: hash.digest('hex'), sizeBytes };
}

/** What fails while the sender is read is the sender's: the connection broke, or the form ended too early. */
async function* orCutOff(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const parts = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await parts.next().catch((error: unknown) => {
        throw new UploadRefused('cut_off', { cause: error });
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await parts.return?.();
  }
}

function noSpace(error: unknown): UploadRefused | null {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' ? new UploadRefused('no_space', { cause: error }) : null;
}
