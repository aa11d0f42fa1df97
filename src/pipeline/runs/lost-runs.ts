// Looks for runs that nobody drives any more: their workflow was ended in Temporal, and not by itself. Temporal's lists lag, so they only
// hint where to look; what is true of a workflow is asked by its id.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { markRunLost, openRunsOf } from '../../ledger/runs/lost-runs.ts';
import type { PipelineContext } from '../context.ts';

type Context = Pick<PipelineContext, 'ledger' | 'settings' | 'log'>;

/** How far back runs that were ended are looked for. */
const LOOK_BACK_MS = 15 * 60_000;
const HOW: Readonly<Record<string, string>> = {
  TERMINATED: 'was terminated',
  FAILED: 'failed',
  CANCELLED: 'was canceled',
  TIMED_OUT: 'timed out',
};

/** Answers how many it found. */
export async function findLostRuns(context: Context, client: Client): Promise<number> {
  const { ledger, settings, log } = context;
  const since = new Date(ledger.clock.machineNow().getTime() - LOOK_BACK_MS).toISOString();
  const query =
    `WorkflowType = 'pipeline' AND TaskQueue = '${settings.taskQueues.publish.name}' AND CloseTime > '${since}' ` +
    `AND ExecutionStatus IN ('Terminated', 'Failed', 'Canceled', 'TimedOut')`;
  const ids = new Set<string>();
  try {
    for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  } catch (error) {
    log.warn({ err: error }, 'Temporal does not list the runs that ended');
    return 0;
  }
  let found = 0;
  for (const run of await openRunsOf(ledger, [...ids])) {
    const how = await howItEnded(client, run.workflowId);
    if (how !== null && (await markRunLost(ledger, { workspaceId: run.workspaceId, runId: run.id }, how))) found += 1;
  }
  return found;
}

/** Null: it runs, or ended by itself. */
async function howItEnded(client: Client, workflowId: string): Promise<string | null> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return HOW[status.name] ?? null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
