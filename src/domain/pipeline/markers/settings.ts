// Says for places in a Markdown document whether they stand in code, in HTML, in what becomes an attribute, or in the text.
import { definitionsIn, type Markup, parsePiece } from './parsed.ts';
import { fenceEnd, type Piece, piecesFrom } from './pieces.ts';

/** What stands around a place. `start` and `end`: the HTML that it stands in, in UTF-16 offsets. */
export type Setting =
  | { readonly kind: 'code' | 'attribute' | 'text' }
  | { readonly kind: 'html'; readonly start: number; readonly end: number };

/** What may be left open at the end of a piece: fences, and HTML that goes on over blank lines (CommonMark 0.31, 4.6). */
const MAY_STAY_OPEN = /```|~~~|<(?:[?]|![a-z[]|!--|pre|script|style|textarea)/i;
/** On one line; a bar in it may end the cell of a table, a mark of code may belong to code around it. */
const COMMENT = /<!--(?!-?>)[^\r\n|`]*?-->/g;
const COMMENT_BEGUN = /<!--(?!-?>)[^\r\n|`]*$/;
/** Code spans and links in their simplest form, which are whole and hold nothing that follows. */
const WHOLE = /(?<!`)`[^`\\|\r\n]+`(?!`)|\[[^[\]`\\<|!\r\n]+\]\([^\s()<>"'`\\|[\]]+\)/g;
/** Without any of these before it in its piece, a comment is a comment: nothing has begun that could hold it. */
const MAY_HOLD_COMMENT = /[`\\[\t<]|~~~| {4}/;

/**
 * The setting of each offset; the offsets ascend. The parser is asked only about pieces where its answer is open: it reads
 * some hundred kilobytes a second, and most of a document is plain.
 */
export function settingsAt(source: string, offsets: readonly number[]): Setting[] {
  const asked = new Asked(source, offsets);
  // The parser drops a byte order mark and counts without it.
  let start = source.startsWith('\uFEFF') ? 1 : 0;
  while (start < source.length && asked.more()) {
    for (const piece of piecesFrom(source, start)) {
      start = asked.read(piece);
      if (start !== piece.end || !asked.more()) break;
    }
  }
  return asked.settings;
}

class Asked {
  readonly settings: Setting[] = [];
  readonly #source: string;
  readonly #offsets: readonly number[];
  #definitions: string | null = null;

  constructor(source: string, offsets: readonly number[]) {
    this.#source = source;
    this.#offsets = offsets;
  }

  more(): boolean {
    return this.settings.length < this.#offsets.length;
  }

  /** Settles the offsets of a piece, and answers where the next one begins. */
  read({ start, end }: Piece): number {
    const fence = fenceEnd(this.#source, start);
    if (fence !== null) {
      this.#settle(fence, () => ({ kind: 'code' }));
      return fence;
    }
    const text = this.#source.slice(start, end);
    const last = this.#lastBefore(end);
    if (last === null && !MAY_STAY_OPEN.test(text)) return end;
    const comments = commentsOf(text, start);
    if (isPlain(text, last === null ? 0 : last - start)) {
      this.#settle(end, (offset) => settingAmong(comments, offset));
      return end;
    }
    return this.#parse(start, end);
  }

  /** Twice as much each time, so that what is read is at most thrice what was open. */
  #parse(start: number, firstEnd: number): number {
    this.#definitions ??= definitionsIn(this.#source);
    let end = firstEnd;
    for (let pieces = 1; ; pieces *= 2) {
      const text = this.#source.slice(start, end);
      const { markup, closed } = parsePiece(text, text.includes('![') ? this.#definitions : '');
      if (closed || end === this.#source.length) {
        const moved = markup.map((one) => ({ ...one, start: one.start + start, end: one.end + start }));
        this.#settle(end, (offset) => settingAmong(moved, offset));
        return end;
      }
      let more = pieces;
      for (const piece of piecesFrom(this.#source, end)) {
        end = piece.end;
        more -= 1;
        if (more === 0) break;
      }
    }
  }

  #settle(end: number, setting: (offset: number) => Setting): void {
    for (let offset = this.#next(); offset !== undefined && offset < end; offset = this.#next()) {
      this.settings.push(setting(offset));
    }
  }

  #next(): number | undefined {
    return this.#offsets[this.settings.length];
  }

  #lastBefore(end: number): number | null {
    let last: number | null = null;
    for (let index = this.settings.length; (this.#offsets[index] ?? end) < end; index += 1) {
      last = this.#offsets[index] ?? null;
    }
    return last;
  }
}

function commentsOf(text: string, start: number): Markup[] {
  return Array.from(text.matchAll(COMMENT), ({ index, 0: comment }) => ({
    kind: 'html',
    start: start + index,
    end: start + index + comment.length,
  }));
}

/** Whether the places up to the last one asked for stand where they seem to, and nothing stays open. */
function isPlain(text: string, last: number): boolean {
  if (MAY_STAY_OPEN.test(text.replace(COMMENT, ''))) return false;
  const before = text.slice(0, last).replace(COMMENT, '').replace(COMMENT_BEGUN, '').replace(WHOLE, '');
  return !MAY_HOLD_COMMENT.test(before);
}

function settingAmong(markup: readonly Markup[], offset: number): Setting {
  const around = markup.filter(({ start, end }) => start <= offset && offset < end);
  if (around.some(({ kind }) => kind === 'attribute')) return { kind: 'attribute' };
  const inner = around.at(-1);
  return inner?.kind === 'html'
    ? { kind: 'html', start: inner.start, end: inner.end }
    : { kind: inner?.kind ?? 'text' };
}
