// Places holds and releases them; what is late by then goes out as the release says.
import { and, asc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { type HoldScope, type HoldTarget, targetIdOf } from '../../domain/schedules/hold.ts';
import { gapMs, type Pace } from '../../domain/schedules/pace.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { holds } from '../schema/holds.ts';
import { schedules } from '../schema/schedules.ts';
import { IS_HELD } from './held.ts';

export type Hold = typeof holds.$inferSelect;

/** The holds of a workspace that are active, oldest first. */
export async function activeHolds({ db }: Ledger, workspaceId: string): Promise<Hold[]> {
  return activeHoldsOf(db, workspaceId);
}

function activeHoldsOf(db: Database, workspaceId: string): Promise<Hold[]> {
  return db
    .select()
    .from(holds)
    .where(and(eq(holds.workspaceId, workspaceId), isNull(holds.releasedAt)))
    .orderBy(asc(holds.placedAt), asc(holds.id));
}

/** The hold that stands: this one, or one that stood before. */
export interface PlacedHold {
  readonly id: string;
  readonly placed: boolean;
  /** A delivery set that no post of the workspace names: it may be mistyped. */
  readonly unknownSet: boolean;
}

/** Stops every create of the target from now on; null when the account is not this workspace's. */
export async function placeHold(
  ledger: Ledger,
  wanted: { readonly workspaceId: string; readonly target: HoldTarget; readonly reason: string; readonly actor: Actor },
): Promise<PlacedHold | null> {
  const { workspaceId, target, reason, actor } = wanted;
  const { scope } = target;
  const targetId = targetIdOf(target);
  return ledger.db.transaction(async (tx) => {
    if (target.scope === 'account' && !(await isOwn(tx, workspaceId, target.accountId))) return null;
    const unknownSet = target.scope === 'delivery_set' && !(await isNamed(tx, workspaceId, target.deliverySetId));
    const [id, at] = [newId(), ledger.clock.now()];
    const row = { id, workspaceId, scope, targetId, reason, placedBy: actor, placedAt: at };
    const [placed] = await tx.insert(holds).values(row).onConflictDoNothing().returning({ id: holds.id });
    if (!placed) {
      const [known] = await tx
        .select({ id: holds.id })
        .from(holds)
        .where(
          and(
            eq(holds.workspaceId, workspaceId),
            eq(holds.scope, scope),
            eq(holds.targetId, targetId),
            isNull(holds.releasedAt),
          ),
        );
      return { id: known?.id ?? id, placed: false, unknownSet };
    }
    const payload = { holdId: id, scope, targetId, reason };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.holdPlaced, actor, payload, at }]);
    return { id, placed: true, unknownSet };
  });
}

async function isOwn(tx: Tx, workspaceId: string, accountId: string): Promise<boolean> {
  const { id } = connectedAccounts;
  const own = and(
    eq(id, accountId),
    eq(connectedAccounts.workspaceId, workspaceId),
    isNull(connectedAccounts.deletedAt),
  );
  return (await tx.select({ id }).from(connectedAccounts).where(own)).length > 0;
}

async function isNamed(tx: Tx, workspaceId: string, deliverySetId: string): Promise<boolean> {
  const members = and(eq(schedules.workspaceId, workspaceId), eq(schedules.deliverySetId, deliverySetId));
  return (await tx.select({ id: schedules.id }).from(schedules).where(members).limit(1)).length > 0;
}

/** Whether a post that is not stored would be on hold. */
export async function heldBefore(
  { db }: Ledger,
  about: { readonly workspaceId: string; readonly accountId: string; readonly deliverySetId: string | null },
): Promise<boolean> {
  const active = await activeHoldsOf(db, about.workspaceId);
  return active.some(({ scope, targetId }) => {
    if (scope === 'workspace') return true;
    return targetId === (scope === 'account' ? about.accountId : about.deliverySetId);
  });
}

/** What a hold has kept back by now: those that no other active hold is about, too. */
export async function countHeld({ db }: Ledger, hold: Hold): Promise<number> {
  const [row] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, hold.workspaceId), eq(schedules.state, 'held'), isAbout(hold)));
  return row?.count ?? 0;
}

export interface Release {
  readonly workspaceId: string;
  readonly holdId: string;
  readonly pace: Pace;
  /** What was due before that does not go out any more by itself; null: everything does. */
  readonly notOlderThan: Date | null;
  readonly actor: Actor;
}

/** `released`: as many as go out now, in the order in which they were due; `missed`: as many as were too old. */
export interface Released {
  readonly released: number;
  readonly missed: number;
}

/** Releases a hold; null when the workspace has no active one of that id. What another hold is about stays where it is. */
export async function releaseHold(ledger: Ledger, wanted: Release): Promise<Released | null> {
  const { workspaceId, holdId, pace, notOlderThan, actor } = wanted;
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const release = { pace, notOlderThan: notOlderThan?.toISOString() ?? null };
    const [hold] = await tx
      .update(holds)
      .set({ releasedAt: at, releasedBy: actor, release })
      .where(and(sql`${holds.id}::text = ${holdId}`, eq(holds.workspaceId, workspaceId), isNull(holds.releasedAt)))
      .returning();
    if (!hold) return null;
    const step = { hold, at, actor };
    const missed = notOlderThan === null ? 0 : await missWhatIsOlder(tx, step, notOlderThan);
    const released = await letGo(tx, step, pace);
    const payload = { holdId, scope: hold.scope, targetId: hold.targetId, ...release, released, missed };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.holdReleased, actor, payload, at }]);
    return { released, missed };
  });
}

/** Whether the workspace had a hold of that id, which stands no more. */
export async function wasReleased({ db }: Ledger, workspaceId: string, holdId: string): Promise<boolean> {
  const over = and(eq(holds.workspaceId, workspaceId), isNotNull(holds.releasedAt));
  return (await db.$count(holds, and(over, sql`${holds.id}::text = ${holdId}`))) > 0;
}

interface Step {
  readonly hold: Hold;
  readonly at: Date;
  readonly actor: Actor;
}

function isAbout({ scope, targetId }: Pick<Hold, 'targetId'> & { readonly scope: HoldScope }): SQL | undefined {
  if (scope === 'account') return sql`${schedules.accountId}::text = ${targetId}`;
  return scope === 'delivery_set' ? eq(schedules.deliverySetId, targetId) : undefined;
}

function keptBack({ hold }: Step): SQL | undefined {
  return and(
    eq(schedules.workspaceId, hold.workspaceId),
    eq(schedules.state, 'held'),
    isAbout(hold),
    sql`not ${IS_HELD}`,
  );
}

async function missWhatIsOlder(tx: Tx, step: Step, notOlderThan: Date): Promise<number> {
  const { at, actor } = step;
  const moved = await tx
    .update(schedules)
    .set({ state: 'missed', failedAt: at, wakeAt: null, lastActor: actor, updatedAt: at, runToTell: true })
    .where(and(keptBack(step), sql`${schedules.publishAt} < ${notOlderThan.toISOString()}::timestamptz`))
    .returning(AUDITED);
  return audit(tx, moved, step, 'missed');
}

/** They wake one after another, in the order in which they were due. */
async function letGo(tx: Tx, step: Step, pace: Pace): Promise<number> {
  const { at, actor } = step;
  const waiting = await tx.select({ id: schedules.id }).from(schedules).where(keptBack(step)).for('update');
  if (waiting.length === 0) return 0;
  const gap = gapMs(pace, waiting.length, at);
  const place = sql<number>`row_number() over (order by ${schedules.publishAt}, ${schedules.id}) - 1`.as('place');
  const ordered = tx.select({ id: schedules.id, place }).from(schedules).where(keptBack(step)).as('ordered');
  const moved = await tx
    .update(schedules)
    .set({
      state: 'queued',
      wakeAt: sql`${at.toISOString()}::timestamptz + ${ordered.place} * ${gap}::float8 * interval '1 millisecond'`,
      lastActor: actor,
      updatedAt: at,
      runToTell: true,
    })
    .from(ordered)
    .where(and(eq(schedules.workspaceId, step.hold.workspaceId), eq(schedules.id, ordered.id)))
    .returning(AUDITED);
  return audit(tx, moved, step, 'released');
}

const AUDITED = { id: schedules.id, traceId: schedules.traceId, wakeAt: schedules.wakeAt };

async function audit(
  tx: Tx,
  moved: readonly { id: string; traceId: string; wakeAt: Date | null }[],
  { hold, at, actor }: Step,
  event: 'released' | 'missed',
): Promise<number> {
  const { workspaceId, id: holdId } = hold;
  const to = event === 'released' ? 'queued' : 'missed';
  const events = moved.map(({ id, traceId, wakeAt }) => ({
    workspaceId,
    traceId,
    type: SCHEDULE_AUDIT[event],
    scheduleId: id,
    actor,
    payload: { from: 'held', to, holdId, wakeAt: wakeAt?.toISOString() ?? null },
    at,
  }));
  for (let from = 0; from < events.length; from += AUDIT_PAGE)
    await appendAudit(tx, events.slice(from, from + AUDIT_PAGE));
  return moved.length;
}

/** A statement takes 65,535 values, and each row ten. */
const AUDIT_PAGE = 1_000;
