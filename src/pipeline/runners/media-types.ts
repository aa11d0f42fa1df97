// Which files are text, by their media type, and their text.

export function isJsonType(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

export function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/') || isJsonType(mediaType);
}

/** The bytes as UTF-8, a byte order mark kept; null where they are not. */
export function utf8Of(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
