// What a failure tells about the account itself, so that the next publish need not ask the platform to learn it.
import { and, eq, lte, sql } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { CauseCode, RateWindow } from '../../domain/causes/causes.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { AttemptEnd } from '../attempts/attempt-end.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import type { AccountRow, ScheduleRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';

const DEAD_CONNECTION: ReadonlySet<CauseCode> = new Set(['reconnect_required', 'auth_expired']);
const NO_MEDIA: ReadonlySet<CauseCode> = new Set(['x_media_capability_missing', 'x_media_upload_scope_missing']);

type Changes = PgUpdateSetSource<typeof connectedAccounts>;

/** Of the schedule, what the mark needs; `updatedAt` is when its attempt began. */
type Marking = Pick<ScheduleRow, 'id' | 'accountId' | 'workspaceId' | 'traceId' | 'updatedAt'>;

/**
 * Marks the account by how an attempt ended: dead connection, missing media capability, or throttled until an instant.
 * An account that was reconnected since the attempt began is another one: nothing of this is true of it. Answers the
 * audit events to append.
 */
export async function markAccount(tx: Tx, schedule: Marking, end: AttemptEnd, at: Date): Promise<AuditEvent[]> {
  const changes = changesFor(end);
  if (!changes) return [];
  const { id: scheduleId, accountId, workspaceId, traceId, updatedAt: begunAt } = schedule;
  const marked = await tx
    .update(connectedAccounts)
    .set(changes)
    .where(and(eq(connectedAccounts.id, accountId), lte(connectedAccounts.connectedAt, begunAt)))
    .returning({ platform: connectedAccounts.platform, name: connectedAccounts.name });
  const event = { workspaceId, traceId, scheduleId, at };
  if (changes.status !== undefined) return marked.map((account) => needsPerson(event, { accountId, ...account }));
  if (changes.mediaCapabilityMissing === undefined) return [];
  const type = OTHER_AUDIT.accountMediaMissing;
  return marked.map((account) => ({ ...event, type, actor: SYSTEM_ACTOR, payload: { accountId, ...account } }));
}

function needsPerson(
  event: Pick<AuditEvent, 'workspaceId' | 'traceId' | 'scheduleId' | 'at'>,
  account: { readonly accountId: string; readonly platform: string; readonly name: string },
): AuditEvent {
  return { ...event, type: OTHER_AUDIT.accountReconnectRequired, actor: SYSTEM_ACTOR, payload: account };
}

/**
 * Marks an account whose grant the platform called dead while nothing was published; one that was reconnected since
 * stays as it is. Answers whether it was marked.
 */
export async function markConnectionDead(
  ledger: Ledger,
  { id, workspaceId, platform, name, grantVersion }: AccountRow,
  traceId: string,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const marked = await tx
      .update(connectedAccounts)
      .set({ status: 'reconnect_required' })
      .where(
        and(
          eq(connectedAccounts.id, id),
          eq(connectedAccounts.grantVersion, grantVersion),
          eq(connectedAccounts.status, 'connected'),
        ),
      )
      .returning({ id: connectedAccounts.id });
    if (marked.length === 0) return false;
    const at = ledger.clock.now();
    await appendAudit(tx, [needsPerson({ workspaceId, traceId, at }, { accountId: id, platform, name })]);
    return true;
  });
}

/** The other windows stay as they are. */
function throttled(window: RateWindow, until: Date): Changes {
  return {
    rateLimits: sql`${connectedAccounts.rateLimits} || jsonb_build_object(${window}::text, ${until.toISOString()}::text)`,
  };
}

function changesFor(end: AttemptEnd): Changes | null {
  if (end.kind === 'unconfirmed') return end.connectionDead ? { status: 'reconnect_required' } : null;
  if (end.kind === 'outcome_unknown') return end.throttled ? throttled(end.throttled, end.wakeAt) : null;
  if (end.kind === 'rate_limited') return throttled(end.cause.window ?? 'create', end.resumeAt);
  if (end.kind !== 'refused' || end.appFault) return null;
  if (DEAD_CONNECTION.has(end.cause.code)) return { status: 'reconnect_required' };
  return NO_MEDIA.has(end.cause.code) ? { mediaCapabilityMissing: true } : null;
}
