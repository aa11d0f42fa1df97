// The cursor of a list: opaque to callers, and bound to a position rather than to a page number.
import { z } from 'zod';
import { instantSchema } from '../domain/schedules/item.ts';
import { scheduleIdSchema } from '../domain/schedules/schedule-request.ts';
import type { ItemPosition } from '../ledger/schedules/item-filter.ts';
import type { NightPosition } from '../ledger/tonight/tonight.ts';

const positionSchema = z.tuple([instantSchema, scheduleIdSchema]);

/** Writes a position as a cursor. */
export function writeCursor({ at, id }: ItemPosition): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');
}

/** Reads a cursor; null when it is none of ours. */
export function readCursor(cursor: string): ItemPosition | null {
  try {
    const [at, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at: new Date(at), id };
  } catch {
    return null;
  }
}

const nightSchema = z.tuple([z.boolean(), instantSchema, scheduleIdSchema]);

/** Writes a position of the night as a cursor. */
export function writeNightCursor({ stopped, at, id }: NightPosition): string {
  return Buffer.from(JSON.stringify([stopped, at.toISOString(), id])).toString('base64url');
}

/** Reads a cursor of the night; null when it is none of ours. */
export function readNightCursor(cursor: string): NightPosition | null {
  try {
    const [stopped, at, id] = nightSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { stopped, at: new Date(at), id };
  } catch {
    return null;
  }
}
