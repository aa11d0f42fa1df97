// Pages of lines: each is written to the file as soon as it is full.
import type { PdfFile } from './pdf-file.ts';

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89 } as const;
const MARGIN = 48;
const FOOT = 40;
export const TEXT_WIDTH = PAGE.width - 2 * MARGIN;
const ROOM = PAGE.height - MARGIN - FOOT - 24;

interface Piece {
  readonly hex: string;
  readonly x: number;
  /** Grey, for names beside values. */
  readonly soft?: boolean;
}

/** Pieces of one line, each with its place from the left margin, and the space that the line takes; all in points. */
export interface Line {
  readonly pieces: readonly Piece[];
  readonly size: number;
  readonly height: number;
  /** A thin rule above it. */
  readonly ruled?: boolean;
}

/** What is drawn as one: its height, and how it is drawn below a place on the page; all in points. */
export interface Block {
  readonly height: number;
  draw(left: number, top: number): string;
}

export interface Pages {
  /** Puts lines onto the page, on a new one where they belong together and do not fit on this. */
  add(lines: readonly Line[]): void;
  /** Puts a block onto the page, or onto a new one. */
  addBlock(block: Block): void;
  /** Writes the last page; answers the numbers of the nodes that hold them, and how many pages there are. */
  end(): { readonly nodes: readonly number[]; readonly count: number };
}

export interface PagesOptions {
  readonly file: PdfFile;
  /** The object that holds the nodes. */
  readonly parent: number;
  /** The object with the fonts. */
  readonly resources: number;
  /** What stands at the foot of a page. */
  readonly footer: (page: number) => string;
}

/** Pages of one node of the tree: few enough that a reader need not read them all to show one. */
const PAGES_PER_NODE = 256;

/** Begins a run of pages. */
export function beginPages({ file, parent, resources, footer }: PagesOptions): Pages {
  const nodes: number[] = [];
  let node: { id: number; pages: number[] } = { id: 0, pages: [] };
  let content: string[] = [];
  let used = 0;
  let count = 0;

  const endNode = () => {
    if (node.pages.length === 0) return;
    const kids = node.pages.map((page) => `${page} 0 R`).join(' ');
    file.put(node.id, `<< /Type /Pages /Parent ${parent} 0 R /Count ${node.pages.length} /Kids [${kids}] >>`);
    nodes.push(node.id);
    node = { id: 0, pages: [] };
  };

  const flush = () => {
    if (content.length === 0) return;
    count += 1;
    if (node.pages.length === 0) node.id = file.reserve();
    const [page, stream] = [file.reserve(), file.reserve()];
    const foot = `BT 0.4 g /F 7 Tf 1 0 0 1 ${MARGIN} ${FOOT - 12} Tm <${footer(count)}> Tj ET`;
    file.putStream(stream, `${content.join('')}${foot}`);
    file.put(
      page,
      `<< /Type /Page /Parent ${node.id} 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources ${resources} 0 R /Contents ${stream} 0 R >>`,
    );
    node.pages.push(page);
    if (node.pages.length === PAGES_PER_NODE) endNode();
    content = [];
    used = 0;
  };

  return {
    addBlock({ height, draw }) {
      if (used + height > ROOM) flush();
      content.push(draw(MARGIN, PAGE.height - MARGIN - used));
      used += height;
    },
    add(lines) {
      const wanted = lines.reduce((sum, { height }) => sum + height, 0);
      if (used + wanted > ROOM && wanted <= ROOM) flush();
      for (const line of lines) {
        if (used + line.height > ROOM) flush();
        used += line.height;
        content.push(drawn(line, PAGE.height - MARGIN - used));
      }
    },
    end() {
      flush();
      endNode();
      return { nodes, count };
    },
  };
}

function drawn({ pieces, size, height, ruled }: Line, y: number): string {
  const base = (y + 2.5).toFixed(1);
  const top = (y + height).toFixed(1);
  const rule = ruled ? `0.8 G 0.5 w ${MARGIN} ${top} m ${(PAGE.width - MARGIN).toFixed(1)} ${top} l S ` : '';
  const shown = pieces.map(
    ({ hex, x, soft }) => `${soft ? '0.4' : '0'} g 1 0 0 1 ${MARGIN + x} ${base} Tm <${hex}> Tj`,
  );
  return `${rule}BT /F ${size} Tf ${shown.join(' ')} ET\n`;
}
