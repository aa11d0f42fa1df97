// The segments of a JPEG file (ITU-T T.81, annex B).
import { NotWellFormed } from './not-well-formed.ts';
import { onlyOrientation, orientationIn } from './orientation.ts';

const MARKER = {
  soi: 0xd8,
  eoi: 0xd9,
  sos: 0xda,
  app0: 0xe0,
  app1: 0xe1,
  app2: 0xe2,
  app14: 0xee,
  app15: 0xef,
  com: 0xfe,
};

interface Segment {
  readonly marker: number;
  /** The whole segment, marker and length included. */
  readonly bytes: Uint8Array;
  /** What stands in it. */
  readonly data: Uint8Array;
}

function segmentEnd(file: Uint8Array, at: number): number {
  return at + 2 + ((file[at + 2] ?? 0) << 8) + (file[at + 3] ?? 0);
}

/** The segments from there on, as far as they are there, up to the start of a scan. */
function* segmentsAt(file: Uint8Array, start: number): Generator<Segment> {
  for (let at = start; at + 4 <= file.byteLength; ) {
    if (file[at] !== 0xff) return;
    const marker = file[at + 1] ?? 0;
    // A marker may stand behind any number of filling bytes.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const to = segmentEnd(file, at);
    if (marker <= 0x01 || (marker >= 0xd0 && marker <= MARKER.eoi) || to > file.byteLength || to < at + 4) return;
    yield { marker, bytes: file.subarray(at, to), data: file.subarray(at + 4, to) };
    if (marker === MARKER.sos) return;
    at = to;
  }
}

export interface JpegFacts {
  /** Absent where the file is not built as a JPEG is. */
  readonly pixels?: { readonly width: number; readonly height: number };
  readonly orientation: number;
}

/** What stands before the picture's data; null when the bytes end before that. */
export function jpegFacts(start: Uint8Array): JpegFacts | null {
  const orientation = jpegOrientation(start);
  let at = 2;
  for (const { marker, bytes, data } of segmentsAt(start, 2)) {
    if (isFrame(marker) && data.byteLength >= 5) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
      const pixels = { height: view.getUint16(1), width: view.getUint16(3) };
      return pixels.height > 0 && pixels.width > 0 ? { orientation, pixels } : { orientation };
    }
    at = bytes.byteOffset - start.byteOffset + bytes.byteLength;
  }
  const isCutOff = at + 4 > start.byteLength || (start[at] === 0xff && segmentEnd(start, at) > start.byteLength);
  return isCutOff ? null : { orientation };
}

/** The headers that name the pixels: C0 to CF but for tables and what is reserved (T.81, B.1.1.3). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** How the picture is to be turned, 1 to 8. */
export function jpegOrientation(file: Uint8Array): number {
  for (const segment of segmentsAt(file, 2)) {
    if (isExif(segment)) return orientationIn(segment.data.subarray(6));
  }
  return 1;
}

/**
 * The same picture without what its makers wrote about it: EXIF, XMP, IPTC, comments, thumbnails, and whatever follows the
 * picture, like the second one that phones append with a place of its own. Colours and orientation stay.
 * @throws NotWellFormed
 */
export function stripJpeg(file: Uint8Array): Uint8Array {
  const orientation = jpegOrientation(file);
  const kept: Uint8Array[] = [file.subarray(0, 2), ...(orientation === 1 ? [] : [exifSegment(orientation)])];
  let at = 2;
  do {
    const segments = [...segmentsAt(file, at)];
    const scan = segments.at(-1);
    if (scan?.marker !== MARKER.sos) throw new NotWellFormed('JPEG');
    kept.push(...segments.filter(isKept).map(({ bytes }) => bytes));
    const from = scan.bytes.byteOffset - file.byteOffset + scan.bytes.byteLength;
    at = scanEnd(file, from);
    kept.push(file.subarray(from, at));
    // A picture that was cut off is shown as far as it goes.
  } while (at < file.byteLength && file[at + 1] !== MARKER.eoi);
  return Buffer.concat([...kept, file.subarray(at, at + 2)]);
}

/** Where the coded data ends: at the next marker that is neither stuffing nor a restart. */
function scanEnd(file: Uint8Array, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) break;
    if (next !== 0x00 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return file.byteLength;
}

function isKept(segment: Segment): boolean {
  const { marker } = segment;
  if (marker === MARKER.com) return false;
  if (marker < MARKER.app0 || marker > MARKER.app15) return true;
  if (marker === MARKER.app0) return begins(segment, 'JFIF\0');
  if (marker === MARKER.app2) return begins(segment, 'ICC_PROFILE\0');
  return marker === MARKER.app14 && begins(segment, 'Adobe');
}

function isExif(segment: Segment): boolean {
  return segment.marker === MARKER.app1 && begins(segment, 'Exif\0');
}

function begins({ data }: Segment, text: string): boolean {
  return Buffer.from(data.subarray(0, text.length)).toString('latin1') === text;
}

function exifSegment(orientation: number): Uint8Array {
  const data = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), onlyOrientation(orientation)]);
  const head = Buffer.from([0xff, MARKER.app1, 0, 0]);
  head.writeUInt16BE(data.byteLength + 2, 2);
  return Buffer.concat([head, data]);
}
