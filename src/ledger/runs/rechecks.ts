// Re-checks of published runs: asked for, looked at, ended. They move no run: it stays ended, whatever is found.
import { and, asc, eq, isNull, lt } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { CheckRow } from '../../domain/pipeline/page/live-checks.ts';
import {
  concludeLooks,
  isFinding,
  type Look,
  type RecheckKey,
  type RecheckRefusal,
  type RecheckVerdict,
  refuseRecheck,
} from '../../domain/pipeline/recheck.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runRechecks } from '../schema/rechecks.ts';
import { acceptedBefore } from './accept-finding.ts';
import { runEvent } from './move-stage.ts';
import { lockRun } from './run-facts.ts';

export type RecheckRow = typeof runRechecks.$inferSelect;

export interface NewRecheck {
  readonly key: RunKey;
  /** The address that is to be asked. */
  readonly address: string;
  readonly actor: Actor;
}

/** `asked`: a new one, or with `joined` the one that is under way. `unknown`: the workspace has no such run. */
export type RecheckAsked =
  | { readonly kind: 'asked'; readonly recheck: RecheckRow; readonly joined: boolean }
  | { readonly kind: 'refused'; readonly reason: RecheckRefusal }
  | { readonly kind: 'unknown' };

/** Writes down that a run is to be checked again; of those who ask at once, one is the first. */
export async function insertRecheck(ledger: Ledger, { key, address, actor }: NewRecheck): Promise<RecheckAsked> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    if (!facts) return { kind: 'unknown' };
    const reason = refuseRecheck({ state: facts.run.state, contract: facts.contract });
    if (reason !== null) return { kind: 'refused', reason };
    const [open] = await tx
      .select()
      .from(runRechecks)
      .where(and(ofRun(key), isNull(runRechecks.verdict)));
    if (open) return { kind: 'asked', recheck: open, joined: true };
    const at = ledger.clock.now();
    const [recheck] = await tx
      .insert(runRechecks)
      .values({ id: newId(), ...key, address, askedBy: actor, askedAt: at })
      .returning();
    if (!recheck) throw new TypeError('a re-check that was just written is not there');
    await appendAudit(tx, [runEvent(facts, OTHER_AUDIT.recheckAsked, at, actor, { recheckId: recheck.id, address })]);
    return { kind: 'asked', recheck, joined: false };
  });
}

/** Null: the workspace has none of that id. */
export async function findRecheck({ db }: Ledger, key: RecheckKey): Promise<RecheckRow | null> {
  const [row] = await db.select().from(runRechecks).where(isRecheck(key));
  return row ?? null;
}

export interface NewLook {
  /** How many looks there were when this one began: who was overtaken saves nothing. */
  readonly after: number;
  readonly look: Look;
  readonly checks: readonly CheckRow[];
}

/** Saves a look, and the verdict where it settles one. Answers the re-check as it stands then; null: there is none. */
export async function saveLook(ledger: Ledger, key: RecheckKey, { after, look, checks }: NewLook) {
  const found = await findRecheck(ledger, key);
  if (!found) return null;
  return ledger.db.transaction(async (tx) => {
    const runKey = { workspaceId: found.workspaceId, runId: found.runId };
    const facts = await lockRun(tx, runKey);
    const [row] = await tx.select().from(runRechecks).where(isRecheck(key));
    if (!facts || !row || row.verdict !== null || row.looks.length !== after) return row ?? null;
    const at = ledger.clock.now();
    const looks = [...row.looks, look];
    const ended = concludeLooks(looks);
    if (ended === null) {
      const [saved] = await tx
        .update(runRechecks)
        .set({ looks, checks: [...checks] })
        .where(isRecheck(key))
        .returning();
      return saved ?? null;
    }
    const { verdict, says } = ended;
    const accepted = isFinding(verdict) ? await acceptedBefore(tx, runKey, { verdict, checks: [...checks] }) : null;
    // What could not be read says nothing of what was found before.
    const before = verdict === 'unreadable' ? null : await clearFinding(tx, runKey);
    const end = { verdict, says, endedAt: at, stands: isFinding(verdict) && accepted === null, ...accepted };
    const [saved] = await tx
      .update(runRechecks)
      .set({ looks, checks: [...checks], ...end })
      .where(isRecheck(key))
      .returning();
    const { address } = row;
    const payload = { recheckId: key.id, verdict, before, address, looks: looks.length, digest: look.digest };
    await appendAudit(tx, [runEvent(facts, OTHER_AUDIT.rechecked, at, SYSTEM_ACTOR, payload)]);
    return saved ?? null;
  });
}

/** What was found before stands no more: a new look says what is true. Answers what it was, or null. */
async function clearFinding(tx: Tx, key: RunKey): Promise<RecheckVerdict | null> {
  const [cleared] = await tx
    .update(runRechecks)
    .set({ stands: false })
    .where(and(ofRun(key), eq(runRechecks.stands, true)))
    .returning({ verdict: runRechecks.verdict });
  return cleared?.verdict ?? null;
}

/** Re-checks that were asked for before that instant and have not ended: nobody may be at them. */
export async function openRechecks({ db }: Ledger, before: Date, limit: number): Promise<RecheckKey[]> {
  return db
    .select({ workspaceId: runRechecks.workspaceId, id: runRechecks.id })
    .from(runRechecks)
    .where(and(isNull(runRechecks.verdict), lt(runRechecks.askedAt, before)))
    .orderBy(asc(runRechecks.askedAt))
    .limit(limit);
}

const isRecheck = ({ workspaceId, id }: RecheckKey) =>
  and(eq(runRechecks.workspaceId, workspaceId), eq(runRechecks.id, id));

const ofRun = ({ workspaceId, runId }: RunKey) =>
  and(eq(runRechecks.workspaceId, workspaceId), eq(runRechecks.runId, runId));
