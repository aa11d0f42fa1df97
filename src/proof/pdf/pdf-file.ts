// Writes the objects of a PDF one after the other and remembers where each stands, and nothing else: a file of any length
// needs no more memory than eight bytes an object (ISO 32000-1, 7.5).
import { constants, deflateSync } from 'node:zlib';

/** What takes the bytes. */
export interface ByteSink {
  append(bytes: Uint8Array | string): void;
}

export interface PdfFile {
  /** The number of an object that is written later, so that others can name it. */
  reserve(): number;
  /** Writes an object: what stands between `obj` and `endobj`. */
  put(id: number, body: string): void;
  /** Writes an object with a stream, which is compressed. `entries` stand in its dictionary beside its length. */
  putStream(id: number, bytes: string | Uint8Array, entries?: string): void;
  /** Writes the table of objects; nothing may follow. */
  end(ids: { readonly root: number; readonly info: number }): void;
}

const HEADER = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n';
const ENTRY_DIGITS = 10;
/** A piece of twenty bytes takes many times that in memory. */
const ENTRIES_AT_ONCE = 4_096;

/** Pages are many, small and alike: the fastest setting, with little memory to make ready, costs them a few bytes. */
const QUICKLY = { level: constants.Z_BEST_SPEED, windowBits: 13, memLevel: 5 };

/** Begins a file. */
export function beginPdf(sink: ByteSink): PdfFile {
  /** By object number; object 0 is the head of the free ones. */
  const offsets = [0];
  let offset = 0;
  const write = (bytes: Uint8Array | string) => {
    const raw = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    sink.append(raw);
    offset += raw.length;
  };
  const begin = (id: number) => {
    offsets[id] = offset;
    write(`${id} 0 obj\n`);
  };
  write(HEADER);
  return {
    reserve: () => offsets.push(0) - 1,
    put(id, body) {
      begin(id);
      write(`${body}\nendobj\n`);
    },
    putStream(id, bytes, entries = '') {
      const packed = deflateSync(bytes, QUICKLY);
      begin(id);
      write(`<< ${entries}/Length ${packed.length} /Filter /FlateDecode >>\nstream\n`);
      write(packed);
      write('\nendstream\nendobj\n');
    },
    end({ root, info }) {
      const tableAt = offset;
      write(`xref\n0 ${offsets.length}\n0000000000 65535 f \n`);
      for (let from = 1; from < offsets.length; from += ENTRIES_AT_ONCE) {
        const entries = offsets.slice(from, from + ENTRIES_AT_ONCE);
        write(entries.map((at) => `${String(at).padStart(ENTRY_DIGITS, '0')} 00000 n \n`).join(''));
      }
      write(
        `trailer\n<< /Size ${offsets.length} /Root ${root} 0 R /Info ${info} 0 R >>\nstartxref\n${tableAt}\n%%EOF\n`,
      );
    },
  };
}
