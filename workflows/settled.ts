// What to make of an activity's answer: its own final word ends the run, everything doubtful is settled by the ledger.
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { PublishResult } from '../src/domain/publish-result.ts';
import { SCHEDULE_STATES } from '../src/domain/states.ts';

/** Errors of activities that end the run: nothing was sent, and nothing will be by trying again. */
const FINAL: ReadonlySet<string> = new Set(['IntakeRefused', 'IntakeFault', 'UnknownSchedule']);

/**
 * The result an activity answered. Its own final error ends the run in one clear sentence; anything else (somebody
 * failed or completed the activity by hand, a reset) says nothing about the post, so the ledger is asked where it stands.
 * @throws ApplicationFailure of a final type, final
 */
export async function settled(
  answer: Promise<PublishResult>,
  ask?: () => Promise<PublishResult>,
): Promise<PublishResult> {
  try {
    const result = await answer;
    return ask && !isResult(result) ? settled(ask()) : result;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (cause instanceof ApplicationFailure && FINAL.has(cause.type ?? '')) {
      throw ApplicationFailure.nonRetryable(cause.message, cause.type, ...(cause.details ?? []));
    }
    if (!ask) throw error;
    return settled(ask());
  }
}

function isResult(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('state' in answer)) return false;
  return typeof answer.state === 'string' && Object.hasOwn(SCHEDULE_STATES, answer.state);
}
