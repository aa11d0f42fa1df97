// The one way to learn what a media file is: from its own first bytes, and from how long its server says that it is.
import type { MediaType } from '../../domain/schedules/media-type.ts';
import type { Door } from '../media-door.ts';
import { unavailable } from '../media-unavailable.ts';
import { MAGIC_BYTES, mediaTypeOf } from './magic-bytes.ts';
import { openPart, type PartFile } from './part-file.ts';
import { type PictureFacts, pictureFacts } from './picture-facts.ts';
import { type VideoFacts, videoFacts } from './video-facts.ts';

export interface MediaFacts extends PictureFacts, VideoFacts {
  readonly mediaType: MediaType;
  /** Left out where its server does not say and it is too long to be counted. */
  readonly sizeBytes?: number;
}

/** Reads the facts of the file at the address, from a bounded part of it. @throws MediaUnavailable */
export async function readFacts(door: Door, address: URL): Promise<MediaFacts> {
  return factsOf(await openPart(door, address));
}

/** The same of a file that is open, and is closed afterwards. @throws MediaUnavailable */
export async function factsOf(file: PartFile): Promise<MediaFacts> {
  try {
    const start = await file.read(0, MAGIC_BYTES);
    const mediaType = mediaTypeOf(start ?? new Uint8Array());
    if (mediaType === null) throw notOurs(file, start);
    const seen = mediaType.startsWith('video/') ? null : await pictureFacts(file, mediaType);
    const sizeBytes = file.sizeBytes ?? (await file.count());
    const facts = seen ?? (sizeBytes === null ? {} : await videoFacts(file, sizeBytes));
    return { mediaType, ...(sizeBytes === null ? {} : { sizeBytes }), ...facts };
  } finally {
    await file.close();
  }
}

function notOurs({ url }: PartFile, start: Uint8Array | null) {
  if (start?.byteLength === 0) return unavailable('wrong_size', url, 'is empty');
  return unavailable('wrong_type', url, 'is neither a JPEG, PNG, GIF or WebP picture nor an MP4 or QuickTime video');
}
