// Asks the Markdown parser what stands where in a piece of a document: code, HTML, or what becomes an attribute.
import { parse, postprocess, preprocess } from 'micromark';
import { gfm } from 'micromark-extension-gfm';

export type MarkupKind = 'code' | 'html' | 'attribute';

/** A part of the source, in UTF-16 offsets. */
export interface Markup {
  readonly kind: MarkupKind;
  readonly start: number;
  readonly end: number;
}

export interface ParsedPiece {
  /** Outer before inner: the last one that holds an offset says what stands there, but for attributes, which hold all in them. */
  readonly markup: readonly Markup[];
  /** False: a fence or an HTML block is still open at its end, so that what follows belongs to it. */
  readonly closed: boolean;
}

const KINDS: ReadonlyMap<string, MarkupKind> = new Map([
  ['codeFenced', 'code'],
  ['codeIndented', 'code'],
  ['codeText', 'code'],
  ['htmlFlow', 'html'],
  ['htmlText', 'html'],
  // The text of an image becomes its `alt`.
  ['image', 'attribute'],
  ['resource', 'attribute'],
  ['reference', 'attribute'],
  ['definition', 'attribute'],
]);

/** Where nothing is open, this heading is one. */
const SENTINEL = '\n\n# end\n';

/**
 * Parses one piece. `definitions`: the link definitions of the whole document, without which `![text][name]` is no image.
 * It must begin where nothing is open.
 */
export function parsePiece(text: string, definitions: string): ParsedPiece {
  const sentinelAt = text.length + 2;
  const whole = `${text}${SENTINEL}${definitions}`;
  const events = postprocess(
    parse({ extensions: [gfm()] })
      .document()
      .write(preprocess()(whole, undefined, true)),
  );
  const markup: Markup[] = [];
  let closed = false;
  for (const [phase, token] of events) {
    if (phase !== 'enter') continue;
    const [start, end] = [token.start.offset, token.end.offset];
    if (token.type === 'atxHeading' && start === sentinelAt) closed = true;
    const kind = KINDS.get(token.type);
    if (kind !== undefined && start < text.length) markup.push({ kind, start, end });
  }
  return { markup, closed };
}

const DEFINITION = /^[ \t>*+\-\d.)]*\[(?:[^[\]\\]|\\.)+\]:/gm;

/** Every name that may be defined somewhere in the document, as definitions of nothing. One too many makes no harm. */
export function definitionsIn(source: string): string {
  const names = source.match(DEFINITION) ?? [];
  return [...new Set(names.map((line) => `${line.slice(line.indexOf('[')).replace(/\s+/g, ' ')} /\n`))].join('');
}
