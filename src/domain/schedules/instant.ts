// Instants as people and programs write them: ISO 8601 with an offset, with or without seconds.
import { z } from 'zod';

/** The sentence for what is no instant. */
const NOT_AN_INSTANT = 'must be an ISO 8601 instant with an offset, like 2026-12-01T09:00:00Z';

const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?(?:Z|([+-])([01]\d|2[0-3])(?::?([0-5]\d))?)$/i;

const MINUTE_MS = 60_000;

/** What an offset carries beyond years of four digits is held there: it would have another form, and no calendar plans it. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The instant that a text names, or null. Seconds may be left out, and the offset may be `Z`, `+01:00`, `+0100` or `+01`
 * (ISO 8601-1, 4.3.13); a day that no calendar has is none. Parts of a millisecond are cut off.
 */
export function readInstant(text: string): Date | null {
  const found = INSTANT.exec(text);
  if (!found) return null;
  const part = (group: number) => Number(found[group] ?? 0);
  const [year, month, day] = [part(1), part(2), part(3)];
  const thousandths = Number((found[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return null;
  local.setUTCHours(part(4), part(5), part(6), thousandths);
  const offsetMinutes = (found[8] === '-' ? -1 : 1) * (part(9) * 60 + part(10));
  return new Date(Math.min(LAST_MS, Math.max(FIRST_MS, local.getTime() - offsetMinutes * MINUTE_MS)));
}

/**
 * An instant as it arrives; it leaves in the one form that everything later reads, `2026-12-01T09:00:00.000Z`. */
export const instantText = z
  .string(NOT_AN_INSTANT)
  .refine((text) => readInstant(text) !== null, NOT_AN_INSTANT)
  .transform((text) => readInstant(text)?.toISOString() ?? text)
  .meta({ format: 'date-time' });
