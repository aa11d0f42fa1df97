// Who does the work of a stage.
import type { BuiltinName, StageSpec } from '../../domain/pipeline/contract.ts';
import { approve } from '../builtin/approve.ts';
import { publish } from '../builtin/publish.ts';
import type { PipelineContext } from '../context.ts';
import type { RunTask } from './stage-task.ts';

const OURS: Readonly<
  Partial<Record<BuiltinName, (context: PipelineContext, ...task: Parameters<RunTask>) => ReturnType<RunTask>>>
> = {
  approve,
  publish,
};

export function runnerOf(context: PipelineContext, stage: StageSpec): RunTask {
  switch (stage.runner) {
    case 'builtin': {
      const run = OURS[stage.uses];
      if (!run) throw new TypeError(`no stage ${stage.uses}`);
      return (task) => run(context, task);
    }
    case 'human':
      return async () => ({ kind: 'waiting', says: stage.asks, until: null });
    case 'command':
    case 'http': {
      const run = context.runners[stage.runner];
      return ({ work, control }) => run(work, control);
    }
    default:
      throw new TypeError(`no runner ${stage.runner}`);
  }
}
