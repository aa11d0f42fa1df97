// A form of ours with a file in it, read while it arrives: the fields first, then the file, which is never whole in memory.
import type { PageContext } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';
import { assertOwnForm } from './csrf.ts';
import { FormBroken, type FormPart, formParts } from './multipart.ts';

const FIELD_BYTES = 64 * 1024;
const FIELDS = 50;

export type Fields = Readonly<Record<string, string>>;

/** A file of the form; its bytes must be read, or let go, before the form goes on. */
export interface FormFile {
  readonly mediaType: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * The fields of a form, and what `keep` made of its file, null where none was chosen. The form is known to be ours before
 * anything of the file is kept, so its fields stand before it. @throws PageRefused
 */
export async function readUploadForm<Kept>(
  c: PageContext,
  keep: (file: FormFile) => Promise<Kept>,
): Promise<{ readonly fields: Fields; readonly kept: Kept | null }> {
  const boundary = /^multipart\/form-data *;.*boundary="?([^";]{1,70})"?/i.exec(
    c.req.header('content-type') ?? '',
  )?.[1];
  const { body } = c.req.raw;
  if (boundary === undefined || !body) throw broken();
  const fields: Record<string, string> = {};
  let kept: Kept | null = null;
  try {
    for await (const part of formParts(body, boundary)) {
      if (part.fileName === null) fields[part.name] = await textOf(part, Object.keys(fields).length);
      else if (part.fileName !== '' && kept === null) {
        assertOwnForm(c, c.get('sessionId'), fields);
        kept = await keep({ mediaType: part.mediaType, bytes: part.bytes });
      }
    }
  } catch (error) {
    throw error instanceof FormBroken ? broken() : error;
  }
  assertOwnForm(c, c.get('sessionId'), fields);
  return { fields, kept };
}

async function textOf({ bytes }: FormPart, before: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    length += part.byteLength;
    if (length > FIELD_BYTES || before >= FIELDS) throw new FormBroken();
    parts.push(part);
  }
  // A form's lines end with CR LF, whatever was typed.
  return Buffer.concat(parts).toString('utf8').replaceAll('\r\n', '\n');
}

function broken(): PageRefused {
  return new PageRefused(
    400,
    'The form did not arrive whole',
    'The form broke off or is none of ours, so nothing was changed; go back, reload the page and send it again.',
  );
}
