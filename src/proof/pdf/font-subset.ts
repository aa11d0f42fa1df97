// A font with only the glyphs that are used: every glyph keeps its number, the others become empty. What a PDF embeds.
import { type FontFile, tableOf } from './font-file.ts';

const TABLES = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'] as const;
const LONG_OFFSETS = 1;

/** The font file, the same bytes for the same glyphs. */
export function subsetFont(font: FontFile, used: ReadonlySet<number>): Buffer {
  const { tables } = font;
  const outlines = outlinesOf(font, used);
  const head = Buffer.from(tableOf(tables, 'head'));
  // The whole file's check sum, which nothing that reads an embedded font asks for.
  head.writeUInt32BE(0, 8);
  head.writeInt16BE(LONG_OFFSETS, 50);
  const made = new Map<string, Buffer>([...outlines, ['head', head], ['hmtx', advances(font, used)]]);
  return assemble(
    TABLES.flatMap((name): [string, Buffer][] => {
      const table = made.get(name) ?? tables.get(name);
      return table ? [[name, table]] : [];
    }),
  );
}

function outlinesOf(font: FontFile, used: ReadonlySet<number>): [string, Buffer][] {
  const glyf = tableOf(font.tables, 'glyf');
  const outlineOf = outlineReader(font, glyf);
  const kept = withParts(used, outlineOf);
  const loca = Buffer.alloc(4 * (font.glyphCount + 1));
  const outlines: Buffer[] = [];
  let length = 0;
  for (let glyph = 0; glyph < font.glyphCount; glyph += 1) {
    loca.writeUInt32BE(length, 4 * glyph);
    if (!kept.has(glyph)) continue;
    const outline = padded(outlineOf(glyph));
    outlines.push(outline);
    length += outline.length;
  }
  loca.writeUInt32BE(length, 4 * font.glyphCount);
  return [
    ['glyf', Buffer.concat(outlines)],
    ['loca', loca],
  ];
}

function outlineReader({ tables }: FontFile, glyf: Buffer): (glyph: number) => Buffer {
  const loca = tableOf(tables, 'loca');
  const isLong = tableOf(tables, 'head').readInt16BE(50) === LONG_OFFSETS;
  const offsetOf = (glyph: number) => (isLong ? loca.readUInt32BE(4 * glyph) : 2 * loca.readUInt16BE(2 * glyph));
  return (glyph) => glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1));
}

/** A glyph may be put together from others (an accent over a letter), and those from others again. */
function withParts(used: ReadonlySet<number>, outlineOf: (glyph: number) => Buffer): ReadonlySet<number> {
  const kept = new Set<number>([0]);
  const open = [...used];
  for (let glyph = open.pop(); glyph !== undefined; glyph = open.pop()) {
    if (kept.has(glyph) && glyph !== 0) continue;
    kept.add(glyph);
    open.push(...partsOf(outlineOf(glyph)));
  }
  return kept;
}

const FIRST_PART = 10;
const FLAGS = { words: 0x1, scale: 0x8, more: 0x20, twoScales: 0x40, matrix: 0x80 } as const;

/** The glyphs that a composite one is made of (OpenType, "glyf", composite glyph description). */
function partsOf(outline: Buffer): number[] {
  const parts: number[] = [];
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return parts;
  for (let at = FIRST_PART; ; ) {
    const flags = outline.readUInt16BE(at);
    parts.push(outline.readUInt16BE(at + 2));
    if ((flags & FLAGS.more) === 0) return parts;
    at += 4 + (flags & FLAGS.words ? 4 : 2) + scaleBytes(flags);
  }
}

function scaleBytes(flags: number): number {
  if (flags & FLAGS.scale) return 2;
  if (flags & FLAGS.twoScales) return 4;
  return flags & FLAGS.matrix ? 8 : 0;
}

function advances({ tables }: FontFile, used: ReadonlySet<number>): Buffer {
  const all = Buffer.from(tableOf(tables, 'hmtx'));
  const metrics = tableOf(tables, 'hhea').readUInt16BE(34);
  for (let glyph = 0; glyph < metrics; glyph += 1) if (!used.has(glyph)) all.fill(0, 4 * glyph, 4 * glyph + 4);
  all.fill(0, 4 * metrics);
  return all;
}

const VERSION = 0x00010000;

function assemble(tables: readonly [string, Buffer][]): Buffer {
  const head = Buffer.alloc(12 + 16 * tables.length);
  const power = Math.floor(Math.log2(tables.length));
  head.writeUInt32BE(VERSION, 0);
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * tables.length - 16 * 2 ** power, 10);
  let offset = head.length;
  const bodies = tables.map(([name, table], index) => {
    const at = 12 + 16 * index;
    const body = padded(table);
    head.write(name, at, 'latin1');
    head.writeUInt32BE(checkSum(body), at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(table.length, at + 12);
    offset += body.length;
    return body;
  });
  return Buffer.concat([head, ...bodies]);
}

function padded(table: Buffer): Buffer {
  return table.length % 4 === 0 ? table : Buffer.concat([table, Buffer.alloc(4 - (table.length % 4))]);
}

function checkSum(body: Buffer): number {
  let sum = 0;
  for (let at = 0; at < body.length; at += 4) sum = (sum + body.readUInt32BE(at)) >>> 0;
  return sum;
}
