// Reads multipart/form-data (RFC 7578) as it arrives, part by part.

/** It ended too early, or is no form. */
export class FormBroken extends Error {
  override readonly name = 'FormBroken';
}

export interface FormPart {
  readonly name: string;
  /** Null for a plain field; empty where a file could have been chosen and was not. */
  readonly fileName: string | null;
  readonly mediaType: string | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

const HEADER_BYTES = 8 * 1024;
const LINE = Buffer.from('\r\n');
const BLANK_LINE = Buffer.from('\r\n\r\n');

/** Every part in order. What of a part was not read is skipped. @throws FormBroken */
export async function* formParts(body: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<FormPart> {
  const source = new Source(body);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first boundary has no line before it.
  source.unread(LINE);
  await skip(source.upTo(delimiter));
  while ((await source.take(LINE.length)).equals(LINE)) {
    const header = await headerOf(source);
    const bytes = source.upTo(delimiter);
    yield { ...header, bytes };
    await skip(bytes);
  }
}

async function skip(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of bytes);
}

async function headerOf(source: Source): Promise<Omit<FormPart, 'bytes'>> {
  // A part without any header begins with the blank line itself.
  source.unread(LINE);
  let text = '';
  for await (const part of source.upTo(BLANK_LINE)) {
    text += Buffer.from(part).toString('utf8');
    if (text.length > HEADER_BYTES) throw new FormBroken();
  }
  const disposition = /^content-disposition: *form-data *;(.*)$/im.exec(text)?.[1] ?? '';
  const name = /(?:^|[;\s])name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw new FormBroken();
  return {
    name,
    fileName: /(?:^|[;\s])filename="([^"]*)"/i.exec(disposition)?.[1] ?? null,
    mediaType: /^content-type: *(\S+)/im.exec(text)?.[1] ?? null,
  };
}

/** The bytes that came and were not read yet; never much more than one chunk of the sender's. */
class Source {
  readonly #rest: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#rest = body[Symbol.asyncIterator]();
  }

  unread(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held]);
  }

  async take(length: number): Promise<Buffer> {
    while (this.#held.byteLength < length) await this.#more();
    return this.#cut(length);
  }

  /** Everything before the delimiter, which is left behind; once it was met there is nothing more to read. */
  upTo(delimiter: Buffer): AsyncGenerator<Uint8Array, void> {
    const parts = this.#partsUpTo(delimiter);
    // Whoever lets go of a part early has not read it: it goes on from there when it is skipped.
    return Object.assign(parts, { return: async () => ({ done: true, value: undefined }) as const });
  }

  async *#partsUpTo(delimiter: Buffer): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at >= 0) {
        const last = this.#cut(at);
        this.#cut(delimiter.byteLength);
        if (last.byteLength > 0) yield last;
        return;
      }
      const certain = this.#held.byteLength - delimiter.byteLength + 1;
      if (certain > 0) yield this.#cut(certain);
      await this.#more();
    }
  }

  #cut(length: number): Buffer {
    const cut = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return cut;
  }

  async #more(): Promise<void> {
    const next = await this.#rest.next().catch(() => {
      throw new FormBroken();
    });
    if (next.done === true) throw new FormBroken();
    this.#held = Buffer.concat([this.#held, next.value]);
  }
}
