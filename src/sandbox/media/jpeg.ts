// A small real JPEG, made in code: a grey baseline image whose 8x8 blocks are each of one brightness.

/** The usual Huffman table for brightness DC categories: how many codes there are of each length from 1 to 16 bits. */
const dcCodeCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const dcCategories = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const endOfBlock = { code: 0, length: 1 };

/** Makes a JPEG of blocks x blocks (8 pixels each); brightness 0-255 is asked per block. */
export function makeJpeg(blocks: number, brightness: (column: number, row: number) => number): Buffer {
  const pixels = blocks * 8;
  // A quantiser of 8 everywhere makes a block's one coefficient its brightness minus 128.
  const quantisers = segment(0xdb, [0, ...new Array<number>(64).fill(8)]);
  const frame = segment(0xc0, [8, pixels >> 8, pixels & 255, pixels >> 8, pixels & 255, 1, 1, 0x11, 0]);
  const dcTable = segment(0xc4, [0x00, ...dcCodeCounts, ...dcCategories]);
  const acTable = segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0]);
  const scan = segment(0xda, [1, 1, 0, 0, 63, 0]);
  const jfif = segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]);
  const start = Buffer.from([0xff, 0xd8]);
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([start, jfif, quantisers, frame, dcTable, acTable, scan, scanData(blocks, brightness), end]);
}

function segment(marker: number, content: number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...content]);
}

function scanData(blocks: number, brightness: (column: number, row: number) => number): Buffer {
  const codes = canonicalCodes();
  const bits = bitWriter();
  let previous = 0;
  for (let row = 0; row < blocks; row += 1) {
    for (let column = 0; column < blocks; column += 1) {
      const value = Math.round(brightness(column, row)) - 128;
      const difference = value - previous;
      previous = value;
      const category = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
      const code = codes[category] ?? endOfBlock;
      bits.write(code.code, code.length);
      bits.write(difference < 0 ? difference + (1 << category) - 1 : difference, category);
      bits.write(endOfBlock.code, endOfBlock.length);
    }
  }
  return bits.finish();
}

/** Huffman codes in JPEG's canonical order, by category. */
function canonicalCodes(): { code: number; length: number }[] {
  const codes: { code: number; length: number }[] = [];
  let code = 0;
  for (const [index, count] of dcCodeCounts.entries()) {
    for (let made = 0; made < count; made += 1) codes.push({ code: code++, length: index + 1 });
    code <<= 1;
  }
  return codes;
}

function bitWriter(): { write(value: number, length: number): void; finish(): Buffer } {
  const bytes: number[] = [];
  let pending = 0;
  let pendingBits = 0;
  const write = (value: number, length: number) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      pending = (pending << 1) | ((value >> bit) & 1);
      pendingBits += 1;
      if (pendingBits < 8) continue;
      bytes.push(pending);
      // A literal 0xff in the data is followed by a zero, so that it is not read as a marker.
      if (pending === 0xff) bytes.push(0);
      pending = 0;
      pendingBits = 0;
    }
  };
  return {
    write,
    finish: () => {
      while (pendingBits > 0) write(1, 1);
      return Buffer.from(bytes);
    },
  };
}
