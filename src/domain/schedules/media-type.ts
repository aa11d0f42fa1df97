// Media types, and how callers write them.
import { z } from 'zod';

export const MEDIA_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** Names that mean one of ours, from programs that never read the registry. */
const OTHER_NAMES: ReadonlyMap<string, MediaType> = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['image/apng', 'image/png'],
]);

/** What programs say of bytes that they know nothing of: the file's own bytes settle it. */
const UNSAID = new Set(['application/octet-stream', 'binary/octet-stream']);

/**
 * The type that a text means, whatever its case and parameters (RFC 9110, 8.3.1); undefined where it says none, null
 * where it is none of ours.
 */
function readMediaType(text: string): MediaType | undefined | null {
  const name = text.split(';', 1).join('').trim().toLowerCase();
  if (UNSAID.has(name)) return undefined;
  return MEDIA_TYPES.find((type) => type === name) ?? OTHER_NAMES.get(name) ?? null;
}

/** A media type as a caller writes it; undefined where the file's bytes are to settle it. */
export const givenMediaType = z
  .string()
  .max(255)
  .refine((text) => readMediaType(text) !== null, `must be one of ${MEDIA_TYPES.join(', ')}`)
  .transform((text) => readMediaType(text) ?? undefined);
