// Lets go what stands on hold while no active hold is about it any more (law 8). A pass reads the holds without a lock, so that
// no publish pays for one: it may set a post aside just after the release that has let everything else go, two releases at
// once may each leave to the other what both were about, and an edit may move a post to another account.
import { and, asc, eq, sql } from 'drizzle-orm';
import { SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { inGroup } from '../schema/columns.ts';
import { schedules } from '../schema/schedules.ts';
import { IS_HELD } from './held.ts';

/** What one transaction lets go at most; the rest is left to the next sweep. */
const PAGE = 500;

const IS_STRAY = and(sql`${schedules}.${inGroup('itself')}`, eq(schedules.state, 'held'), sql`not ${IS_HELD}`);

/** Lets them go at once and has their runs told; answers how many. What another transaction holds waits for the next sweep. */
export async function releaseStrays(ledger: Ledger): Promise<number> {
  const found = await ledger.db.selectDistinct({ workspaceId: schedules.workspaceId }).from(schedules).where(IS_STRAY);
  let released = 0;
  for (const { workspaceId } of found) released += await releaseStraysOf(ledger, workspaceId);
  return released;
}

function releaseStraysOf(ledger: Ledger, workspaceId: string): Promise<number> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const strays = await tx
      .select({ id: schedules.id, traceId: schedules.traceId })
      .from(schedules)
      .where(and(eq(schedules.workspaceId, workspaceId), IS_STRAY))
      .orderBy(asc(schedules.publishAt), asc(schedules.id))
      .limit(PAGE)
      .for('update', { skipLocked: true });
    if (strays.length === 0) return 0;
    const ids = sql.join(
      strays.map(({ id }) => sql`${id}`),
      sql`, `,
    );
    await tx
      .update(schedules)
      .set({ state: 'queued', wakeAt: at, updatedAt: at, runToTell: true })
      .where(and(eq(schedules.workspaceId, workspaceId), sql`${schedules.id} in (${ids})`));
    const payload = { from: 'held', to: 'queued', holdId: null, wakeAt: at.toISOString() };
    const event = { workspaceId, type: SCHEDULE_AUDIT.released, actor: SYSTEM_ACTOR, payload, at };
    await appendAudit(
      tx,
      strays.map(({ id, traceId }) => ({ ...event, traceId, scheduleId: id })),
    );
    return strays.length;
  });
}
