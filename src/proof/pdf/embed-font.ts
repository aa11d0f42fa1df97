// Embeds the glyphs that were used, with their widths and the characters they stand for, so that text can be searched and
// copied (ISO 32000-1, 9.7 and 9.10.3).
import type { FontFile } from './font-file.ts';
import { subsetFont } from './font-subset.ts';
import type { PdfFile } from './pdf-file.ts';

/** A subset is called by six letters and the font's name. */
const NAME = 'ONCEPO+DejaVuSans';
const SYMBOLIC = 4;
const ENTRIES_PER_BLOCK = 100;

/** Writes the font as the object `id`. */
export function embedFont(file: PdfFile, id: number, font: FontFile, used: ReadonlyMap<number, string>): void {
  const glyphs = [...used.keys()].sort((one, other) => one - other);
  const [child, descriptor, program, characters] = [file.reserve(), file.reserve(), file.reserve(), file.reserve()];
  const subset = subsetFont(font, new Set(glyphs));
  file.putStream(program, subset, `/Length1 ${subset.length} `);
  file.putStream(characters, characterMap(glyphs, used));
  file.put(
    descriptor,
    `<< /Type /FontDescriptor /FontName /${NAME} /Flags ${SYMBOLIC} /FontBBox [${font.box.join(' ')}] /ItalicAngle 0 /Ascent ${font.ascent} /Descent ${font.descent} /CapHeight 729 /StemV 80 /FontFile2 ${program} 0 R >>`,
  );
  const widths = glyphs.map((glyph) => `${glyph} [${font.advanceOf(glyph)}]`).join(' ');
  file.put(
    child,
    `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${NAME} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${descriptor} 0 R /DW 600 /W [${widths}] /CIDToGIDMap /Identity >>`,
  );
  file.put(
    id,
    `<< /Type /Font /Subtype /Type0 /BaseFont /${NAME} /Encoding /Identity-H /DescendantFonts [${child} 0 R] /ToUnicode ${characters} 0 R >>`,
  );
}

function characterMap(glyphs: readonly number[], used: ReadonlyMap<number, string>): string {
  const entries = glyphs.map((glyph) => `<${hex(glyph)}> <${utf16(used.get(glyph) ?? '')}>`);
  const blocks = Array.from({ length: Math.ceil(entries.length / ENTRIES_PER_BLOCK) }, (_, index) => {
    const block = entries.slice(index * ENTRIES_PER_BLOCK, (index + 1) * ENTRIES_PER_BLOCK);
    return `${block.length} beginbfchar\n${block.join('\n')}\nendbfchar\n`;
  });
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('')}endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
}

const hex = (code: number) => code.toString(16).padStart(4, '0');

function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, index) => hex(text.charCodeAt(index))).join('');
}
