// Records that a handoff is done, and has the address looked at where one was given. The record never waits for the look.
import type { MessageVerdict } from '../domain/messages/messages.ts';
import type { Caller } from '../domain/people/caller.ts';
import type { ScheduleKey } from '../domain/schedules/schedule-key.ts';
import { type SendDeps, sendMessage } from '../publishing/messages/send-message.ts';

/** How long whoever records it waits for the look to be asked for. */
const ASKED_WITHIN_MS = 2_000;

export interface HandoffDone {
  readonly caller: Caller;
  readonly scheduleId: string;
  readonly url?: string | undefined;
  readonly note?: string | undefined;
  /** When it went live, where that was not just now; an instant in the form of ISO 8601. */
  readonly publishedAt?: string | undefined;
  /** The same for every try of one call. */
  readonly messageId?: string | undefined;
}

/** The verdict; of two who record it, the first stands. Null when the caller's workspace has no such schedule. */
export async function completeHandoff(deps: SendDeps, done: HandoffDone): Promise<MessageVerdict | null> {
  const { caller, scheduleId, messageId, url, note, publishedAt } = done;
  const body = { ...(url ? { url } : {}), ...(note ? { note } : {}), ...(publishedAt ? { publishedAt } : {}) };
  const message = { caller, scheduleId, name: 'completeHandoff', body } as const;
  const verdict = await sendMessage(deps, { ...message, ...(messageId ? { messageId } : {}) });
  if (verdict?.accepted && url) await askForCheck(deps, { workspaceId: caller.workspaceId, scheduleId });
  return verdict;
}

/** Best effort: a handoff whose address nobody looked at says so. */
async function askForCheck({ client, ledger, settings, log }: SendDeps, key: ScheduleKey): Promise<void> {
  const { name: taskQueue } = settings.taskQueues.publish;
  const workflowId = `handoff-check/${key.workspaceId}/${key.scheduleId}`;
  try {
    const deadline = ledger.clock.machineNow().getTime() + ASKED_WITHIN_MS;
    await client.withDeadline(deadline, () =>
      client.workflow.start('checkHandoff', {
        taskQueue,
        workflowId,
        args: [key],
        // Recorded again by another try of the same call, it is being asked already.
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    );
  } catch (error) {
    log.warn({ why: String(error), scheduleId: key.scheduleId }, 'the address of a handoff could not be looked at');
  }
}
