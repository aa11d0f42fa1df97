// The activity `answerRun`: a signal or update to a run is answered by the ledger, once, whatever it holds.
import { ApplicationFailure } from '@temporalio/activity';
import type { RunVerdict } from '../src/domain/pipeline/run-messages.ts';
import { isDatabaseDown } from '../src/ledger/database/database.ts';
import { answerRun } from '../src/pipeline/runs/answer-run.ts';
import { UnknownRun } from '../src/pipeline/runs/run-stage.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { runOf } from './run-stage.ts';

const FAULT =
  'Oncepost met a fault of its own over this message; nothing was changed. Look at the log, then send it again.';

export interface RunMessageToAnswer {
  readonly runId: string;
  readonly messageId: string;
  readonly name: string;
  readonly body?: unknown;
}

/** Makes the activity. Errors, both final: `UnknownRun` and `MessageFault`. While the database is down it is repeated. */
export function answerRunActivity(context: PublishingContext) {
  return async function answerRunMessage({ runId, ...message }: RunMessageToAnswer): Promise<RunVerdict> {
    try {
      const key = await runOf(context, runId);
      const verdict = await answerRun(context, { ...message, key });
      if (!verdict) throw new UnknownRun(`There is no run ${runId} in this workspace.`);
      await context.points.reach('run_message_answered', runId);
      return verdict;
    } catch (error) {
      if (error instanceof UnknownRun) throw ApplicationFailure.nonRetryable(error.message, 'UnknownRun');
      if (isDatabaseDown(error)) throw error;
      context.log.error({ err: error, runId, message: message.name }, 'a message to a run could not be answered');
      throw ApplicationFailure.nonRetryable(FAULT, 'MessageFault');
    }
  };
}
