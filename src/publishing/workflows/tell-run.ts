// Tells a publish's run that the ledger has changed from outside it. Only a word: a run that does not hear it reads the ledger
// when its own time comes, and the sweep says it again until it was said once.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import { markTold, type ToTell, untoldRun, untoldRuns } from '../../ledger/schedules/telling.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { PublishingContext } from '../context.ts';
import { newId } from '../../runtime/ids.ts';
import { startPublish } from './start-workflow.ts';

type Context = Pick<PublishingContext, 'ledger' | 'settings' | 'log'>;

/** Nobody who waits for an answer waits longer for the word to be said. */
const TOLD_WITHIN_MS = 2_000;
const PAGE = 200;

/** Tells the run of one schedule, where there is something to tell. What fails is left to the sweep. */
export async function tellRun(context: Context, client: Client, key: ScheduleKey): Promise<void> {
  const { ledger, log } = context;
  try {
    const untold = await untoldRun(ledger, key);
    if (!untold) return;
    const deadline = ledger.clock.machineNow().getTime() + TOLD_WITHIN_MS;
    await client.withDeadline(deadline, () => tell(context, client, untold));
  } catch (error) {
    log.warn({ why: String(error), scheduleId: key.scheduleId }, 'a run could not be told of a change; the sweep tells it');
  }
}

/** Tells every run that was not told yet; answers how many were. */
export async function tellRuns(context: Context, client: Client, heartbeat: (at: string) => void): Promise<number> {
  let told = 0;
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: ToTell[] = await untoldRuns(context.ledger, { after, limit: PAGE });
    for (const untold of page) {
      try {
        await tell(context, client, untold);
        told += 1;
      } catch (error) {
        context.log.warn({ err: error, scheduleId: untold.scheduleId }, 'a run could not be told of a change');
      }
    }
    after = page.length < PAGE ? undefined : page.at(-1)?.workflowId;
    if (after !== undefined) heartbeat(after);
  }
  return told;
}

/** A run that is gone while the schedule goes on is started again. */
async function tell(context: Context, client: Client, untold: ToTell): Promise<void> {
  try {
    await client.workflow.getHandle(untold.workflowId).signal(LOOK_AGAIN);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (!untold.ended) await startPublish(client, context, untold);
  }
  await markTold(context.ledger, untold);
}

/** Has every run told in the background that was not told yet. What fails is left to the sweep. */
export async function startTelling({ ledger, settings, log }: Context, client: Client): Promise<void> {
  const { name: taskQueue } = settings.taskQueues.publish;
  try {
    const deadline = ledger.clock.machineNow().getTime() + TOLD_WITHIN_MS;
    const start = { taskQueue, workflowId: `tell/${taskQueue}/${newId()}` };
    await client.withDeadline(deadline, () => client.workflow.start('tellRuns', start));
  } catch (error) {
    log.warn({ why: String(error) }, 'runs could not be told of a change; the sweep tells them');
  }
}
