// A person's word that what a look found is meant so: it stands as found wrong no more, for as long as looks find exactly that.
import { and, desc, eq, inArray } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { type AcceptRefusal, isFinding, isSameFinding } from '../../domain/pipeline/recheck.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runRechecks } from '../schema/rechecks.ts';
import { runEvent } from './move-stage.ts';
import { lockRun } from './run-facts.ts';

type Row = typeof runRechecks.$inferSelect;
type Acceptance = Pick<Row, 'acceptedBy' | 'acceptedAt' | 'acceptedNote'>;

export interface AcceptedFinding {
  readonly key: RunKey;
  /** The look that found it. */
  readonly recheckId: string;
  /** Without secrets. */
  readonly note: string | null;
  readonly actor: Actor;
}

/** `unknown`: the workspace has no such run, or the run no such look. */
export type FindingAccepted =
  | { readonly kind: 'accepted'; readonly recheck: Row }
  | { readonly kind: 'refused'; readonly reason: AcceptRefusal }
  | { readonly kind: 'unknown' };

/** Accepts it; said again, the first word stands. */
export async function acceptFinding(
  ledger: Ledger,
  { key, recheckId, note, actor }: AcceptedFinding,
): Promise<FindingAccepted> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    const these = and(ofRun(key), eq(runRechecks.id, recheckId));
    const [row] = await tx.select().from(runRechecks).where(these);
    if (!facts || !row) return { kind: 'unknown' };
    if (row.acceptedAt !== null) return { kind: 'accepted', recheck: row };
    if (row.verdict === null || !isFinding(row.verdict)) return { kind: 'refused', reason: 'no_finding' };
    if (!row.stands) return { kind: 'refused', reason: 'found_since' };
    const at = ledger.clock.now();
    const [recheck] = await tx
      .update(runRechecks)
      .set({ stands: false, acceptedBy: actor, acceptedAt: at, acceptedNote: note })
      .where(these)
      .returning();
    if (!recheck) throw new TypeError('a look that was just read is not there');
    const payload = { recheckId, verdict: row.verdict, ...(note === null ? {} : { note }) };
    await appendAudit(tx, [runEvent(facts, OTHER_AUDIT.findingAccepted, at, actor, payload)]);
    return { kind: 'accepted', recheck };
  });
}

/** Whose word holds for what is found now, as it did for the look before that could tell; null: nobody's. */
export async function acceptedBefore(
  tx: Tx,
  key: RunKey,
  found: Pick<Row, 'verdict' | 'checks'>,
): Promise<Acceptance | null> {
  const [before] = await tx
    .select()
    .from(runRechecks)
    .where(and(ofRun(key), inArray(runRechecks.verdict, ['live', 'changed', 'gone'])))
    .orderBy(desc(runRechecks.endedAt), desc(runRechecks.askedAt))
    .limit(1);
  if (!before || before.acceptedAt === null || !isSameFinding(before, found)) return null;
  const { acceptedBy, acceptedAt, acceptedNote } = before;
  return { acceptedBy, acceptedAt, acceptedNote };
}

const ofRun = ({ workspaceId, runId }: RunKey) =>
  and(eq(runRechecks.workspaceId, workspaceId), eq(runRechecks.runId, runId));
