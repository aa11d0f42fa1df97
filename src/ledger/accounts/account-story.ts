// What happened to one account, from the audit trail.
import { and, desc, eq, sql } from 'drizzle-orm';
import { type Actor, actorSchema } from '../../domain/people/actor.ts';
import type { Ledger } from '../ledger.ts';
import { auditEvents } from '../schema/records.ts';

export interface AccountEvent {
  readonly position: number;
  readonly type: string;
  readonly actor: Actor;
  readonly at: Date;
}

/** The newest events of an account, the newest first. */
export async function accountStory(
  { db }: Ledger,
  workspaceId: string,
  accountId: string,
  limit: number,
): Promise<AccountEvent[]> {
  const rows = await db
    .select({ position: auditEvents.position, type: auditEvents.type, actor: auditEvents.actor, at: auditEvents.at })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        sql`${auditEvents.payload} ->> 'accountId' = ${accountId}`,
        sql`${auditEvents.type} like 'account.%'`,
      ),
    )
    .orderBy(desc(auditEvents.position))
    .limit(limit);
  return rows.map((row) => ({ ...row, actor: actorSchema.parse(row.actor) }));
}
