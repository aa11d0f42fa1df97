// Keeps the exports that were asked for, and how far each has come. What is done stays done, whoever else still works on it.
import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { ProofExportKey } from '../../domain/proof/export-request.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { proofExports } from '../schema/proof.ts';

export type ProofExportRow = typeof proofExports.$inferSelect;

export interface ProofExportWanted {
  readonly id: string;
  readonly workspaceId: string;
  readonly rangeFrom: Date;
  readonly rangeTo: Date;
  readonly platforms: readonly string[];
  readonly accounts: readonly { readonly id: string; readonly name: string }[];
  readonly actor: Actor;
}

/** Writes down that an export was asked for; asked again with the same id, it is the one that stands. */
export async function saveProofExport(ledger: Ledger, wanted: ProofExportWanted): Promise<void> {
  const { id, workspaceId, rangeFrom, rangeTo, platforms, accounts, actor } = wanted;
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const row = { id, workspaceId, rangeFrom, rangeTo, platforms: [...platforms], accounts: [...accounts] };
    const made = await tx
      .insert(proofExports)
      .values({ ...row, requestedBy: actor, requestedAt: at, state: 'queued' })
      .onConflictDoNothing()
      .returning({ id: proofExports.id });
    if (made.length === 0) return;
    const payload = { exportId: id, from: rangeFrom.toISOString(), to: rangeTo.toISOString(), platforms, accounts };
    await appendAudit(tx, [{ workspaceId, traceId: id, type: OTHER_AUDIT.proofRequested, actor, payload, at }]);
  });
}

const isExport = (workspaceId: string, id: string) =>
  and(eq(proofExports.workspaceId, workspaceId), eq(proofExports.id, id));
const goesOn = (workspaceId: string, id: string) =>
  and(isExport(workspaceId, id), inArray(proofExports.state, ['queued', 'running']));

/** The export, or null when it is not this workspace's. */
export async function findProofExport({ db }: Ledger, workspaceId: string, id: string): Promise<ProofExportRow | null> {
  const [row] = await db.select().from(proofExports).where(isExport(workspaceId, id));
  return row ?? null;
}

/** The exports of a workspace, newest first. */
export async function listProofExports({ db }: Ledger, workspaceId: string, limit: number): Promise<ProofExportRow[]> {
  return db
    .select()
    .from(proofExports)
    .where(eq(proofExports.workspaceId, workspaceId))
    .orderBy(desc(proofExports.requestedAt), desc(proofExports.id))
    .limit(limit);
}

/** Exports that have not ended though they were asked for before that instant: nobody may be making them. */
export async function openProofExports({ db }: Ledger, before: Date, limit: number): Promise<ProofExportKey[]> {
  return db
    .select({ id: proofExports.id, workspaceId: proofExports.workspaceId })
    .from(proofExports)
    .where(and(inArray(proofExports.state, ['queued', 'running']), lt(proofExports.requestedAt, before)))
    .orderBy(asc(proofExports.requestedAt))
    .limit(limit);
}

/** Says how far it has come; false when it has ended meanwhile. */
export async function tellProofProgress(
  { db }: Ledger,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  progress: { readonly records: number; readonly recordsInAll: number },
): Promise<boolean> {
  const told = await db
    .update(proofExports)
    .set({ state: 'running', ...progress })
    .where(goesOn(workspaceId, id))
    .returning({ id: proofExports.id });
  return told.length > 0;
}

export type ProofExportEnd =
  | { readonly state: 'done'; readonly records: number; readonly sizeBytes: number; readonly sha256: string }
  | { readonly state: 'failed'; readonly problem: string };

/** Ends it, unless it has ended; false when it had. */
export async function endProofExport(
  ledger: Ledger,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
  end: ProofExportEnd,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const inAll = end.state === 'done' ? { recordsInAll: end.records } : {};
    const ended = await tx
      .update(proofExports)
      .set({ ...end, ...inAll, finishedAt: at })
      .where(goesOn(workspaceId, id))
      .returning({ id: proofExports.id });
    if (ended.length === 0) return false;
    const type = end.state === 'done' ? OTHER_AUDIT.proofMade : OTHER_AUDIT.proofFailed;
    const payload = { exportId: id, ...end };
    await appendAudit(tx, [{ workspaceId, traceId: id, type, actor: SYSTEM_ACTOR, payload, at }]);
    return true;
  });
}
