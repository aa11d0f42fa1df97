// What bytes really are, whatever their name or header says: the platforms look inside, so the stand-ins do too.

/** The kinds of media the stand-ins tell apart. */
export type MediaKind = 'jpeg' | 'png' | 'gif' | 'webp' | 'mp4' | 'mov' | 'unknown';

/** What the first bytes tell; sizes in pixels, 0 where the head does not hold them. */
export type Inspected = { kind: MediaKind; width: number; height: number };

/** Looks at the head of a file (a JPEG's size may stand some kilobytes in). */
export function inspectMedia(bytes: Buffer): Inspected {
  if (bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8) return { kind: 'jpeg', ...jpegSize(bytes) };
  if (bytes.length >= 24 && bytes.readUInt32BE(0) === 0x89504e47) {
    return { kind: 'png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 10 && bytes.toString('latin1', 0, 4) === 'GIF8') {
    return { kind: 'gif', width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  if (bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') {
    return { kind: 'webp', width: 0, height: 0 };
  }
  if (bytes.length >= 12 && bytes.toString('latin1', 4, 8) === 'ftyp') {
    return { kind: bytes.toString('latin1', 8, 12) === 'qt  ' ? 'mov' : 'mp4', width: 0, height: 0 };
  }
  return { kind: 'unknown', width: 0, height: 0 };
}

/** Walks a JPEG's segments to its frame header. */
function jpegSize(bytes: Buffer): { width: number; height: number } {
  let offset = 2;
  while (offset + 9 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: bytes.readUInt16BE(offset + 5), width: bytes.readUInt16BE(offset + 7) };
    offset += 2 + bytes.readUInt16BE(offset + 2);
  }
  return { width: 0, height: 0 };
}
