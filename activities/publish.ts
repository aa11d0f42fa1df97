// The activity `publish`: steps 0 to 6 of the protocol, under Temporal's heartbeats and retries.
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { AccountBusy } from '../src/ledger/accounts/leases.ts';
import { UnknownSchedule } from '../src/ledger/attempts/open-attempt.ts';
import { AttemptStopped } from '../src/publishing/attempt/keeper.ts';
import { runPublish } from '../src/publishing/attempt/run-publish.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { scheduleOf } from './schedule-of.ts';

export interface PublishInput {
  readonly scheduleId: string;
}

/**
 * Makes the activity. Failures of the publish are results; what it throws is only what another run must repeat.
 * Errors: `UnknownSchedule` (final); `AccountBusy`, `AttemptStopped` and what every activity may meet (repeated by
 * Temporal).
 */
export function publishActivity(context: PublishingContext) {
  return async function publish({ scheduleId }: PublishInput): Promise<PublishResult> {
    const activity = Context.current();
    try {
      return await runPublish(context, await scheduleOf(context.ledger, scheduleId), {
        heartbeat: (detail) => activity.heartbeat(detail),
        withdrawn: activity.cancellationSignal,
      });
    } catch (error) {
      throw asFailure(error, context.settings.timeouts.busyAccountMs);
    }
  };
}

function asFailure(error: unknown, busyAccountMs: number): unknown {
  if (error instanceof UnknownSchedule) return ApplicationFailure.nonRetryable(error.message, 'UnknownSchedule');
  if (error instanceof AccountBusy) {
    const pause = { nextRetryDelay: busyAccountMs, category: 'BENIGN' } as const;
    return ApplicationFailure.create({
      message: 'Another publish holds the account; this one waits its turn.',
      type: 'AccountBusy',
      ...pause,
    });
  }
  if (error instanceof AttemptStopped) {
    return ApplicationFailure.create({ message: error.message, type: 'AttemptStopped', category: 'BENIGN' });
  }
  return error;
}
