// What a schedule must say of a media file, asked from the server that holds it.
import { invalidSchedule } from '../client/errors.ts';
import { type MediaItem, mediaItemSchema } from '../domain/schedules/post.ts';
import { fieldProblems } from '../domain/schedules/schedule-request.ts';
import { CommandRefused } from './command-refused.ts';

const ANSWERED_WITHIN_MS = 30_000;
const READ_WITHIN_MS = 600_000;

/**
 * The media item at an address, the post's `place`th from 0.
 * @throws CommandRefused when it cannot be read; OncepostRefused when it is nothing that can be posted
 */
export async function describeMedia(place: number, url: string, altText: string | undefined): Promise<MediaItem> {
  const address = mediaItemSchema.pick({ url: true }).safeParse({ url });
  if (!address.success) throw invalidSchedule(fieldProblems(address.error, ['media', place]));
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  const response = await fetch(url, { method: 'HEAD', signal }).catch(() => null);
  if (!response?.ok) {
    throw new CommandRefused(`${url} cannot be read, so nothing was sent; give the address of a file that is served.`);
  }
  const item = mediaItemSchema.safeParse({
    url,
    mediaType: response.headers.get('content-type')?.split(';')[0]?.trim(),
    sizeBytes: Number(response.headers.get('content-length')) || (await countBytes(url)),
    ...(altText === undefined ? {} : { altText }),
  });
  if (!item.success) throw invalidSchedule(fieldProblems(item.error, ['media', place]));
  return item.data;
}

/** For servers that do not say the length beforehand. */
async function countBytes(url: string): Promise<number> {
  try {
    let sizeBytes = 0;
    const response = await fetch(url, { signal: AbortSignal.timeout(READ_WITHIN_MS) });
    for await (const chunk of response.body ?? []) sizeBytes += chunk.byteLength;
    return sizeBytes;
  } catch {
    throw new CommandRefused(`${url} broke off while it was read, so nothing was sent; try again.`);
  }
}
