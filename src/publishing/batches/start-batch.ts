// Asks for a batch and starts its workflow; a batch whose workflow could not be started is started by the sweep.
import type { Client } from '@temporalio/client';
import { type BatchKey, type BatchRequest, batchWorkflowId } from '../../domain/batches/batch.ts';
import { selectTarget } from '../../domain/gate/target.ts';
import type { Caller } from '../../domain/people/caller.ts';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import { redact } from '../../domain/text/redact.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { askBatch, type BatchAsked, cancelBatch, openBatches } from '../../ledger/batches/batches.ts';
import type { PublishingContext } from '../context.ts';
import type { SendDeps } from '../messages/send-message.ts';
import { startSoon } from '../workflows/start-soon.ts';

/** How long is waited for a run to be told. */
const TOLD_WITHIN_MS = 3_000;
/** A batch that is younger is being started by whoever asked for it. */
const LEFT_AFTER_MS = 60_000;
const MOST_AT_ONCE = 100;

type Context = Pick<PublishingContext, 'ledger' | 'settings' | 'log'>;

/** `workflow`: whether it has begun already; `not_needed` where nobody has a turn. */
export type BatchReply =
  | (Extract<BatchAsked, { kind: 'asked' }> & { readonly workflow: 'started' | 'pending' | 'not_needed' })
  | Exclude<BatchAsked, { kind: 'asked' }>
  | { readonly kind: 'unknown_account' }
  | { readonly kind: 'ambiguous_account' };

/** Asks for a batch in the caller's workspace. It is stored before anything runs; a closed browser stops nothing. */
export async function startBatch(deps: SendDeps, caller: Caller, request: BatchRequest): Promise<BatchReply> {
  const { workspaceId, actor } = caller;
  const { account, cause, pace, skipOlder, note } = request;
  const chosen = selectTarget(await accountsOf(deps.ledger, workspaceId), { account });
  if (chosen.kind !== 'selected') return { kind: chosen.kind === 'several' ? 'ambiguous_account' : 'unknown_account' };
  const asked = await askBatch(deps.ledger, {
    workspaceId,
    accountId: chosen.account.id,
    cause,
    pace,
    skipOlder: skipOlder ? new Date(skipOlder) : null,
    note: note === undefined ? null : redact(note, null),
    actor,
  });
  if (asked.kind !== 'asked') return asked;
  if (asked.members === asked.tooOld) return { ...asked, workflow: 'not_needed' };
  return { ...asked, workflow: await tryToStart(deps, deps.client, { workspaceId, batchId: asked.id }) };
}

/** Cancels what has not had its turn; as `cancelBatch` of the ledger. */
export async function stopBatch(
  deps: SendDeps,
  { workspaceId, actor }: Caller,
  batchId: string,
): Promise<boolean | null> {
  const canceled = await cancelBatch(deps.ledger, { workspaceId, batchId, actor });
  if (canceled) await wake(deps, batchWorkflowId(workspaceId, batchId));
  return canceled;
}

/** Starts the workflow of every batch that has none; one that runs is left alone. */
export async function startOpenBatches(context: Context, client: Client): Promise<void> {
  const before = new Date(context.ledger.clock.now().getTime() - LEFT_AFTER_MS);
  for (const key of await openBatches(context.ledger, before, MOST_AT_ONCE)) await tryToStart(context, client, key);
}

function tryToStart({ ledger, settings, log }: Context, client: Client, key: BatchKey): Promise<'started' | 'pending'> {
  const { workspaceId, batchId } = key;
  return startSoon({
    client,
    clock: ledger.clock,
    start: () =>
      client.workflow.start('batch', {
        workflowId: batchWorkflowId(workspaceId, batchId),
        taskQueue: settings.taskQueues.publish.name,
        args: [key],
        workflowIdConflictPolicy: 'USE_EXISTING',
        priority: { fairnessKey: workspaceId },
      }),
    failed: (why) => log.warn({ why, batchId }, 'a batch could not be started; the sweep starts it'),
  });
}

/** The run ends earlier for it; it would end by itself at its next turn. */
async function wake({ client, ledger, log }: SendDeps, workflowId: string): Promise<void> {
  try {
    const deadline = ledger.clock.machineNow().getTime() + TOLD_WITHIN_MS;
    await client.withDeadline(deadline, () => client.workflow.getHandle(workflowId).signal(LOOK_AGAIN));
  } catch (error) {
    log.warn({ why: String(error), workflowId }, 'the run of a canceled batch was not told; it ends at its next turn');
  }
}
