// A small real MP4, made in code: one uncompressed H.264 picture of 128 x 96, shown for four seconds.

const width = 128;
const height = 96;
const secondsShown = 4;
const timescale = 1000;
const durationUnits = secondsShown * timescale;

/** Baseline parameters for this one size: the sequence, the picture, and the head of its only slice. */
const sequenceParameters = Buffer.from([0x67, 0x42, 0x00, 0x0a, 0xf8, 0x41, 0xa2]);
const pictureParameters = Buffer.from([0x68, 0xce, 0x38, 0x80]);
const sliceHead = Buffer.from([0x05, 0x88, 0x84, 0x21, 0xa0]);
const macroblockHead = Buffer.from([0x0d, 0x00]);
const matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

/** Makes the video; the movie box stands before the data, as streaming platforms want it. */
export function makeMp4(): Buffer {
  const sample = picture();
  const fileType = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2avc1mp41'));
  const withOffset = (offset: number) => box('moov', movieHeader(), track(sample.length, offset));
  const dataOffset = fileType.length + withOffset(0).length + 8;
  return Buffer.concat([fileType, withOffset(dataOffset), box('mdat', sample)]);
}

/** Raw macroblocks (I_PCM): 256 brightness and 128 colour values each, none of them zero. */
function picture(): Buffer {
  const parts: Buffer[] = [sliceHead];
  const macroblocks = (width / 16) * (height / 16);
  for (let index = 0; index < macroblocks; index += 1) {
    if (index > 0) parts.push(macroblockHead);
    parts.push(Buffer.alloc(256, 40 + index * 4), Buffer.alloc(64, 110), Buffer.alloc(64, 150));
  }
  const slice = Buffer.concat([...parts, Buffer.from([0x80])]);
  return Buffer.concat([u32(slice.length), slice]);
}

function movieHeader(): Buffer {
  return fullBox(
    'mvhd',
    u32(0, 0, timescale, durationUnits, 0x10000),
    u16(0x0100, 0),
    u32(0, 0, ...matrix, 0, 0, 0, 0, 0, 0, 2),
  );
}

function track(sampleBytes: number, dataOffset: number): Buffer {
  const header = fullBox(
    'tkhd',
    u32(0, 0, 1, 0, durationUnits, 0, 0),
    u16(0, 0, 0, 0),
    u32(...matrix, width << 16, height << 16),
  );
  const mediaHeader = fullBox('mdhd', u32(0, 0, timescale, durationUnits), u16(0x55c4, 0));
  const handler = fullBox('hdlr', u32(0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('VideoHandler\0'));
  const dataReference = box('dinf', fullBox('dref', u32(1), fullBox('url ', { flags: 1 })));
  const information = box(
    'minf',
    fullBox('vmhd', { flags: 1 }, u16(0, 0, 0, 0)),
    dataReference,
    samples(sampleBytes, dataOffset),
  );
  return box('trak', header, box('mdia', mediaHeader, handler, information));
}

function samples(sampleBytes: number, dataOffset: number): Buffer {
  return box(
    'stbl',
    fullBox('stsd', u32(1), visualEntry()),
    fullBox('stts', u32(1, 1, durationUnits)),
    fullBox('stsc', u32(1, 1, 1, 1)),
    fullBox('stsz', u32(0, 1, sampleBytes)),
    fullBox('stco', u32(1, dataOffset)),
  );
}

function visualEntry(): Buffer {
  const configuration = box(
    'avcC',
    Buffer.from([1, 0x42, 0x00, 0x0a, 0xff, 0xe1]),
    u16(sequenceParameters.length),
    sequenceParameters,
    Buffer.from([1]),
    u16(pictureParameters.length),
    pictureParameters,
  );
  const resolution = u32(0x480000, 0x480000, 0);
  return box(
    'avc1',
    u16(0, 0, 0, 1),
    u32(0, 0, 0, 0),
    u16(width, height),
    resolution,
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
    configuration,
  );
}

function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

function fullBox(type: string, ...parts: (Buffer | { flags: number })[]): Buffer {
  const flags = parts.find((part) => !Buffer.isBuffer(part));
  const head = u32(flags && 'flags' in flags ? flags.flags : 0);
  return box(type, head, ...parts.filter((part) => Buffer.isBuffer(part)));
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}
