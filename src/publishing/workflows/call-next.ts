// Calls the publish whose turn it is at a free account. It is only a word that the account may be asked for: who does not
// hear it asks by itself after a while, and the sweep calls where nobody did.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { ACCOUNT_FREE } from '../../domain/temporal/account-free.ts';
import { dropFromQueue, nextInQueue } from '../../ledger/accounts/account-queue.ts';
import type { PublishingContext } from '../context.ts';

/** Calls the next one in the queue that can be called. What fails is told in the log and left to the sweep. */
export async function callNext(
  { ledger, log }: Pick<PublishingContext, 'ledger' | 'log'>,
  client: Client,
  accountId: string,
): Promise<void> {
  try {
    for (;;) {
      const next = await nextInQueue(ledger, accountId);
      if (!next) return;
      try {
        await client.workflow.getHandle(next.workflowId).signal(ACCOUNT_FREE);
        return;
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        await dropFromQueue(ledger, accountId, next);
      }
    }
  } catch (error) {
    log.warn({ err: error, accountId }, 'the next publish of an account could not be called; the sweep calls it');
  }
}
