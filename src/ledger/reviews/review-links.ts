// Keeps review links, and commits what a reviewer decides by one: of two answers at once, one counts.
import { and, desc, eq, isNull } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { SupersessionReason } from '../../domain/reviews/decision.ts';
import { type ReviewAnswer, type ReviewLinkState, reviewLinkState } from '../../domain/reviews/review-link.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { newId, newSecret, sha256 } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { lockFacts, type ScheduleFacts, type ScheduleRow } from '../schedules/facts.ts';
import { findSchedule } from '../schedules/schedules.ts';
import { belongsTo } from '../schema/keys.ts';
import { reviewLinks } from '../schema/reviews.ts';
import { keepDecision, supersession } from './decisions.ts';

type Row = typeof reviewLinks.$inferSelect;

/** Where a link stands; one that is superseded, with what became of the version that it shows. */
type Standing =
  | { readonly state: Exclude<ReviewLinkState, 'superseded'>; readonly supersessionReason: null }
  | { readonly state: 'superseded'; readonly supersessionReason: SupersessionReason };

/** A link as its workspace sees it; its secret is told once, when it is made. */
export type ReviewLink = Omit<Row, 'hash'> & Standing;

export interface NewReviewLink {
  readonly schedule: ScheduleKey;
  readonly label: string;
  readonly expiresAt: Date;
  /** The version to show; null: the present one. */
  readonly expectedFingerprint: string | null;
  readonly actor: Actor;
}

export type NewReviewLinkReply =
  | { readonly kind: 'made'; readonly id: string; readonly secret: string; readonly fingerprint: string }
  | { readonly kind: 'superseded'; readonly reason: SupersessionReason; readonly schedule: ScheduleRow };

/** Makes a link; null when there is no such schedule. */
export async function makeReviewLink(ledger: Ledger, wanted: NewReviewLink): Promise<NewReviewLinkReply | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted.schedule);
    if (!facts) return null;
    const { schedule } = facts;
    const { label, expiresAt, actor } = wanted;
    const reason = await supersession(tx, schedule, wanted.expectedFingerprint ?? schedule.fingerprint);
    if (reason) return { kind: 'superseded', reason, schedule };
    const [id, secret, at] = [newId(), newSecret(''), ledger.clock.now()];
    const { fingerprint, workspaceId, traceId } = schedule;
    const row = { id, ...keyOf(schedule), fingerprint, label, hash: sha256(secret) };
    await tx.insert(reviewLinks).values({ ...row, madeBy: actor, madeAt: at, expiresAt });
    const payload = { reviewLinkId: id, label, fingerprint, expiresAt: expiresAt.toISOString() };
    const type = OTHER_AUDIT.reviewLinkMade;
    await appendAudit(tx, [{ workspaceId, traceId, type, scheduleId: schedule.id, actor, payload, at }]);
    return { kind: 'made', id, secret, fingerprint };
  });
}

/** The links of a schedule, newest first. */
export async function listReviewLinks(ledger: Ledger, schedule: ScheduleRow): Promise<ReviewLink[]> {
  const rows = await ledger.db
    .select()
    .from(reviewLinks)
    .where(belongsTo(reviewLinks, keyOf(schedule)))
    .orderBy(desc(reviewLinks.madeAt), desc(reviewLinks.id));
  const now = ledger.clock.now();
  return Promise.all(rows.map((row) => seen(ledger.db, row, schedule, now)));
}

/** Takes an open link back; false when there is none of that id that could still be used. */
export async function revokeReviewLink(
  ledger: Ledger,
  schedule: ScheduleRow,
  id: string,
  actor: Actor,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [revoked] = await tx
      .update(reviewLinks)
      .set({ revokedAt: at })
      .where(
        and(
          belongsTo(reviewLinks, keyOf(schedule)),
          eq(reviewLinks.id, id),
          isNull(reviewLinks.decided),
          isNull(reviewLinks.revokedAt),
        ),
      )
      .returning({ label: reviewLinks.label });
    if (!revoked) return false;
    const { workspaceId, traceId, id: scheduleId } = schedule;
    const payload = { reviewLinkId: id, label: revoked.label };
    const type = OTHER_AUDIT.reviewLinkRevoked;
    await appendAudit(tx, [{ workspaceId, traceId, type, scheduleId, actor, payload, at }]);
    return true;
  });
}

export interface FoundLink {
  readonly link: ReviewLink;
  readonly schedule: ScheduleRow;
}

/** The link whose secret was shown, with the post it is about; null when it is none of ours. */
export async function findReviewLink(ledger: Ledger, secret: string): Promise<FoundLink | null> {
  const [row] = await ledger.db
    .select()
    .from(reviewLinks)
    .where(eq(reviewLinks.hash, sha256(secret)));
  if (!row) return null;
  const schedule = await findSchedule(ledger, row.workspaceId, row.scheduleId);
  return schedule && { link: await seen(ledger.db, row, schedule, ledger.clock.now()), schedule };
}

export type ReviewReply =
  | { readonly kind: 'decided' }
  /** It was used, revoked, or is over. */
  | { readonly kind: 'closed'; readonly state: Exclude<ReviewLinkState, 'open' | 'superseded'> }
  | { readonly kind: 'superseded'; readonly reason: SupersessionReason };

/** Commits a reviewer's answer; null when the link is none of ours. */
export async function answerReview(
  ledger: Ledger,
  secret: string,
  answer: ReviewAnswer,
  { lateAfterMs }: { readonly lateAfterMs: number },
): Promise<{ readonly schedule: ScheduleKey; readonly reply: ReviewReply } | null> {
  const [known] = await ledger.db
    .select()
    .from(reviewLinks)
    .where(eq(reviewLinks.hash, sha256(secret)));
  if (!known) return null;
  const schedule = { workspaceId: known.workspaceId, scheduleId: known.scheduleId };
  const reply = await ledger.db.transaction(async (tx): Promise<ReviewReply | null> => {
    const facts = await lockFacts(tx, schedule);
    const [row] = await tx.select().from(reviewLinks).where(eq(reviewLinks.id, known.id)).for('update');
    if (!facts || !row) return null;
    const at = ledger.clock.now();
    const { state, supersessionReason } = await seen(tx, row, facts.schedule, at);
    if (state === 'superseded') return { kind: 'superseded', reason: supersessionReason };
    if (state !== 'open') return { kind: 'closed', state };
    const { verdict, name, comment = null } = answer;
    await tx
      .update(reviewLinks)
      .set({ decided: verdict, decidedAt: at, reviewer: name, comment })
      .where(eq(reviewLinks.id, row.id));
    await appendAudit(tx, await decidedBy(tx, facts, { row, answer, at, lateAfterMs }));
    return { kind: 'decided' };
  });
  return reply && { schedule, reply };
}

async function decidedBy(
  tx: Parameters<typeof keepDecision>[0],
  facts: ScheduleFacts,
  { row, answer, at, lateAfterMs }: { row: Row; answer: ReviewAnswer; at: Date; lateAfterMs: number },
) {
  const actor = { type: 'SELF_DECLARED', id: `review-link/${row.id}`, label: answer.name } as const;
  const { verdict, comment: note = null } = answer;
  const { events } = await keepDecision(tx, facts, { verdict, note, actor, at, lateAfterMs, reviewLinkId: row.id });
  return events;
}

async function seen(
  db: Database | Tx,
  { hash: _, ...row }: Row,
  schedule: ScheduleRow,
  now: Date,
): Promise<ReviewLink> {
  const ended = SCHEDULE_STATES[schedule.state].ended;
  const state = reviewLinkState(row, { fingerprint: schedule.fingerprint, ended }, now);
  if (state !== 'superseded') return { ...row, state, supersessionReason: null };
  const supersessionReason = (await supersession(db, schedule, row.fingerprint)) ?? 'content_changed';
  return { ...row, state, supersessionReason };
}
