// A small real PNG and a small real animated GIF, made in code.
import { crc32, deflateSync } from 'node:zlib';

/** Makes an 8-bit grey PNG; brightness 0-255 is asked per pixel. */
export function makePng(width: number, height: number, brightness: (x: number, y: number) => number): Buffer {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = brightness(x, y);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows)), pngChunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...chunks]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** Makes a GIF of some frames that repeats for ever; brightness 0-127 is asked per pixel and frame. */
export function makeGif(
  side: number,
  frames: number,
  brightness: (x: number, y: number, frame: number) => number,
): Buffer {
  const size = [side & 255, side >> 8];
  const greys = Array.from({ length: 128 }, (_, level) => [level * 2, level * 2, level * 2]).flat();
  const header = [...Buffer.from('GIF89a'), ...size, ...size, 0xf6, 0, 0, ...greys];
  const repeat = [0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0];
  const pictures = Array.from({ length: frames }, (_, frame) => {
    const pixels = Array.from(
      { length: side * side },
      (_, at) => brightness(at % side, Math.floor(at / side), frame) & 127,
    );
    const control = [0x21, 0xf9, 4, 0, 25, 0, 0, 0];
    return [...control, 0x2c, 0, 0, 0, 0, ...size, ...size, 0, 7, ...gifBlocks(pixels)];
  });
  return Buffer.from([...header, ...repeat, ...pictures.flat(), 0x3b]);
}

/** Pixels as eight-bit codes: the table is cleared (0x80) before it grows, so the codes never get longer. */
function gifBlocks(pixels: number[]): number[] {
  const blocks: number[] = [];
  const run = 100;
  for (let at = 0; at < pixels.length; at += run) {
    const codes = [0x80, ...pixels.slice(at, at + run)];
    blocks.push(codes.length, ...codes);
  }
  return [...blocks, 1, 0x81, 0];
}
