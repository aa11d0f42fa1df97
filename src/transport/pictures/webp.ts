// The chunks of a WebP file (RFC 9649, section 2).
import { NotWellFormed } from './not-well-formed.ts';
import { onlyOrientation, orientationIn } from './orientation.ts';

const HEAD_BYTES = 12;
const FLAGS = { animation: 0x02, xmp: 0x04, exif: 0x08 };

interface Chunk {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
}

function* chunksOf(file: Uint8Array): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = HEAD_BYTES; at + 8 <= file.byteLength; ) {
    const dataBytes = view.getUint32(at + 4, true);
    const end = at + 8 + dataBytes;
    if (end > file.byteLength) return;
    const name = Buffer.from(file.subarray(at, at + 4)).toString('latin1');
    const to = end + (dataBytes % 2);
    yield { name, bytes: file.subarray(at, to), data: file.subarray(at + 8, end) };
    at = to;
  }
}

export interface WebpFacts {
  readonly animated: boolean;
  readonly orientation: number;
}

/** What the head says; null when it names EXIF and the bytes end before that. */
export function webpFacts(start: Uint8Array): WebpFacts | null {
  const [first] = chunksOf(start.subarray(0, HEAD_BYTES + 18));
  const flags = first?.name === 'VP8X' ? (first.data[0] ?? 0) : 0;
  const animated = (flags & FLAGS.animation) !== 0;
  if ((flags & FLAGS.exif) === 0) return { animated, orientation: 1 };
  const exif = exifOf(start);
  return exif && { animated, orientation: orientationIn(exif) };
}

function exifOf(file: Uint8Array): Uint8Array | null {
  for (const { name, data } of chunksOf(file)) {
    if (name !== 'EXIF') continue;
    // Some writers keep the prefix of JPEG.
    return Buffer.from(data.subarray(0, 6)).toString('latin1') === 'Exif\0\0' ? data.subarray(6) : data;
  }
  return null;
}

const SHOWN = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/** The same picture without EXIF, XMP and what nobody knows; its orientation stays. @throws NotWellFormed */
export function stripWebp(file: Uint8Array): Uint8Array {
  const exif = exifOf(file);
  const orientation = exif ? orientationIn(exif) : 1;
  const kept: Uint8Array[] = [];
  for (const { name, bytes } of chunksOf(file)) {
    if (!SHOWN.has(name)) continue;
    kept.push(name === 'VP8X' ? withFlags(bytes, orientation) : bytes);
  }
  if (!kept.some((bytes) => /^(VP8 |VP8L|ANMF)/.test(Buffer.from(bytes.subarray(0, 4)).toString('latin1')))) {
    throw new NotWellFormed('WebP');
  }
  if (orientation !== 1) kept.push(chunk('EXIF', onlyOrientation(orientation)));
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...kept]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.byteLength, 4);
  return Buffer.concat([head, body]);
}

function withFlags(head: Uint8Array, orientation: number): Uint8Array {
  const changed = Uint8Array.from(head);
  const others = (head[8] ?? 0) & ~(FLAGS.xmp | FLAGS.exif);
  changed[8] = others | (orientation === 1 ? 0 : FLAGS.exif);
  return changed;
}

/** Even in length, as each chunk of ours is. */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(data.byteLength, 4);
  return Buffer.concat([head, data]);
}
