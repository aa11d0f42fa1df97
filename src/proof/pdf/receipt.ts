// The receipt of one schedule: its 17 fields, each by name.
import { PROOF_FIELDS, type ProofField, type ProofRecord } from '../../domain/proof/record.ts';
import { type Line, TEXT_WIDTH } from './pages.ts';
import type { Typesetter } from './typeset.ts';

const SIZE = 8;
const LEADING = 10.6;
const VALUE_AT = 130;
const HEAD = { size: 10, height: 20 } as const;
const GAP = 12;

export type ReceiptLabels = ReadonlyMap<ProofField, string>;

/** The names of the fields, set once. */
export function receiptLabels(typesetter: Typesetter): ReceiptLabels {
  return new Map(PROOF_FIELDS.map((field) => [field, typesetter.lines(field, SIZE, VALUE_AT)[0] ?? '']));
}

/** The lines of a receipt. `number` counts them from 1, as the lines of `records.jsonl`. */
export function receipt(typesetter: Typesetter, labels: ReceiptLabels, record: ProofRecord, number: number): Line[] {
  const head = typesetter.lines(`Receipt ${number}`, HEAD.size, TEXT_WIDTH)[0] ?? '';
  const lines: Line[] = [{ pieces: [{ hex: head, x: 0 }], ...HEAD, ruled: true }];
  for (const field of PROOF_FIELDS) {
    const values = typesetter.lines(String(record[field] ?? '—'), SIZE, TEXT_WIDTH - VALUE_AT);
    values.forEach((hex, index) => {
      const name = index === 0 ? [{ hex: labels.get(field) ?? '', x: 0, soft: true }] : [];
      lines.push({ pieces: [...name, { hex, x: VALUE_AT }], size: SIZE, height: LEADING });
    });
  }
  lines.push({ pieces: [], size: SIZE, height: GAP });
  return lines;
}
