// The files of a handoff: one by one, and all of them with their texts as one ZIP. Each is read through the media door while
// it is sent, so that no file is ever whole in memory.
import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { MediaItem } from '../domain/schedules/post.ts';
import type { OpenMediaSource } from '../transport/media.ts';
import type { OpenPack } from './pack.ts';

type Source = Pick<OpenMediaSource, 'chunks'>;

const CHUNK_BYTES = 256 * 1024;

/**
 * One file, already begun: what cannot be had is told before anything is sent; what breaks off later breaks the download off.
 * @throws MediaUnavailable
 */
export async function openAsset(source: Source, { url, sizeBytes, mediaType }: MediaItem): Promise<Readable> {
  const gone = new AbortController();
  const chunks = source.chunks(url, { sizeBytes, mediaType }, CHUNK_BYTES, gone.signal)[Symbol.asyncIterator]();
  const first = await chunks.next();
  const stream = Readable.from(resumed(first, chunks), { objectMode: false });
  return stream.once('close', () => gone.abort());
}

async function* resumed(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let part = first; part.done !== true; part = await rest.next()) yield part.value;
}

/** Every file of the pack and its texts, as they are read; a file that cannot be had breaks the download off. */
export function zipOf(source: Source, { pack, media }: OpenPack): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  zip.on('error', (error) => out.destroy(error instanceof Error ? error : undefined));
  zip.addBuffer(Buffer.from(textOf({ pack, media }), 'utf8'), `${pack.scheduleId}.txt`);
  media.forEach((item, index) => {
    const name = pack.assets[index]?.fileName ?? `${index + 1}`;
    // Pictures and videos are compressed already.
    zip.addReadStreamLazy(name, { size: item.sizeBytes, compress: false }, (begin) => {
      openAsset(source, item).then(
        (stream) => begin(null, out.destroyed ? stream.destroy() : stream),
        (error: unknown) => out.destroy(error instanceof Error ? error : undefined),
      );
    });
  });
  zip.end();
  zip.outputStream.pipe(out);
  return out;
}

/** The text of the post and of each picture, for whoever has only the ZIP. */
function textOf({ pack }: OpenPack): string {
  const { platformLabel, account, publishAt, text, assets } = pack;
  const alts = assets.filter(({ altText }) => altText !== null);
  return [
    `For ${account.name} on ${platformLabel}, due ${publishAt}`,
    text,
    ...alts.map(({ fileName, altText }) => `Alternative text of ${fileName}:\n${altText}`),
    '',
  ].join('\n\n');
}
