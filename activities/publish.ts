// The activity `publish`: steps 0 to 6 of the protocol, under Temporal's heartbeats and retries.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { remembered } from '../src/domain/reconcile/remembered.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { mediaQueueOf } from '../src/domain/temporal/task-queues.ts';
import { UnknownSchedule } from '../src/ledger/attempts/open-attempt.ts';
import { wakeRunOf } from '../src/pipeline/runs/wake-run.ts';
import { AttemptStopped } from '../src/publishing/attempt/keeper.ts';
import { runPublish } from '../src/publishing/attempt/run-publish.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { callNext } from '../src/publishing/workflows/call-next.ts';
import { scheduleOf } from './schedule-of.ts';

export interface PublishInput {
  readonly scheduleId: string;
  /** Set by workflows that know the task queue of large media: such a post that comes to the other one is sent there. */
  readonly knowsMediaQueue?: boolean;
  /** Attempts that the run remembers. */
  readonly attempts?: number;
}

/**
 * Makes the activity. Failures of the publish are results; what it throws is only what another run must repeat.
 * Errors: `UnknownSchedule` (final); `AttemptStopped` and what every activity may meet (repeated by
 * Temporal).
 */
export function publishActivity(context: PublishingContext) {
  return async function publish({ scheduleId, knowsMediaQueue, attempts }: PublishInput): Promise<PublishResult> {
    const activity = Context.current();
    const { taskQueue } = activity.info;
    const { name } = context.settings.taskQueues.publish;
    try {
      const key = await scheduleOf(context.ledger, scheduleId);
      const result = await runPublish(context, key, {
        heartbeat: (beat) => activity.heartbeat(beat),
        remembered: remembered(attempts, activity.info.heartbeatDetails),
        callNext: (accountId) => callNext(context, activity.client, accountId),
        leavesLargeMedia: knowsMediaQueue === true && taskQueue !== mediaQueueOf(name),
        withdrawn: activity.cancellationSignal,
      });
      await wakeRunOf(context, activity.client, key, result);
      return result;
    } catch (error) {
      throw asFailure(error);
    }
  };
}

function asFailure(error: unknown): unknown {
  if (error instanceof UnknownSchedule) return ApplicationFailure.nonRetryable(error.message, 'UnknownSchedule');
  if (error instanceof AttemptStopped) {
    return ApplicationFailure.create({ message: error.message, type: 'AttemptStopped', category: 'BENIGN' });
  }
  return error;
}
