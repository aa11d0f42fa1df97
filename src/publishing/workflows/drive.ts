// Sees that a schedule which was just taken in is driven by a workflow. It is stored: whatever fails here, the sweep makes up for it.
import type { ScheduleAccepted } from '../../domain/schedules/schedule-view.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { TakenIn } from '../intake/intake.ts';
import type { SendDeps } from '../messages/send-message.ts';
import { startSoon } from './start-soon.ts';
import { startPublish } from './start-workflow.ts';

/** Starts the workflow where none was started. */
export async function drive(
  deps: SendDeps,
  workspaceId: string,
  taken: TakenIn,
  schedule: ScheduleRow | null,
): Promise<ScheduleAccepted['workflow']> {
  if (schedule && SCHEDULE_STATES[schedule.state].ended) return 'not_needed';
  if (schedule?.workflowStartedAt) return 'started';
  const { client, ledger, log } = deps;
  const { scheduleId } = taken;
  return startSoon({
    client,
    clock: ledger.clock,
    start: () => startPublish(client, deps, { ...taken, workspaceId }),
    failed: (why) => log.warn({ why, scheduleId }, 'the workflow could not be started; the sweep starts it later'),
  });
}
