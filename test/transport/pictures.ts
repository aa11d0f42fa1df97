// Small real pictures, with the metadata that phones and editors write into them, built byte by byte.
import { crc32, deflateSync } from 'node:zlib';
import { makeSamples } from '../../src/sandbox/media/samples.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A place that must not leave us, in whichever block. */
export const SECRET = 'GPS 52.5200N 13.4050E';

/** A TIFF block with an orientation and a text with the place (EXIF 2.32, 4.6). */
function exif(orientation: number, order: 'II' | 'MM' = 'II'): Buffer {
  const tiff = Buffer.alloc(60);
  const little = order === 'II';
  const u16 = (value: number, at: number) => (little ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at));
  const u32 = (value: number, at: number) => (little ? tiff.writeUInt32LE(value, at) : tiff.writeUInt32BE(value, at));
  tiff.write(order, 0, 'latin1');
  u16(42, 2);
  u32(8, 4);
  u16(2, 8);
  const entry = (at: number, tag: number, type: number, count: number) => {
    u16(tag, at);
    u16(type, at + 2);
    u32(count, at + 4);
  };
  entry(10, 0x010e, 2, SECRET.length);
  u32(38, 18);
  entry(22, 0x0112, 3, 1);
  u16(orientation, 30);
  tiff.write(SECRET, 38, 'latin1');
  return tiff;
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.byteLength + 2, 2);
  return Buffer.concat([head, data]);
}

/** The sandbox's JPEG of 320 by 320, which a decoder has judged, without its first marker. */
const jpegRest = () => (makeSamples().get('sample.jpg')?.bytes ?? Buffer.alloc(0)).subarray(2);
const SOI = Buffer.from([0xff, 0xd8]);
const ICC = segment(0xe2, latin1('ICC_PROFILE\0\x01\x01colours of this picture'));

/** What a stripped picture may hold: its colours and its own data, `orientation` aside. */
export const barJpeg = () => Buffer.concat([SOI, ICC, jpegRest()]);

/** As a phone makes it: EXIF, XMP, IPTC, a comment, and a second picture with a place of its own behind the first. */
export function phoneJpeg(orientation: number, paddingBytes = 0): Buffer {
  return Buffer.concat([
    SOI,
    segment(0xe1, Buffer.concat([latin1('Exif\0\0'), exif(orientation)])),
    segment(0xe1, latin1(`http://ns.adobe.com/xap/1.0/\0<x>${SECRET}</x>`)),
    segment(0xed, latin1(`Photoshop 3.0\x008BIM${SECRET}`)),
    segment(0xe2, latin1(`MPF\0${SECRET}`)),
    ...Array.from({ length: Math.ceil(paddingBytes / 60_000) }, () => segment(0xe4, Buffer.alloc(60_000))),
    ICC,
    segment(0xfe, latin1(SECRET)),
    jpegRest(),
    SOI,
    segment(0xe1, Buffer.concat([latin1('Exif\0\0'), exif(1)])),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([latin1(name), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.byteLength, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

function pngOf(width: number, height: number, before: readonly Buffer[], after: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc((width + 1) * height, 1));
  const ends = [chunk('IDAT', pixels), ...after, chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), chunk('IHDR', head), ...before, ...ends]);
}

const GAMMA = chunk('gAMA', Buffer.from([0, 0, 0xb1, 0x8f]));
export const barPng = () => pngOf(30, 20, [GAMMA], []);

export function phonePng(orientation: number): Buffer {
  const text = chunk('tEXt', latin1(`Comment\0${SECRET}`));
  const xmp = chunk('iTXt', latin1(`XML:com.adobe.xmp\0\0\0\0\0${SECRET}`));
  const before = [GAMMA, text, chunk('eXIf', exif(orientation, 'MM'))];
  return Buffer.concat([pngOf(30, 20, before, [xmp, chunk('tIME', Buffer.alloc(7))]), latin1(SECRET)]);
}

export const movingPng = () => pngOf(30, 20, [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))], []);

function webpChunk(name: string, data: Buffer): Buffer {
  const head = latin1(`${name}\0\0\0\0`);
  head.writeUInt32LE(data.byteLength, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.byteLength % 2)]);
}

function webpOf(flags: number, chunks: readonly Buffer[]): Buffer {
  // A canvas of 30 by 20.
  const head = webpChunk('VP8X', Buffer.from([flags, 0, 0, 0, 29, 0, 0, 19, 0, 0]));
  const body = Buffer.concat([latin1('WEBP'), head, ...chunks]);
  const riff = latin1('RIFF\0\0\0\0');
  riff.writeUInt32LE(body.byteLength, 4);
  return Buffer.concat([riff, body]);
}

/** A lossless picture of one colour (RFC 9649, 3); only its frame matters here. */
const VP8L = webpChunk('VP8L', Buffer.from([0x2f, 29, 0xc0, 0x04, 0, 0x88, 0x88, 0x08]));
export const barWebp = () => webpOf(0, [VP8L]);

export function phoneWebp(orientation: number): Buffer {
  return webpOf(0x0c, [VP8L, webpChunk('EXIF', exif(orientation)), webpChunk('XMP ', latin1(SECRET))]);
}

export const movingWebp = () => webpOf(0x02, [webpChunk('ANIM', Buffer.alloc(6)), webpChunk('ANMF', Buffer.alloc(24))]);
