// The chunks of a PNG file (PNG third edition, sections 5 and 11).
import { crc32 } from 'node:zlib';
import { NotWellFormed } from './not-well-formed.ts';
import { onlyOrientation, orientationIn } from './orientation.ts';

const SIGNATURE_BYTES = 8;
/** Length, name and check sum around a chunk's data. */
const AROUND_BYTES = 12;

interface Chunk {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly data: Uint8Array;
}

/** The chunks that are wholly there. */
function* chunksOf(file: Uint8Array): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = SIGNATURE_BYTES; at + AROUND_BYTES <= file.byteLength; ) {
    const to = at + AROUND_BYTES + view.getUint32(at);
    if (to > file.byteLength) return;
    const name = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1');
    yield { name, bytes: file.subarray(at, to), data: file.subarray(at + 8, to - 4) };
    if (name === 'IEND') return;
    at = to;
  }
}

export interface PngFacts {
  readonly animated: boolean;
  readonly orientation: number;
}

/** What stands before the picture's data; null when the bytes end before that. */
export function pngFacts(start: Uint8Array): PngFacts | null {
  let animated = false;
  let orientation = 1;
  let after = SIGNATURE_BYTES;
  for (const { name, bytes, data } of chunksOf(start)) {
    if (name === 'IDAT') return { animated, orientation };
    if (name === 'acTL') animated = true;
    if (name === 'eXIf') orientation = orientationIn(data);
    after += bytes.byteLength;
  }
  // The data itself may be longer than what was read.
  const next = Buffer.from(start.subarray(after + 4, after + 8)).toString('latin1');
  return next === 'IDAT' ? { animated, orientation } : null;
}

/** Chunks that change how the picture looks, beside the critical ones; all others only tell about it. */
const SHOWN = new Set('tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '));

/**
 * The same picture without text, time, EXIF, XMP and whatever follows its end; its orientation stays.
 * @throws NotWellFormed
 */
export function stripPng(file: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [file.subarray(0, SIGNATURE_BYTES)];
  const exif = [...chunksOf(file)].find(({ name }) => name === 'eXIf');
  const orientation = exif ? orientationIn(exif.data) : 1;
  let turned = orientation === 1;
  for (const { name, bytes } of chunksOf(file)) {
    if (name === 'IDAT' && !turned) {
      kept.push(chunk('eXIf', onlyOrientation(orientation)));
      turned = true;
    }
    if (/^[A-Z]/.test(name) || SHOWN.has(name)) kept.push(bytes);
    if (name === 'IEND') return Buffer.concat(kept);
  }
  throw new NotWellFormed('PNG');
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
