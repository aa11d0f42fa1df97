// The schedule that a page's address names.
import { scheduleIdSchema } from '../domain/schedules/schedule-request.ts';
import type { PageContext } from './deps.ts';
import { nothingHere } from './page-refused.ts';

/** The `:id` of the address. @throws PageRefused: what cannot be an id names nothing */
export function scheduleIdOf(c: PageContext): string {
  const wanted = scheduleIdSchema.safeParse(c.req.param('id'));
  if (wanted.success) return wanted.data;
  throw nothingHere();
}
