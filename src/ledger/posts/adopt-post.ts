// Puts a post on record that stands at the platform already, though no call of this schedule's is known to have made it: whoever adopts
// has compared its content. Nothing is created for the schedule any more.
import { and, eq } from 'drizzle-orm';
import type { Actor } from '../../domain/people/actor.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { lockFacts } from '../schedules/facts.ts';
import { move } from '../schedules/transitions.ts';
import { attempts, intents, posts } from '../schema/schedules.ts';

export interface AdoptedPost {
  readonly platformPostId: string;
  readonly url: string | null;
  /** By what it was recognised, for the audit trail. */
  readonly why: string;
  readonly worker: string;
  readonly actor: Actor;
}

/**
 * `claimed`: the post is on record as another schedule's. `under_way`: an attempt of the schedule's own is at work, and its call may make
 * another. Nothing was changed by either. Null: there is no such schedule.
 */
export type Adopted = 'adopted' | 'live_already' | 'claimed' | 'under_way';

export async function adoptPost(ledger: Ledger, key: ScheduleKey, adopted: AdoptedPost): Promise<Adopted | null> {
  const { platformPostId, url, why, worker, actor } = adopted;
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, key);
    if (!facts) return null;
    const { schedule, openIntent } = facts;
    if (schedule.state === 'published') return 'live_already';
    if (schedule.state === 'posting') return 'under_way';
    const claimed = await tx
      .select({ id: posts.id })
      .from(posts)
      .where(and(eq(posts.accountId, schedule.accountId), eq(posts.platformPostId, platformPostId)));
    if (claimed.length > 0) return 'claimed';
    const at = ledger.clock.now();
    const number = schedule.attemptsMade + 1;
    // An attempt that made nothing and found everything: its row says so, as that of every attempt does.
    const ended = { startedAt: at, endedAt: at, outcome: 'published' as const };
    await tx.insert(attempts).values({ id: newId(), ...keyOf(schedule), number, fence: 0, worker, ...ended });
    if (openIntent) await tx.update(intents).set({ state: 'live', closedAt: at }).where(eq(intents.id, openIntent.id));
    const { accountId, fingerprint } = schedule;
    const post = { platformPostId, url, publishedAt: at, evidence: 'reconciled' as const };
    await tx.insert(posts).values({ id: newId(), ...keyOf(schedule), accountId, fingerprint, ...post });
    const event = await move(tx, schedule, {
      event: 'published',
      at,
      actor,
      changes: {
        cause: null,
        failedAt: null,
        blockedReason: null,
        attemptsMade: number,
        unsentTries: 0,
        runToTell: true,
      },
      payload: { attempt: number, platformPostId, url, evidence: 'reconciled', why },
    });
    await appendAudit(tx, [event]);
    return 'adopted';
  });
}
