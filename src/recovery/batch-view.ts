// Batches as they stand: which there are, how far one is, and the verdict of each of its members, page by page.
import type { Batch, BatchPage, BatchState, BatchSummary } from '../domain/batches/batch.ts';
import { findBatch, readMembers } from '../ledger/batches/batches.ts';
import { type BatchPosition, type ListedBatch, listBatches } from '../ledger/batches/list-batches.ts';
import { countVerdicts, nextTurn } from '../ledger/batches/members.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { writeCursor } from './cursor.ts';

export interface MembersWanted {
  readonly after: number;
  readonly limit: number;
}

export interface BatchesWanted {
  readonly workspaceId: string;
  readonly state: BatchState;
  readonly after: BatchPosition | null;
  readonly limit: number;
}

/** One page of the batches in a state, newest first. */
export async function viewBatches(ledger: Ledger, wanted: BatchesWanted): Promise<BatchPage> {
  const { workspaceId, state, after, limit } = wanted;
  const rows = await listBatches(ledger, { workspaceId, only: state, after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.batch;
  const nextCursor = last && rows.length > limit ? writeCursor({ at: last.askedAt, id: last.id }) : null;
  return { batches: shown.map(viewHead), nextCursor };
}

/** One page of a batch, or null when the workspace has none of that id. */
export async function viewBatch(
  ledger: Ledger,
  workspaceId: string,
  id: string,
  page: MembersWanted,
): Promise<Batch | null> {
  const found = await findBatch(ledger, workspaceId, id);
  if (!found) return null;
  const { batch } = found;
  const [counts, next, rows] = await Promise.all([
    countVerdicts(ledger, batch.id),
    nextTurn(ledger, batch.id),
    readMembers(ledger, batch.id, { ...page, limit: page.limit + 1 }),
  ]);
  const shown = rows.slice(0, page.limit);
  return {
    ...viewHead(found),
    counts: { waiting: 0, accepted: 0, refused: 0, unanswered: 0, too_old: 0, canceled: 0, ...counts },
    nextAt: next?.toISOString() ?? null,
    report: shown.map(({ member, state }) => ({
      place: member.place,
      scheduleId: member.scheduleId,
      state,
      dueAt: member.dueAt.toISOString(),
      verdict: member.verdict,
      reason: member.reason,
      says: member.says,
      answeredAt: member.answeredAt?.toISOString() ?? null,
    })),
    nextAfter: rows.length > page.limit ? (shown.at(-1)?.member.place ?? null) : null,
  };
}

function viewHead({ batch, accountName }: ListedBatch): BatchSummary {
  return {
    id: batch.id,
    account: { id: batch.accountId, name: accountName },
    cause: batch.cause,
    pace: batch.pace,
    skipOlder: batch.skipOlder?.toISOString() ?? null,
    note: batch.note,
    askedBy: batch.askedBy.label,
    askedAt: batch.askedAt.toISOString(),
    canceledAt: batch.canceledAt?.toISOString() ?? null,
    endedAt: batch.endedAt?.toISOString() ?? null,
    members: batch.members,
  };
}
