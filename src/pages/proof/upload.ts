// Receives the one file of a form as it comes (RFC 7578), straight into a file: however large it is, memory holds one piece of it.
import { type FileHandle, open } from 'node:fs/promises';
import { PageRefused } from '../page-refused.ts';

/** Far more than the records of a busy year. */
const MOST_BYTES = 2 * 1024 ** 3;
/** What a form of ours has around its file. */
const MOST_FORM_BYTES = 64 * 1024;
const MOST_FIELD_BYTES = 8 * 1024;
const MOST_HEAD_BYTES = 4 * 1024;

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

/**
 * Writes the form's file to `path`. The fields that came before it are shown to `admit` first, which may refuse.
 * `mostBytes`: of the file. @throws PageRefused when it is too large, or no form with a file
 */
export async function receiveUpload(
  request: Request,
  path: string,
  admit: (fields: Readonly<Record<string, string>>) => void,
  mostBytes = MOST_BYTES,
): Promise<void> {
  // Said before a byte of it is read, where the sender says how long it is.
  if (Number(request.headers.get('content-length')) > mostBytes + MOST_FORM_BYTES) throw tooLarge();
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,70})"?/i.exec(
    request.headers.get('content-type') ?? '',
  )?.[1];
  if (boundary === undefined || request.body === null) throw noFile();
  const parts = readParts(request.body, Buffer.from(`\r\n--${boundary}`));
  const fields: Record<string, string> = {};
  for (;;) {
    const head = await parts.head();
    if (head === null) throw noFile();
    const name = /\bname="([^"]*)"/.exec(head)?.[1] ?? '';
    if (/\bfilename="/.test(head)) break;
    const pieces: Buffer[] = [];
    await parts.body(MOST_FIELD_BYTES, async (piece) => void pieces.push(piece));
    fields[name] = Buffer.concat(pieces).toString('utf8');
  }
  admit(fields);
  const file = await open(path, 'wx', 0o600);
  try {
    await parts.body(mostBytes, (piece) => writeAll(file, piece));
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
}

interface Parts {
  /** The header lines of the next part; null after the last. */
  head(): Promise<string | null>;
  /** Hands out the body of the part, piece by piece. */
  body(mostBytes: number, take: (piece: Buffer) => Promise<void>): Promise<void>;
}

function readParts(stream: ReadableStream<Uint8Array>, delimiter: Buffer): Parts {
  const reader = stream.getReader();
  // So that the first delimiter looks like every other.
  let waiting: Buffer = Buffer.from(LINE_END);
  const more = async (): Promise<void> => {
    // Whoever sends it may be gone: that is no fault of ours, and least of all the database's.
    const { value, done } = await reader.read().catch(() => {
      throw cutOff();
    });
    if (done) throw cutOff();
    waiting = Buffer.concat([waiting, value]);
  };
  const upTo = async (end: Buffer, mostBytes: number): Promise<Buffer> => {
    for (;;) {
      const at = waiting.indexOf(end);
      if (at >= 0) {
        const found = waiting.subarray(0, at);
        waiting = waiting.subarray(at + end.length);
        return found;
      }
      if (waiting.length > mostBytes) throw noFile();
      await more();
    }
  };
  return {
    async head() {
      // What stands before the first part is nobody's; behind every other delimiter's body nothing is left.
      await upTo(delimiter, MOST_HEAD_BYTES);
      while (waiting.length < 2) await more();
      if (waiting.subarray(0, 2).toString() === '--') return null;
      return (await upTo(HEAD_END, MOST_HEAD_BYTES)).toString('utf8');
    },
    async body(mostBytes, take) {
      let taken = 0;
      for (;;) {
        const at = waiting.indexOf(delimiter);
        // A delimiter may begin at the end of what has come so far.
        const sure = at >= 0 ? at : Math.max(0, waiting.length - delimiter.length);
        const piece = waiting.subarray(0, sure);
        taken += piece.length;
        if (taken > mostBytes) throw tooLarge();
        if (piece.length > 0) await take(piece);
        waiting = waiting.subarray(sure);
        if (at >= 0) return;
        await more();
      }
    },
  };
}

function noFile(): PageRefused {
  return new PageRefused(
    400,
    'No file came',
    'The form came without a file, so nothing was checked; go back and choose the bundle.',
  );
}

function cutOff(): PageRefused {
  return new PageRefused(
    400,
    'The upload was cut off',
    'The file did not arrive whole, so nothing was checked and nothing is kept; send it again.',
  );
}

function tooLarge(): PageRefused {
  return new PageRefused(
    413,
    'The file is too large',
    'The file is larger than 2 GB, so nothing was checked and nothing is kept; check it with "oncepost proof verify".',
  );
}
