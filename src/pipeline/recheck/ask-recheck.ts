// Has a published run checked again: it is written down, then a workflow looks. The same for a person, a program, and whatever asks on
// a schedule; the ledger, not the workflow, says whether one is under way.
import type { Client } from '@temporalio/client';
import type { Actor } from '../../domain/people/actor.ts';
import { publicAddress } from '../../domain/pipeline/contract.ts';
import { type RecheckKey, type RecheckRefusal, refuseRecheck } from '../../domain/pipeline/recheck.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { insertRecheck, openRechecks, type RecheckAsked } from '../../ledger/runs/rechecks.ts';
import { type RunFacts, readRunFacts } from '../../ledger/runs/run-facts.ts';
import { adoptedPage } from '../builtin/live-post.ts';
import type { PipelineContext } from '../context.ts';

type Context = Pick<PipelineContext, 'ledger' | 'settings' | 'log'>;

/** How long whoever asks waits for it to begin. */
const STARTED_WITHIN_MS = 2_000;
/** So many a sweep; the others have the next. */
const MOST = 100;

/** Answers the new re-check, or the one that is under way. Should its workflow not start, the sweep starts it. */
export async function askRecheck(
  context: Context,
  client: Client,
  { key, actor }: { readonly key: RunKey; readonly actor: Actor },
): Promise<RecheckAsked> {
  const facts = await readRunFacts(context.ledger.db, key);
  if (!facts) return { kind: 'unknown' };
  const address = await addressOf(context, key, facts);
  if (typeof address !== 'string') return { kind: 'refused', reason: address.refused };
  const asked = await insertRecheck(context.ledger, { key, address, actor });
  if (asked.kind === 'asked') await start(context, client, asked.recheck);
  return asked;
}

async function addressOf(
  context: Context,
  key: RunKey,
  facts: RunFacts,
): Promise<string | { readonly refused: RecheckRefusal }> {
  const { run, contract } = facts;
  const refused = refuseRecheck({ state: run.state, contract });
  if (refused !== null) return { refused };
  const planned = publicAddress(contract, run.zone, run.slug);
  // A check of a page without an address cannot have succeeded.
  return (await adoptedPage(context, { key, facts })) ?? planned ?? { refused: 'no_live_check' };
}

/** Sees that every re-check that has not ended is being made; one whose workflow was ended goes on where it was. */
export async function startOpenRechecks(context: Context, client: Client): Promise<void> {
  const { ledger, settings } = context;
  const before = new Date(ledger.clock.now().getTime() - settings.sweep.graceMs);
  for (const key of await openRechecks(ledger, before, MOST)) await start(context, client, key);
}

async function start({ ledger, settings, log }: Context, client: Client, { workspaceId, id }: RecheckKey) {
  try {
    const deadline = ledger.clock.machineNow().getTime() + STARTED_WITHIN_MS;
    await client.withDeadline(deadline, () =>
      client.workflow.start('recheck', {
        taskQueue: settings.taskQueues.publish.name,
        workflowId: `recheck/${workspaceId}/${id}`,
        args: [{ workspaceId, id }],
        priority: { fairnessKey: workspaceId },
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'A published post is looked at again',
      }),
    );
  } catch (error) {
    log.warn({ why: String(error), recheckId: id }, 'a re-check could not be begun; the sweep begins it');
  }
}
