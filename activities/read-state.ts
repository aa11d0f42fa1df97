// The activity `readState`: where the ledger says a schedule stands, for a run that continues an earlier one.
import { ApplicationFailure } from '@temporalio/activity';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { UnknownSchedule } from '../src/ledger/attempts/open-attempt.ts';
import { readResult } from '../src/ledger/schedules/result.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { scheduleOf } from './schedule-of.ts';

/** Makes the activity. Reads only. Error: `UnknownSchedule` (final). */
export function readStateActivity({ ledger }: PublishingContext) {
  return async function readState(scheduleId: string): Promise<PublishResult> {
    try {
      return await readResult(ledger, await scheduleOf(ledger, scheduleId));
    } catch (error) {
      if (error instanceof UnknownSchedule) throw ApplicationFailure.nonRetryable(error.message, 'UnknownSchedule');
      throw error;
    }
  };
}
