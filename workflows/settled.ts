// What to make of the activity's answer: its own final word ends the run, everything doubtful is settled by the ledger.
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { SCHEDULE_STATES } from '../src/domain/schedules/states.ts';

/**
 * The result that the activity `publish` answered. There being no such schedule ends the run; anything else (somebody
 * failed or completed the activity by hand, a reset) says nothing about the post, so the ledger is asked where it stands.
 * @throws ApplicationFailure `UnknownSchedule`, final
 */
export async function settled(
  answer: Promise<PublishResult>,
  ask: () => Promise<PublishResult>,
): Promise<PublishResult> {
  try {
    const result = await answer;
    return isResult(result) ? result : await ask();
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === 'UnknownSchedule') {
      throw ApplicationFailure.nonRetryable(cause.message, cause.type);
    }
    return ask();
  }
}

function isResult(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('state' in answer)) return false;
  return typeof answer.state === 'string' && Object.hasOwn(SCHEDULE_STATES, answer.state);
}
