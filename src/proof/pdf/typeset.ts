// Turns text into glyphs of the font. What the font has no glyph for, and what would have to be shaped or written from the right,
// is written as its code point: nothing is ever left out.
import type { FontFile } from './font-file.ts';

/** Glyphs as a PDF shows them, two bytes each in hex, and their width in thousandths of the size. */
export interface Glyphs {
  readonly hex: string;
  readonly width: number;
}

export interface Typesetter {
  /** The lines that a text takes at this size (points) within this width (points), broken between any two characters. */
  lines(text: string, size: number, width: number): readonly string[];
  /** The same for sentences, broken between words. */
  paragraph(text: string, size: number, width: number): readonly string[];
  /** Every glyph that was used, with the character it was used for. */
  readonly used: ReadonlyMap<number, string>;
}

/** Scripts whose characters stand one after the other from the left, each with a glyph of its own. */
const PLAIN =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]$/u;
/** Controls, what steers the direction, separators of lines, and what nobody has assigned. */
const UNSEEN = /^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]$/u;
const ASCII = /^[\x20-\x7e]*$/;

/** Makes the typesetter of a font. */
export function createTypesetter(font: FontFile): Typesetter {
  const used = new Map<number, string>();
  const known = new Map<string, Glyphs>();
  const draw = (character: string): Glyphs | null => {
    if (!PLAIN.test(character) || UNSEEN.test(character)) return null;
    const glyph = font.glyphOf(character.codePointAt(0) ?? 0);
    if (glyph === 0) return null;
    if (!used.has(glyph)) used.set(glyph, character);
    return { hex: glyph.toString(16).padStart(4, '0'), width: font.advanceOf(glyph) };
  };
  const glyphsOf = (character: string): Glyphs => {
    const before = known.get(character);
    if (before) return before;
    const made = draw(character) ?? together(Array.from(codePointOf(character), glyphsOf));
    known.set(character, made);
    return made;
  };
  const glyphsOfText = (text: string) => Array.from(composed(text), glyphsOf);
  /** Plain ones of a record, of which most fit on a line: by far the most text there is. */
  const onOneLine = (text: string, limit: number): string | null => {
    let hex = '';
    let filled = 0;
    for (const character of text) {
      const glyphs = known.get(character) ?? glyphsOf(character);
      hex += glyphs.hex;
      filled += glyphs.width;
    }
    return filled <= limit ? hex : null;
  };
  return {
    used,
    lines(text, size, width) {
      const limit = (width / size) * 1000;
      const line = ASCII.test(text) ? onOneLine(text, limit) : null;
      return line === null ? broken(glyphsOfText(text), limit) : [line];
    },
    paragraph(text, size, width) {
      const limit = (width / size) * 1000;
      const space = glyphsOf(' ');
      const words = text.split(' ').flatMap((word, index) => {
        const glyphs = [...(index === 0 ? [] : [space]), ...glyphsOfText(word)];
        const whole = together(glyphs);
        return whole.width > limit ? glyphs : [whole];
      });
      return broken(words, limit).map((line) => (line.startsWith(space.hex) ? line.slice(space.hex.length) : line));
    },
  };
}

/** A letter and its accent are drawn as the one glyph that many fonts have for both. */
function composed(text: string): string {
  return ASCII.test(text) ? text : text.normalize('NFC');
}

function codePointOf(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `[U+${hex}]`;
}

function together(parts: readonly Glyphs[]): Glyphs {
  return { hex: parts.map(({ hex }) => hex).join(''), width: parts.reduce((sum, { width }) => sum + width, 0) };
}

function broken(parts: readonly Glyphs[], limit: number): string[] {
  const lines: string[] = [];
  let line = '';
  let filled = 0;
  for (const { hex, width } of parts) {
    if (filled + width > limit && line !== '') {
      lines.push(line);
      line = '';
      filled = 0;
    }
    line += hex;
    filled += width;
  }
  lines.push(line);
  return lines;
}
