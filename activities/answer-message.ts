// The activity `answerMessage`: a signal or update is answered by the ledger, once, whatever it holds.
import { ApplicationFailure } from '@temporalio/activity';
import type { MessageVerdict } from '../src/domain/messages.ts';
import { UnknownSchedule } from '../src/ledger/open-attempt.ts';
import { answer, type RawMessage } from '../src/publishing/answer.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Makes the activity. It may run twice for one message and gives the same verdict. Error: `UnknownSchedule` (final). */
export function answerMessageActivity({ ledger }: PublishingContext) {
  return async function answerMessage(message: RawMessage): Promise<MessageVerdict> {
    try {
      return await answer(ledger, message);
    } catch (error) {
      if (error instanceof UnknownSchedule) throw ApplicationFailure.nonRetryable(error.message, 'UnknownSchedule');
      throw error;
    }
  };
}
