// What a schedule must say of a media file, asked from the server that holds it.
import { MEDIA_TYPES, type MediaItem } from '../domain/post.ts';
import { CommandRefused } from './command-refused.ts';

/** @throws CommandRefused when the address does not tell type and size */
export async function describeMedia(url: string, altText: string | undefined): Promise<MediaItem> {
  const response = await fetch(url, { method: 'HEAD' }).catch(() => null);
  if (!response?.ok)
    throw new CommandRefused(`${url} cannot be read, so nothing was sent; give the address of a file that is served.`);
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  const mediaType = MEDIA_TYPES.find((known) => known === type);
  const sizeBytes = Number(response.headers.get('content-length')) || (await countBytes(url));
  if (!mediaType || !(sizeBytes > 0)) {
    throw new CommandRefused(`${url} does not say its size or is no ${MEDIA_TYPES.join(', ')}, so nothing was sent.`);
  }
  return { url, mediaType, sizeBytes, ...(altText === undefined ? {} : { altText }) };
}

/** For servers that do not say the length beforehand. */
async function countBytes(url: string): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of (await fetch(url)).body ?? []) sizeBytes += chunk.byteLength;
  return sizeBytes;
}
