// The media store in a folder of this machine. A file appears whole or not at all: it is written elsewhere in the same folder,
// and moved.
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Blob, BlobMissing, type Blobs, nameOf, StoreAway } from './blobs.ts';

/** Opens the store; the folder is made when the first file comes. */
export function folderBlobs(folder: string): Blobs {
  const pathOf = (blob: Blob) => join(folder, nameOf(blob));
  return {
    stage: async (path) => ({
      place: (blob) => orAway(() => moveTo(path, pathOf(blob))),
      discard: async () => {},
    }),
    async read(blob, range) {
      const file = await orAway(async () => open(pathOf(blob), 'r')).catch((error: unknown) => {
        throw codeOf(error) === 'ENOENT' ? new BlobMissing(blob) : error;
      });
      return file.createReadStream(range ? { start: range.from, end: range.to } : {});
    },
    remove: (blob) => orAway(() => rm(pathOf(blob), { force: true })),
  };
}

async function moveTo(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
}

async function orAway<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw new StoreAway(codeOf(error), { cause: error });
  }
}

/** The code of an error of the file system, or of the one behind ours. */
function codeOf(error: unknown): string {
  if (error instanceof StoreAway) return codeOf(error.cause);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
