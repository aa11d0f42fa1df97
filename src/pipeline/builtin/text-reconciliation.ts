// The stage `text_reconciliation`: brings the text into line with what was made of its assets, and changes nothing else.

import type { MarkerProblem } from '../../domain/pipeline/markers/problems.ts';
import { reconcileText } from '../../domain/pipeline/markers/reconcile-text.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import { assetPlanSchema } from '../../domain/pipeline/visuals/asset-plan.ts';
import { visualManifestSchema } from '../../domain/pipeline/visuals/visual-manifest.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { readJsonInput, readText } from './read-input.ts';

/** @throws BadInput */
export async function textReconciliation({ work }: StageTask): Promise<StageEnd> {
  const text = await readText(work.inputs);
  const plan = (await readJsonInput(work.inputs, 'asset-plan.json', assetPlanSchema)) ?? { assets: [] };
  const manifest = (await readJsonInput(work.inputs, 'visual-manifest.json', visualManifestSchema)) ?? { visuals: [] };
  const reconciled = reconcileText(text, { plan, manifest });
  if (reconciled.kind === 'blocked') {
    const [unmade] = reconciled.unmade;
    const more = reconciled.unmade.map(({ sentence }) => sentence).join('\n');
    if (unmade) return { kind: 'failed', cause: stageCause('asset_missing', unmade.sentence, more) };
    return { kind: 'failed', cause: problemCause(reconciled.problems) };
  }
  const [artifact] = work.stage.artifacts;
  const { kept, removed } = reconciled;
  return {
    kind: 'made',
    files: [{ name: artifact?.name ?? '', bytes: new TextEncoder().encode(reconciled.text) }],
    evidence: { kept: [...kept], removed: removed.map(({ id }) => id) },
  };
}

/** The first problem in one sentence, and all of them for whoever mends them. */
export function problemCause(problems: readonly MarkerProblem[]): StageCause {
  const lines = problems.map(({ sentence, line, column }) => `Line ${line}, column ${column}: ${sentence}`);
  const more = problems.length > 1 ? ` There are ${problems.length} in all.` : '';
  return stageCause('markers_found', `${lines[0] ?? ''}${more}`, lines.join('\n'));
}
