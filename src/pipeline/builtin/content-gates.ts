// The gates that look at what will go out.
import { leaksInHtml } from '../../domain/pipeline/leakage/in-html.ts';
import { leaksInMarkdown } from '../../domain/pipeline/leakage/in-markdown.ts';
import type { Leak } from '../../domain/pipeline/leakage/leak.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { decisionOn } from '../../ledger/runs/decisions.ts';
import type { RunFacts } from '../../ledger/runs/run-facts.ts';
import { bodyHtml } from '../../platforms/blog/body.ts';
import type { PipelineContext } from '../context.ts';
import type { StageWork } from '../runners/runner.ts';
import { planPost } from './plan-post.ts';
import { readText } from './read-input.ts';

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
  { inputs }: StageWork,
): Promise<StageCause | null> {
  return leakCause(leaksIn(await readText(inputs)));
}

/** What stands in a text, or in the page that would be made of it, and must not go out. */
export function leaksIn(text: string): readonly Leak[] {
  const leaks = leaksInMarkdown(text);
  return leaks.length > 0 ? leaks : leaksInHtml(bodyHtml(text, 'markdown'));
}

/** Null: there are none. */
export function leakCause(leaks: readonly Leak[]): StageCause | null {
  const [first] = leaks;
  if (!first) return null;
  const where = first.line === null ? '' : ` (line ${first.line}, column ${first.column})`;
  const more = leaks.length > 1 ? ` There are ${leaks.length} in all.` : '';
  return stageCause('markers_found', `${first.sentence}${where}${more}`, leaks.map(({ found }) => found).join('\n'));
}
