// Who does the work of a stage.
import type { BuiltinName, StageSpec } from '../../domain/pipeline/contract.ts';
import { approve } from '../builtin/approve.ts';
import { liveQa } from '../builtin/live-qa.ts';
import { publish } from '../builtin/publish.ts';
import { baselineReview, finalReview } from '../builtin/reviews.ts';
import { textReconciliation } from '../builtin/text-reconciliation.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { RunTask, StageTask } from './stage-task.ts';

const OURS: Readonly<Record<BuiltinName, (context: PipelineContext, task: StageTask) => Promise<StageEnd>>> = {
  baseline_review: (_, task) => baselineReview(task),
  text_reconciliation: (_, task) => textReconciliation(task),
  final_review: (_, task) => finalReview(task),
  approve,
  publish,
  live_qa: liveQa,
};

export function runnerOf(context: PipelineContext, stage: StageSpec): RunTask {
  switch (stage.runner) {
    case 'builtin':
      return (task) => OURS[stage.uses](context, task);
    case 'human':
      return async () => ({ kind: 'waiting', says: stage.asks, until: null });
    case 'command':
    case 'http':
      return ({ work, control }) => context.runners[stage.runner](work, control);
    case 'mcp':
      return ({ work, control }) => context.runners.mcp(work, control);
  }
}
