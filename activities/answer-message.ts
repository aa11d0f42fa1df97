// The activity `answerMessage`: a signal or update is answered by the ledger, once, whatever it holds.
import { ApplicationFailure } from '@temporalio/activity';
import type { MessageVerdict } from '../src/domain/messages/messages.ts';
import { UnknownSchedule } from '../src/ledger/attempts/open-attempt.ts';
import { isDatabaseDown } from '../src/ledger/database/database.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { answer, type RawMessage } from '../src/publishing/messages/answer.ts';
import { foreseeChanged } from '../src/publishing/tonight/at-intake.ts';
import { scheduleOf } from './schedule-of.ts';

/** A message as the workflow hands it on; who sent it is nothing that Temporal can say. */
type MessageToAnswer = Pick<RawMessage, 'messageId' | 'name' | 'body'> & { readonly scheduleId: string };

const FAULT =
  'Oncepost met a fault of its own over this message; nothing was changed. Look at the log, then send it again.';

/**
 * Makes the activity. It may run twice for one message and gives the same verdict. While the database is down it is
 * repeated by Temporal. Errors: `UnknownSchedule` and `MessageFault`, both final: a message that cannot be answered must
 * not keep the ones behind it waiting.
 */
export function answerMessageActivity(context: PublishingContext) {
  const { ledger, log } = context;
  return async function answerMessage({ scheduleId, messageId, name, body }: MessageToAnswer): Promise<MessageVerdict> {
    try {
      const schedule = await scheduleOf(ledger, scheduleId);
      const verdict = await answer(ledger, { schedule, messageId, name, body });
      // The run waits for this step, so no file is read.
      const moved = verdict.accepted && name === 'reschedule';
      if (moved) await foreseeChanged(context, schedule, { readMedia: false });
      return verdict;
    } catch (error) {
      if (error instanceof UnknownSchedule) throw ApplicationFailure.nonRetryable(error.message, 'UnknownSchedule');
      if (isDatabaseDown(error)) throw error;
      log.error({ err: error, scheduleId, message: name }, 'a message could not be answered');
      throw ApplicationFailure.nonRetryable(FAULT, 'MessageFault');
    }
  };
}
