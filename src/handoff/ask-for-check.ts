// Has the address of a completed handoff looked at, by a workflow: at once where one of our doors recorded it, and by the sweep
// where it was recorded in the Temporal UI, or Temporal was away.
import type { Client } from '@temporalio/client';
import type { ScheduleKey } from '../domain/schedules/schedule-key.ts';
import { uncheckedHandoffs } from '../ledger/schedules/handoffs.ts';
import type { PublishingContext } from '../publishing/context.ts';

/** How long whoever records it waits for the look to be asked for. */
const ASKED_WITHIN_MS = 2_000;
/** So many a sweep; the others have the next. */
const MOST = 100;

type Context = Pick<PublishingContext, 'ledger' | 'settings' | 'log'>;

/** Best effort: a handoff whose address nobody looked at says so, until the sweep asks. */
export async function askForCheck(
  { ledger, settings, log }: Context,
  client: Client,
  { workspaceId, scheduleId }: ScheduleKey,
): Promise<void> {
  const { name: taskQueue } = settings.taskQueues.publish;
  try {
    const deadline = ledger.clock.machineNow().getTime() + ASKED_WITHIN_MS;
    await client.withDeadline(deadline, () =>
      client.workflow.start('checkHandoff', {
        taskQueue,
        workflowId: `handoff-check/${workspaceId}/${scheduleId}`,
        args: [{ workspaceId, scheduleId }],
        // Recorded again by another try of the same call, it is being asked already.
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  } catch (error) {
    log.warn(
      { why: String(error), scheduleId },
      'the address of a handoff could not be looked at; the sweep asks again',
    );
  }
}

/** Asks for every look that is still owed. */
export async function askForOwedChecks(context: Context, client: Client): Promise<void> {
  for (const key of await uncheckedHandoffs(context.ledger, MOST)) await askForCheck(context, client, key);
}
