// The bytes of a page as text, by the rules of browsers: byte order mark, then header, then `meta`, then what the bytes are.

const PRESCAN_BYTES = 1_024;

/** Null where the named encoding is unknown. */
export function pageText(body: Uint8Array, contentType: string): string | null {
  const named =
    bomOf(body) ?? charsetIn(contentType) ?? charsetIn(Buffer.from(body).toString('latin1', 0, PRESCAN_BYTES));
  if (named !== null) return decode(body, named, false);
  return decode(body, 'utf-8', true) ?? decode(body, 'windows-1252', false);
}

function bomOf(body: Uint8Array): string | null {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) return 'utf-8';
  if (body[0] === 0xfe && body[1] === 0xff) return 'utf-16be';
  return body[0] === 0xff && body[1] === 0xfe ? 'utf-16le' : null;
}

function charsetIn(text: string): string | null {
  return /charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(text)?.[1] ?? null;
}

function decode(body: Uint8Array, encoding: string, fatal: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal }).decode(body);
  } catch {
    return null;
  }
}
