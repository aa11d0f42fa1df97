// Keeps what the other side was trusted with out of what is kept: by value, and by shape (law 9).
import { redact } from '../../domain/text/redact.ts';
import type { Json } from '../../platforms/sessions.ts';

/** A value the other side was given, and the name of the variable that holds it. */
export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Concealer {
  /** The text without any of the values and without what looks like a secret. */
  text(text: string): string;
  /** The same of a text that lost its beginning: it may begin inside a value. */
  end(text: string): string;
  json(value: Json): Json;
  /** The name of the variable whose value stands in these bytes; null: none of them does. */
  holderOf(bytes: Uint8Array): string | null;
}

/** Shorter ones hide nothing, and would be found in every other word. */
const SHORTEST_CHARS = 4;
const SHORTEST_IN_FILE_CHARS = 8;
const SHORTEST_PIECE_CHARS = 8;
const SEARCHED_CHARS = 65_536;

/** `isSecret`: of which variables no file may hold the value; the others may be no secret, a language or a name. */
export function concealer(given: readonly Secret[], isSecret: (name: string) => boolean): Concealer {
  const forms = [...new Set(given.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const byValue = (text: string) => forms.reduce((kept, form) => kept.replaceAll(form, '[redacted]'), text);
  const text = (said: string) => redact(byValue(said), null, SEARCHED_CHARS);
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(json);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), json(inner)]));
  };
  return {
    text,
    json,
    end(said) {
      // It may begin inside a character, too.
      const masked = byValue(said).replace(/^\uFFFD+/, '');
      const whole = masked.slice(Math.max(0, ...forms.map((form) => restOf(form, masked))));
      return redact(whole.slice(whole.indexOf('\n') + 1), null, SEARCHED_CHARS);
    },
    holderOf(bytes) {
      const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const held = given.find(
        ({ name, value }) => isSecret(name) && value.length >= SHORTEST_IN_FILE_CHARS && file.includes(value),
      );
      return held?.name ?? null;
    },
  };
}

/** How many characters at the beginning of the text are the end of the form. */
function restOf(form: string, text: string): number {
  for (let at = 1; at < form.length; at += 1) if (text.startsWith(form.slice(at))) return form.length - at;
  return 0;
}

/** The value as it may stand in a text: as it is, in JSON, in an address, in Base64, and its words and lines. */
function formsOf({ value }: Secret): string[] {
  const pieces = value.split(/\s+/).filter((piece) => piece.length >= SHORTEST_PIECE_CHARS);
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  const whole = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value.toWellFormed()), base64];
  return [...whole, ...pieces].filter((form) => form.trim().length >= SHORTEST_CHARS);
}
