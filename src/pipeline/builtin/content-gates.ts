// The gates that look at what will go out.
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { decisionOn } from '../../ledger/runs/decisions.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import type { PipelineContext } from '../context.ts';
import type { StageWork } from '../runners/runner.ts';
import { leakCause } from './leaks.ts';
import { planPost } from './plan-post.ts';

/** An approval binds to the content: what changed since is not approved (law 7). @throws BadInput */
export async function approvedFault(
  { ledger }: PipelineContext,
  key: RunKey,
  facts: RunFacts,
  work: StageWork,
): Promise<StageCause | null> {
  const planned = await planPost({ facts, work });
  const decision = await decisionOn(ledger.db, key, planned.fingerprint);
  if (decision?.verdict === 'approved') return null;
  return stageCause(
    'gate_blocked',
    'The content that would go out is not the content that was approved; approve it first.',
  );
}

/** Planning markers and placeholders are for whoever writes, never for readers. @throws BadInput */
export async function markersFault(
  _context: PipelineContext,
  _key: RunKey,
  _facts: RunFacts,
  work: StageWork,
): Promise<StageCause | null> {
  return leakCause(work);
}
