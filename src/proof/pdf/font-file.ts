// Reads a TrueType font as far as a PDF needs it: which glyph draws a character, how wide it is, and the tables themselves
// (OpenType 1.9.1, "Font File").
import { readFileSync } from 'node:fs';

export interface FontFile {
  readonly tables: ReadonlyMap<string, Buffer>;
  readonly glyphCount: number;
  /** In thousandths of the size, as a PDF wants them. */
  readonly box: readonly [number, number, number, number];
  readonly ascent: number;
  readonly descent: number;
  /** The glyph of a character; 0 where the font has none. */
  glyphOf(codePoint: number): number;
  /** In thousandths of the size. */
  advanceOf(glyph: number): number;
}

const DIRECTORY_AT = 12;
const DIRECTORY_ENTRY = 16;

/** Reads the font. */
export function readFontFile(path: URL): FontFile {
  const tables = tablesOf(readFileSync(path));
  const [head, hhea, hmtx] = [tableOf(tables, 'head'), tableOf(tables, 'hhea'), tableOf(tables, 'hmtx')];
  const scale = 1000 / head.readUInt16BE(18);
  const scaled = (table: Buffer, at: number) => Math.round(table.readInt16BE(at) * scale);
  const metrics = hhea.readUInt16BE(34);
  return {
    tables,
    glyphCount: tableOf(tables, 'maxp').readUInt16BE(4),
    box: [scaled(head, 36), scaled(head, 38), scaled(head, 40), scaled(head, 42)],
    ascent: scaled(hhea, 4),
    descent: scaled(hhea, 6),
    glyphOf: glyphsOf(tableOf(tables, 'cmap')),
    advanceOf: (glyph) => Math.round(hmtx.readUInt16BE(4 * Math.min(glyph, metrics - 1)) * scale),
  };
}

function tablesOf(file: Buffer): ReadonlyMap<string, Buffer> {
  return new Map(
    Array.from({ length: file.readUInt16BE(4) }, (_, index) => {
      const entry = DIRECTORY_AT + DIRECTORY_ENTRY * index;
      const offset = file.readUInt32BE(entry + 8);
      return [file.toString('latin1', entry, entry + 4), file.subarray(offset, offset + file.readUInt32BE(entry + 12))];
    }),
  );
}

/** A table that every TrueType font has. */
export function tableOf(tables: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const table = tables.get(name);
  if (table) return table;
  throw new TypeError(`the font has no table ${name}`);
}

const SEGMENTED_COVERAGE = 12;

/** The groups of characters of the table that covers all of Unicode (format 12). */
function glyphsOf(cmap: Buffer): (codePoint: number) => number {
  const subtables = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => cmap.readUInt32BE(8 + 8 * index));
  const at = subtables.find((offset) => cmap.readUInt16BE(offset) === SEGMENTED_COVERAGE);
  if (at === undefined) throw new TypeError('the font has no character map over all of Unicode');
  const groups = Array.from({ length: cmap.readUInt32BE(at + 12) }, (_, index) => at + 16 + 12 * index);
  return (codePoint) => {
    const group = groups.find((start) => codePoint <= cmap.readUInt32BE(start + 4));
    if (group === undefined || codePoint < cmap.readUInt32BE(group)) return 0;
    return cmap.readUInt32BE(group + 8) + codePoint - cmap.readUInt32BE(group);
  };
}
