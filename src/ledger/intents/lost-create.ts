// A create that the ledger has lost, put back on record: Temporal remembers an attempt, or a create, of which a database that
// was restored or promoted knows nothing. The post may be live, so it is asked about before anything else is sent.
import { and, eq } from 'drizzle-orm';
import { cause } from '../../domain/causes/causes.ts';
import { isBehind, type Remembered } from '../../domain/reconcile/remembered.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { newId } from '../../runtime/ids.ts';
import { closeInterrupted } from '../attempts/interrupted.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { lockFacts, type ScheduleFacts } from '../schedules/facts.ts';
import { move } from '../schedules/transitions.ts';
import { belongsTo } from '../schema/keys.ts';
import { intents } from '../schema/schedules.ts';

/**
 * Stops the publish as unconfirmed, with an open create on record, where the ledger is behind what Temporal remembers. True
 * when it was; false, with nothing changed, when the ledger knows as much.
 */
export async function recordLostCreate(
  ledger: Ledger,
  key: ScheduleKey,
  known: Remembered,
  sendWindowMs: number,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, key);
    if (!facts || facts.post || SCHEDULE_STATES[facts.schedule.state].ended) return false;
    const { schedule } = facts;
    const knowsIntent = known.intent !== null && (await isKnown(tx, key, known.intent.id));
    if (!isBehind(known, { attemptsMade: schedule.attemptsMade, knowsIntent })) return false;
    const now = ledger.clock.now();
    const interrupted = await closeInterrupted(tx, schedule, now);
    await putBack(tx, facts, known, new Date(now.getTime() + sendWindowMs));
    const attemptsMade = Math.max(schedule.attemptsMade, known.attempts);
    const lost = cause({
      code: 'unknown',
      source: 'status_only',
      platform: schedule.platform,
      stage: 'reconcile',
      externalText: `The ledger knows ${schedule.attemptsMade} attempts of this post and Temporal remembers ${attemptsMade}${known.intent ? ', the last with a create that may have left' : ''}: the database lost its newest commits, as after a restore or a failover. The post may be live. Look at the account, then resolve the publish.`,
      rawText: '',
    });
    const event = await move(
      tx,
      { ...schedule, state: 'posting' },
      {
        event: 'unconfirmed',
        at: now,
        changes: { attemptsMade, cause: lost, failedAt: now, blockedReason: null },
        payload: { attempts: schedule.attemptsMade, remembered: known.attempts, intent: known.intent?.id ?? null },
      },
    );
    await appendAudit(tx, [...interrupted, event]);
    return true;
  });
}

async function isKnown(tx: Tx, key: ScheduleKey, intentId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: intents.id })
    .from(intents)
    .where(and(belongsTo(intents, key), eq(intents.id, intentId)));
  return row !== undefined;
}

/** One create is open at a time: one that is open already stands for the lost one too, for as long as that may appear. */
async function putBack(
  tx: Tx,
  { schedule, openIntent }: ScheduleFacts,
  known: Remembered,
  latest: Date,
): Promise<void> {
  const sendDeadline = known.intent ? new Date(known.intent.sendDeadline) : latest;
  if (openIntent) {
    await tx
      .update(intents)
      .set({
        state: 'unknown',
        sendDeadline: openIntent.sendDeadline > sendDeadline ? openIntent.sendDeadline : sendDeadline,
      })
      .where(eq(intents.id, openIntent.id));
    return;
  }
  await tx.insert(intents).values({
    id: known.intent?.id ?? newId(),
    workspaceId: schedule.workspaceId,
    scheduleId: schedule.id,
    accountId: schedule.accountId,
    fingerprint: schedule.fingerprint,
    attemptNumber: Math.max(schedule.attemptsMade, known.attempts),
    fence: 0,
    state: 'unknown',
    sentAt: known.intent ? new Date(known.intent.sentAt) : schedule.createdAt,
    sendDeadline,
    // What it was sent with is lost with it; a look goes by the post itself.
    markers: {},
  });
}
