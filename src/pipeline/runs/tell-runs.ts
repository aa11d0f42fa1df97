// Tells a run's workflow that the ledger has changed from outside it. Only a word: who does not hear it reads the ledger when its time
// comes, and the sweep says it again until it was said once.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import { repairedRuns } from '../../ledger/runs/lost-runs.ts';
import type { RunRow } from '../../ledger/runs/run-facts.ts';
import { findRun, markRunTold, unstartedRuns, untoldRuns } from '../../ledger/runs/runs.ts';
import type { PipelineContext } from '../context.ts';
import { startRun } from './start-run.ts';

type Context = Pick<PipelineContext, 'ledger' | 'settings' | 'log'>;

/** Nobody who waits for an answer waits longer for the word to be said. */
const TOLD_WITHIN_MS = 2_000;
const PAGE = 200;

/** Tells one run's workflow. What fails is left to the sweep. */
export async function tellRunOf(context: Context, client: Client, key: RunKey): Promise<void> {
  const { ledger, log } = context;
  try {
    const run = await findRun(ledger, key);
    if (!run) return;
    const deadline = ledger.clock.machineNow().getTime() + TOLD_WITHIN_MS;
    await client.withDeadline(deadline, () => tell(context, client, run));
  } catch (error) {
    log.warn(
      { why: String(error), runId: key.runId },
      'the workflow of a run could not be told of a change; the sweep tells it',
    );
  }
}

/** A workflow that is gone while the run goes on is started again. */
async function tell(context: Context, client: Client, run: RunRow): Promise<void> {
  try {
    await client.workflow.getHandle(run.workflowId).signal(LOOK_AGAIN);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (!hasEnded(run.state)) await startRun(context, client, { ...run, runId: run.id });
  }
  await markRunTold(context.ledger, run);
}

/** Starts what no workflow was started for, and tells what was not told. Answers how many it saw to. */
export async function sweepRuns(context: Context, client: Client): Promise<number> {
  const { ledger, settings, log } = context;
  const late = new Date(ledger.clock.now().getTime() - settings.sweep.graceMs);
  const unstarted = await unstartedRuns(ledger, late, PAGE);
  for (const run of unstarted) await startRun(context, client, { ...run, runId: run.id });
  const untold = [...(await untoldRuns(ledger, PAGE)), ...(await repairedRuns(ledger, PAGE))];
  for (const run of untold) {
    try {
      await tell(context, client, run);
    } catch (error) {
      log.warn({ err: error, runId: run.id }, 'the workflow of a run could not be told of a change');
    }
  }
  return unstarted.length + untold.length;
}
