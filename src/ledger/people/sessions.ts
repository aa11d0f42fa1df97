// Where people are signed in. A session is found by the SHA-256 of the random id that its cookie holds.
import { and, count, eq, gt, lt, or, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { PersonCaller } from '../../domain/people/caller.ts';
import { newId, newSecret, sha256 } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { workspaces } from '../schema/accounts.ts';
import { memberships, sessions, users } from '../schema/people.ts';
import { personActor } from './users.ts';

/** How long a session lives, in ms: without being used, and in all. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** A session's use is written down this seldom, so that reading a page writes nothing as a rule. */
const SEEN_EVERY_MS = 60_000;

export interface OpenSession {
  /** What the cookie holds. */
  readonly id: string;
  readonly expiresAt: Date;
}

/**
 * Signs a person in: a new session with an id of its own, and the audit row of it; the session that the browser had
 * until now ends. Within the caller's transaction.
 */
export async function openSession(
  tx: Tx,
  ledger: Ledger,
  person: {
    readonly userId: string;
    readonly name: string;
    readonly workspaceId: string;
    readonly how: 'link' | 'provider';
    /** The id of the session that this one takes the place of, as the browser's cookie held it. */
    readonly replaces?: string | undefined;
    /** What else this commit has changed; it stands before the sign-in in the trail, which is written last. */
    readonly audited?: readonly AuditEvent[];
  },
  { absoluteMs }: SessionLimits,
): Promise<OpenSession> {
  const id = newSecret('');
  const now = ledger.clock.now();
  const expiresAt = new Date(now.getTime() + absoluteMs);
  const { userId, workspaceId, how, replaces, audited = [] } = person;
  if (replaces !== undefined) await tx.delete(sessions).where(eq(sessions.hash, sha256(replaces)));
  await tx
    .insert(sessions)
    .values({ hash: sha256(id), userId, workspaceId, createdAt: now, lastSeenAt: now, expiresAt });
  const event = { workspaceId, traceId: newId(), type: OTHER_AUDIT.personSignedIn, payload: { how }, at: now };
  await appendAudit(tx, [...audited, { ...event, actor: personActor(person) }]);
  return { id, expiresAt };
}

/** Who is signed in with this id, or null: unknown, over, idle for too long, or no member of the workspace any more. */
export async function findSession(ledger: Ledger, id: string, { idleMs }: SessionLimits): Promise<PersonCaller | null> {
  const hash = sha256(id);
  const now = ledger.clock.now();
  const [row] = await ledger.db
    .select({
      userId: users.id,
      name: users.name,
      workspaceId: workspaces.id,
      workspaceName: workspaces.name,
      role: memberships.role,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .innerJoin(workspaces, eq(workspaces.id, sessions.workspaceId))
    .innerJoin(
      memberships,
      and(eq(memberships.userId, sessions.userId), eq(memberships.workspaceId, sessions.workspaceId)),
    )
    .where(
      and(
        eq(sessions.hash, hash),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, new Date(now.getTime() - idleMs)),
      ),
    );
  if (!row) return null;
  if (now.getTime() - row.lastSeenAt.getTime() > SEEN_EVERY_MS) {
    await ledger.db.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.hash, hash));
  }
  const { userId, workspaceId, workspaceName, role } = row;
  return { kind: 'person', userId, workspaceId, workspaceName, role, actor: personActor(row) };
}

/** Shows the person another of their workspaces; false, with nothing changed, when they are no member of it. */
export async function switchWorkspace(
  ledger: Ledger,
  id: string,
  userId: string,
  workspaceId: string,
): Promise<boolean> {
  const switched = await ledger.db
    .update(sessions)
    .set({ workspaceId: sql`memberships.workspace_id` })
    .from(memberships)
    .where(
      and(
        eq(sessions.hash, sha256(id)),
        eq(memberships.userId, userId),
        sql`${memberships.workspaceId}::text = ${workspaceId}`,
      ),
    )
    .returning({ userId: sessions.userId });
  return switched.length > 0;
}

/** How many sessions of a person are in use, over all workspaces. */
export async function countSessions(ledger: Ledger, userId: string, { idleMs }: SessionLimits): Promise<number> {
  const now = ledger.clock.now();
  const [counted] = await ledger.db
    .select({ sessions: count() })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, new Date(now.getTime() - idleMs)),
      ),
    );
  return counted?.sessions ?? 0;
}

/** Ends one session. */
export async function endSession(ledger: Ledger, id: string): Promise<void> {
  await ledger.db.delete(sessions).where(eq(sessions.hash, sha256(id)));
}

/** Ends every session of a person, in every workspace; answers how many there were. */
export async function endSessionsOf(ledger: Ledger, caller: PersonCaller): Promise<number> {
  return ledger.db.transaction(async (tx) => {
    const ended = await tx
      .delete(sessions)
      .where(eq(sessions.userId, caller.userId))
      .returning({ userId: sessions.userId });
    const { workspaceId, actor } = caller;
    const at = ledger.clock.now();
    const payload = { sessions: ended.length };
    const type = OTHER_AUDIT.personSignedOutEverywhere;
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type, actor, payload, at }]);
    return ended.length;
  });
}

/** Drops sessions that are over. */
export async function forgetOldSessions(ledger: Ledger, { idleMs }: SessionLimits): Promise<void> {
  const now = ledger.clock.machineNow();
  const idle = new Date(now.getTime() - idleMs);
  await ledger.db.delete(sessions).where(or(lt(sessions.expiresAt, now), lt(sessions.lastSeenAt, idle)));
}
