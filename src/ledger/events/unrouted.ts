// Events that nobody decided about, and actions that nobody did: whoever was at it died, or could not.
import { and, asc, eq, exists, lt, or, sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { eventKeys, events } from '../schema/events.ts';
import { eventActions, ruleFires } from '../schema/rules.ts';
import type { EventRow } from './take-in.ts';

/** The oldest first. `graceMs`: what came in later may be on its way still. */
export function unroutedEvents({ db, clock }: Ledger, graceMs: number, limit: number): Promise<EventRow[]> {
  const before = new Date(clock.now().getTime() - graceMs);
  const { workspaceId, eventId, state, decidedAt } = eventActions;
  const undone = db
    .select({ one: sql`1` })
    .from(eventActions)
    .where(
      and(eq(workspaceId, events.workspaceId), eq(eventId, events.id), eq(state, 'pending'), lt(decidedAt, before)),
    );
  const undecided = and(eq(events.routing, 'pending'), lt(events.ingestedAt, before));
  return db
    .select()
    .from(events)
    .where(or(undecided, exists(undone)))
    .orderBy(asc(events.ingestedAt))
    .limit(limit);
}

/** The longest time for which a rule may ask whether it fired. */
const FIRES_KEPT_MS = 7 * 86_400_000;

/** Drops what no event and no rule asks for any more. */
export async function forgetOldEventKeys({ db, clock }: Ledger): Promise<void> {
  const now = clock.now();
  await db.delete(eventKeys).where(lt(eventKeys.until, now));
  await db.delete(ruleFires).where(lt(ruleFires.at, new Date(now.getTime() - FIRES_KEPT_MS)));
}
