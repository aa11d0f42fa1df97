// The sandbox's sample media as items of a post, at whatever address they are served.
import type { MediaItem } from '../../../src/domain/schedules/post.ts';
import { makeSamples } from '../../../src/sandbox/media/samples.ts';

/** The bytes of every sample by its name. */
export const SAMPLES = makeSamples();

const MEDIA_TYPES = { 'sample.jpg': 'image/jpeg', 'sample.mp4': 'video/mp4' } as const;

/** A sample under this address. */
export function sampleItem(mediaUrl: string, name: keyof typeof MEDIA_TYPES, altText?: string): MediaItem {
  const sizeBytes = SAMPLES.get(name)?.bytes.length ?? 0;
  const item = { url: `${mediaUrl}/${name}`, mediaType: MEDIA_TYPES[name], sizeBytes };
  return altText === undefined ? item : { ...item, altText };
}
