// A file that is written in large pieces, with the SHA-256 of what was written.
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Small pieces are gathered until there is this much of them. */
const PIECE_BYTES = 256 * 1024;

export interface HashedFile {
  /** Takes bytes, or text as UTF-8; they are written by `drain` and `close`. */
  append(bytes: Uint8Array | string): void;
  /** Writes what has gathered, once there is enough of it. */
  drain(): Promise<void>;
  /** Writes the rest, so that it stays, and closes the file. */
  close(): Promise<{ readonly sha256: string; readonly sizeBytes: number }>;
}

/** Opens a new file, readable by its owner only. @throws when there is one already */
export async function openHashedFile(path: string): Promise<HashedFile> {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  let sizeBytes = 0;
  const write = async () => {
    const piece = Buffer.concat(gathered);
    gathered = [];
    gatheredBytes = 0;
    hash.update(piece);
    sizeBytes += piece.length;
    await writeAll(file, piece);
  };
  return {
    append(bytes) {
      const raw = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
      gathered.push(raw);
      gatheredBytes += raw.length;
    },
    drain: async () => {
      if (gatheredBytes >= PIECE_BYTES) await write();
    },
    async close() {
      try {
        await write();
        await file.sync();
      } finally {
        await file.close();
      }
      return { sha256: hash.digest('hex'), sizeBytes };
    },
  };
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}
