// What a file is, by its first bytes: servers and callers name types loosely, and platforms find out late.
import { MEDIA_TYPES, type MediaType } from '../../domain/schedules/media-type.ts';

/** As many bytes as the longest signature below looks at. */
export const MAGIC_BYTES = 12;

type Signature = (start: Uint8Array) => boolean;

const at =
  (offset: number, ...texts: readonly string[]): Signature =>
  (start) =>
    texts.some((text) => Buffer.from(start.subarray(offset, offset + text.length)).toString('latin1') === text);

const isBox = at(4, 'ftyp');

/** Brands of files that begin like MP4 and are pictures, sound or QuickTime (MP4 registration authority). */
const isOtherBrand = at(8, 'qt  ', 'heic', 'heix', 'hevc', 'mif1', 'msf1', 'avif', 'avis', 'M4A ', 'M4B ');

const SIGNATURES: Readonly<Record<MediaType, Signature>> = {
  'image/jpeg': at(0, '\xff\xd8\xff'),
  'image/png': at(0, '\x89PNG\r\n\x1a\n'),
  'image/gif': at(0, 'GIF87a', 'GIF89a'),
  'image/webp': (start) => at(0, 'RIFF')(start) && at(8, 'WEBP')(start),
  'video/mp4': (start) => isBox(start) && !isOtherBrand(start),
  // Old QuickTime files have no brand and begin with any of their atoms.
  'video/quicktime': (start) =>
    isBox(start) ? at(8, 'qt  ')(start) : at(4, 'moov', 'mdat', 'wide', 'free', 'skip')(start),
};

/** The type of the file that begins so; null for what is none of ours. */
export function mediaTypeOf(start: Uint8Array): MediaType | null {
  return MEDIA_TYPES.find((mediaType) => SIGNATURES[mediaType](start)) ?? null;
}

/** True when the file's first bytes fit the media type; false for a media type that is none of ours. */
export function fitsMediaType(start: Uint8Array, mediaType: string): boolean {
  const found = mediaTypeOf(start);
  return found !== null && found === mediaType;
}
