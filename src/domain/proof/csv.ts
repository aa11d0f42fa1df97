// The CSV twin of the records (RFC 4180): 17 columns, every cell quoted, and none that a spreadsheet would run.
import { PROOF_FIELDS, type ProofRecord } from './record.ts';

/**
 * What makes a spreadsheet take a cell for a formula, in its wide forms too; and our own mark, so that taking one mark off
 * the front of a cell always gives the value back.
 */
const RUNS = /^[=+\-@\t\r\n'＝＋－＠]/u;
const MARK = "'";
const LINE_END = '\r\n';

/** The first line: the names of the fields. */
export const CSV_HEAD = line(PROOF_FIELDS);

/** The line of a record. */
export function csvLine(record: ProofRecord): string {
  return line(PROOF_FIELDS.map((field) => harmless(String(record[field] ?? ''))));
}

function harmless(value: string): string {
  return RUNS.test(value) ? `${MARK}${value}` : value;
}

function line(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}${LINE_END}`;
}
