// The receipt of one schedule: its 17 fields, each by name.
import { PROOF_FIELDS, type ProofRecord } from '../../domain/proof/record.ts';
import { type Block, type Line, type Pages, TEXT_WIDTH } from './pages.ts';
import type { Typesetter } from './typeset.ts';

const SIZE = 8;
const LEADING = 10.6;
const VALUE_AT = 130;
const HEAD = { size: 10, height: 20 } as const;
const GAP = 12;
const HEIGHT = HEAD.height + PROOF_FIELDS.length * LEADING + GAP;

/** The form that draws what every receipt has: a rule and the names of the fields, from its upper left corner. */
export const RECEIPT_FORM = 'R';

/** What the form draws. */
export function receiptForm(typesetter: Typesetter): { readonly box: string; readonly content: string } {
  const names = PROOF_FIELDS.map((field) => shown(typesetter, field));
  const rule = `0.8 G 0.5 w 0 0 m ${TEXT_WIDTH.toFixed(1)} 0 l S`;
  return {
    box: `0 ${-HEIGHT} ${TEXT_WIDTH.toFixed(1)} 1`,
    content: `${rule} BT 0.4 g /F ${SIZE} Tf ${LEADING} TL 0 ${2.5 - HEAD.height} Td T* ${names.join(' T* ')} ET`,
  };
}

/** Adds a receipt. `number` counts them from 1, as the lines of `records.jsonl`. */
export function addReceipt(pages: Pages, typesetter: Typesetter, record: ProofRecord, number: number): void {
  const values = PROOF_FIELDS.map((field) =>
    typesetter.lines(String(record[field] ?? '—'), SIZE, TEXT_WIDTH - VALUE_AT),
  );
  if (values.every((lines) => lines.length === 1)) pages.addBlock(compact(typesetter, values.flat(), number));
  else pages.add(spelledOut(typesetter, values, number));
}

/** Every value on one line, as in nearly all records: the names are the form's. */
function compact(typesetter: Typesetter, values: readonly string[], number: number): Block {
  return {
    height: HEIGHT,
    draw(left, top) {
      const head = `BT 0 g /F ${HEAD.size} Tf ${left} ${(top - HEAD.height + 2.5).toFixed(1)} Td ${shown(typesetter, title(number))} ET`;
      const body = `BT /F ${SIZE} Tf ${LEADING} TL ${left + VALUE_AT} ${(top - HEAD.height + 2.5).toFixed(1)} Td T*<${values.join('>Tj T*<')}>Tj ET`;
      return `q 1 0 0 1 ${left} ${top.toFixed(1)} cm /${RECEIPT_FORM} Do Q ${head} ${body}\n`;
    },
  };
}

function spelledOut(typesetter: Typesetter, values: readonly (readonly string[])[], number: number): Line[] {
  const [head = ''] = typesetter.lines(title(number), HEAD.size, TEXT_WIDTH);
  const rows = PROOF_FIELDS.flatMap((field, place) => {
    const [name = ''] = typesetter.lines(field, SIZE, VALUE_AT);
    return (values[place] ?? []).map((hex, index): Line => {
      const label = index === 0 ? [{ hex: name, x: 0, soft: true }] : [];
      return { pieces: [...label, { hex, x: VALUE_AT }], size: SIZE, height: LEADING };
    });
  });
  const gap = { pieces: [], size: SIZE, height: GAP };
  return [{ pieces: [{ hex: head, x: 0 }], ...HEAD, ruled: true }, ...rows, gap];
}

const title = (number: number) => `Receipt ${number}`;

function shown(typesetter: Typesetter, text: string): string {
  return `<${typesetter.lines(text, SIZE, TEXT_WIDTH)[0] ?? ''}> Tj`;
}
