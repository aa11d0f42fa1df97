// Reads the records line by line: each in canonical form, in its order and within the range, and the table their twin.
import { createHash } from 'node:crypto';
import { CSV_HEAD, csvLine } from '../../domain/proof/csv.ts';
import type { Manifest } from '../../domain/proof/manifest.ts';
import { isInOrder, type ProofRecord, proofRecordSchema, recordLine } from '../../domain/proof/record.ts';
import { type BrokenBundle, broken } from '../../domain/proof/verdict.ts';
import type { StoredFile } from './read-container.ts';

/** What was found; `order` apart from the rest, since a line out of its order explains a digest that differs. */
export interface ReadRecords {
  readonly sha256: string;
  readonly count: number;
  readonly outOfOrder: BrokenBundle | null;
  readonly fault: BrokenBundle | null;
  /** Of the table that these records make. */
  readonly csvSha256: string;
}

/** Far longer than any record of ours. */
const LONGEST_LINE = 64 * 1024;
const NEWLINE = 0x0a;

/** Reads the file to its end, whatever is found. */
export async function readRecords(file: StoredFile, range: Manifest['range']): Promise<ReadRecords> {
  const hash = createHash('sha256');
  const csv = createHash('sha256').update(CSV_HEAD);
  let before: ProofRecord | null = null;
  let count = 0;
  let outOfOrder: BrokenBundle | null = null;
  let fault: BrokenBundle | null = null;
  for await (const line of linesOf(file, (bytes) => hash.update(bytes))) {
    count += 1;
    const record = fault === null ? readRecord(line) : null;
    if (record === null) {
      fault ??= broken('record_malformed', String(count));
      continue;
    }
    if (before !== null && !isInOrder(before, record)) outOfOrder ??= broken('reordered', String(count));
    if (record.publishAtISO < range.from || record.publishAtISO >= range.to) {
      fault ??= broken('record_outside', String(count));
    }
    csv.update(csvLine(record));
    before = record;
  }
  return { sha256: hash.digest('hex'), count, outOfOrder, fault, csvSha256: csv.digest('hex') };
}

function readRecord(line: Uint8Array | null): ProofRecord | null {
  if (line === null) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    const record = proofRecordSchema.parse(JSON.parse(text));
    return recordLine(record) === text ? record : null;
  } catch {
    return null;
  }
}

/** The lines without their ends; null for one that is too long, and for a last one without an end. */
async function* linesOf(file: StoredFile, seen: (bytes: Uint8Array) => void): AsyncIterable<Uint8Array | null> {
  let rest = Buffer.alloc(0);
  let tooLong = false;
  for await (const chunk of bytesOf(file)) {
    seen(chunk);
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([rest, chunk.subarray(from, end)]);
      yield tooLong || line.length > LONGEST_LINE ? null : line;
      rest = Buffer.alloc(0);
      tooLong = false;
      from = end + 1;
    }
    tooLong ||= rest.length + chunk.length - from > LONGEST_LINE;
    rest = tooLong ? Buffer.alloc(0) : Buffer.concat([rest, chunk.subarray(from)]);
  }
  if (rest.length > 0 || tooLong) yield null;
}

async function* bytesOf(file: StoredFile): AsyncIterable<Buffer> {
  for await (const chunk of file.open()) yield Buffer.from(chunk);
}
