// What a picture says of itself: its pixels as they are shown, and whether it moves.
import { imageSize } from 'image-size';
import type { MediaType } from '../../domain/schedules/media-type.ts';
import { isAnimatedGif } from '../pictures/gif.ts';
import { jpegFacts } from '../pictures/jpeg.ts';
import { isTurned } from '../pictures/orientation.ts';
import { pngFacts } from '../pictures/png.ts';
import { webpFacts } from '../pictures/webp.ts';
import { FIRST_BYTES, type PartFile } from './part-file.ts';

export interface PictureFacts {
  /** As it is shown, turned by its EXIF orientation. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Of the types that can move. */
  readonly animated?: boolean;
}

/** Mostly the first step is enough; large profiles and previews stand before the pixels of some. */
const STEPS = [FIRST_BYTES, 1024 ** 2, 4 * 1024 ** 2, 8 * 1024 ** 2];

/** Reads as little as it must; what cannot be known of a file that is cut off or too long is left out. */
export async function pictureFacts(file: PartFile, mediaType: MediaType): Promise<PictureFacts> {
  let facts: PictureFacts = {};
  for (const bytes of STEPS) {
    const start = await file.read(0, bytes);
    if (!start) break;
    const seen = read(start, mediaType);
    facts = seen.facts;
    if (seen.complete || start.byteLength < bytes) break;
  }
  return facts;
}

interface Seen {
  readonly facts: PictureFacts;
  /** More bytes would tell no more. */
  readonly complete: boolean;
}

function read(start: Uint8Array, mediaType: MediaType): Seen {
  const more = told(start, mediaType);
  const pixels = more && 'pixels' in more ? more.pixels : mediaType === 'image/jpeg' ? undefined : pixelsOf(start);
  const turned = isTurned(more?.orientation ?? 1);
  const shown = pixels && {
    widthPx: turned ? pixels.height : pixels.width,
    heightPx: turned ? pixels.width : pixels.height,
  };
  const animated = more?.animated;
  return { facts: { ...shown, ...(animated === undefined ? {} : { animated }) }, complete: more !== null };
}

interface Told {
  readonly pixels?: Pixels;
  readonly animated?: boolean;
  readonly orientation: number;
}

/** Null when more bytes are needed. */
function told(start: Uint8Array, mediaType: MediaType): Told | null {
  if (mediaType === 'image/png') return pngFacts(start);
  if (mediaType === 'image/webp') return webpFacts(start);
  if (mediaType === 'image/jpeg') return jpegFacts(start);
  const animated = isAnimatedGif(start);
  return animated === null ? null : { animated, orientation: 1 };
}

interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** Of PNG, GIF and WebP, whose first bytes say it. Not of JPEG: the library copies all that is left at every byte it skips. */
function pixelsOf(start: Uint8Array): Pixels | undefined {
  try {
    const { width, height } = imageSize(start.subarray(0, 64));
    return width > 0 && height > 0 ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}
