// The gates that look at what will go out.
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { decisionOn } from '../../ledger/runs/decisions.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import type { PipelineContext } from '../context.ts';
import type { StageWork } from '../runners/runner.ts';
import { asNoPost } from './approve.ts';
import { NoPost, planPost } from './plan-post.ts';

/** An approval binds to the content: what changed since is not approved (law 7). */
export async function approvedFault(
  { ledger }: PipelineContext,
  key: RunKey,
  facts: RunFacts,
  work: StageWork,
): Promise<StageCause | null> {
  const planned = await planPost({ facts, work }).catch(asNoPost);
  if (planned instanceof NoPost) return stageCause('input_missing', planned.message);
  const decision = await decisionOn(ledger.db, key, planned.fingerprint);
  if (decision?.verdict === 'approved') return null;
  return stageCause('gate_blocked', 'The content that would go out is not the content that was approved.');
}

const MARKER = /ZCP:ASSET/i;

/** Planning markers are for whoever writes, never for readers. */
export async function markersFault(
  _context: PipelineContext,
  _key: RunKey,
  facts: RunFacts,
  work: StageWork,
): Promise<StageCause | null> {
  const planned = await planPost({ facts, work }).catch(asNoPost);
  if (planned instanceof NoPost) return stageCause('input_missing', planned.message);
  if (!MARKER.test(planned.body)) return null;
  return stageCause('markers_found', 'A planning marker stands in the text that would go out.');
}
