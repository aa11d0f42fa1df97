// Serves media of any wanted size to platforms and workers, made from the sandbox's samples.
import { createServer } from 'node:http';
import type { MediaItem } from '../../src/domain/schedules/post.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';

const MEDIA_TYPES = {
  'sample.jpg': 'image/jpeg',
  'sample.png': 'image/png',
  'sample.gif': 'image/gif',
  'sample.mp4': 'video/mp4',
} as const;
export type SampleName = keyof typeof MEDIA_TYPES;

export interface MediaFiles {
  /** A media item at an address of its own, padded to `sizeBytes` where that is given. */
  item(sample: SampleName, sizeBytes?: number): MediaItem;
  close(): Promise<void>;
}

/** Starts serving on loopback; close it at the end. */
export async function serveMedia(): Promise<MediaFiles> {
  const samples = makeSamples();
  const sizes: { readonly bytes: Buffer; readonly type: string }[] = [];
  const server = createServer((request, response) => {
    const file = sizes[Number(request.url?.slice(1))];
    response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    item(sample, sizeBytes) {
      const bytes = samples.get(sample)?.bytes ?? Buffer.alloc(0);
      const padded = Buffer.concat([bytes], sizeBytes ?? bytes.length);
      const mediaType = MEDIA_TYPES[sample];
      sizes.push({ bytes: padded, type: mediaType });
      return { url: `http://127.0.0.1:${port}/${sizes.length - 1}`, mediaType, sizeBytes: padded.length };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
