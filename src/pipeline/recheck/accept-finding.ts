// A person's word, from one of our doors, that what a look found is meant so.
import { z } from 'zod';
import type { Caller } from '../../domain/people/caller.ts';
import { redact } from '../../domain/text/redact.ts';
import { acceptFinding, type FindingAccepted } from '../../ledger/runs/accept-finding.ts';
import type { PipelineContext } from '../context.ts';

export interface FindingToAccept {
  readonly caller: Caller;
  readonly runId: string;
  /** As it stands in an address. */
  readonly recheckId: string;
  readonly note?: string | undefined;
}

export async function acceptFound(
  { ledger }: Pick<PipelineContext, 'ledger'>,
  { caller, runId, recheckId, note }: FindingToAccept,
): Promise<FindingAccepted> {
  if (!z.uuid().safeParse(recheckId).success) return { kind: 'unknown' };
  const { workspaceId, actor } = caller;
  const told = note === undefined ? null : redact(note, null);
  return acceptFinding(ledger, { key: { workspaceId, runId }, recheckId, note: told, actor });
}
