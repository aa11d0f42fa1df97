// The look that a person asks for: at everything of the workspace, here while they wait where it is little, otherwise as a workflow.
import type { Client } from '@temporalio/client';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { dueTonight } from '../../ledger/tonight/tonight.ts';
import type { PublishingContext } from '../context.ts';
import type { TonightContext } from './foresee.ts';
import { lookAtAll } from './look-at-all.ts';

/** Of one workspace, whoever asks: each fetches the beginning of every file that is due. */
const LOOKS_PER_MINUTE = 4;
const AT_MOST_HERE = 10;
const STARTED_WITHIN_MS = 3_000;

export interface LookDeps extends TonightContext, Pick<PublishingContext, 'settings' | 'log'> {
  readonly client: Client;
}

/**
 * What came of it. `looked`: at all of it, by now; `looking`: a workflow looks at it; `too_soon`: ask again after so long;
 * `not_started`: Temporal could not be reached, and the scheduled look comes by itself.
 */
export type LookReply =
  | { readonly kind: 'looked'; readonly count: number }
  | { readonly kind: 'looking' | 'not_started' }
  | { readonly kind: 'too_soon'; readonly waitMs: number };

/** Looks at everything that is due within a day in the workspace. */
export async function lookAgain(deps: LookDeps, workspaceId: string): Promise<LookReply> {
  const waitMs = await rateLimit(deps.ledger, 'tonight-look', LOOKS_PER_MINUTE).take(workspaceId);
  if (waitMs > 0) return { kind: 'too_soon', waitMs };
  const due = await dueTonight(deps.ledger, { after: '', limit: AT_MOST_HERE + 1, workspaceId });
  if (due.length > AT_MOST_HERE) return startLook(deps, workspaceId);
  return { kind: 'looked', count: await lookAtAll(deps, { workspaceId }) };
}

/** A look that is going on already is the one. */
async function startLook({ client, ledger, settings, log }: LookDeps, workspaceId: string): Promise<LookReply> {
  const { name: taskQueue } = settings.taskQueues.publish;
  const workflowId = `tonight/${taskQueue}/${workspaceId}`;
  const start = { taskQueue, workflowId, args: [{ workspaceId }], workflowIdConflictPolicy: 'USE_EXISTING' } as const;
  try {
    const deadline = ledger.clock.machineNow().getTime() + STARTED_WITHIN_MS;
    await client.withDeadline(deadline, () => client.workflow.start('tonight', start));
    return { kind: 'looking' };
  } catch (error) {
    log.warn({ why: String(error) }, 'the night could not be looked at now; the scheduled look comes by itself');
    return { kind: 'not_started' };
  }
}
