// The facts of a file that lies on this machine, read like those of one that is fetched.
import { open } from 'node:fs/promises';
import { factsOf, type MediaFacts } from './media-facts.ts';

/** Of one file, all parts together: an index may stand anywhere in it. */
const READ_BYTES = 64 * 1024 ** 2;

/** @throws MediaUnavailable when it is empty or none of our types */
export async function readLocalFacts(path: string, sizeBytes: number): Promise<MediaFacts> {
  const file = await open(path, 'r');
  let readBytes = 0;
  return factsOf({
    url: new URL('media:upload'),
    sizeBytes,
    async read(from, to) {
      const length = Math.max(0, Math.min(to, sizeBytes) - from);
      readBytes += length;
      if (readBytes > READ_BYTES) return null;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead);
    },
    count: async () => sizeBytes,
    close: () => file.close(),
  });
}
