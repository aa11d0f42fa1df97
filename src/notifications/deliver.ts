// One pass over what is due to one channel: one message at a time, so that no receiver gets more than one, and a receiver
// that hangs costs one limit. At least once: a message whose answer was not remembered goes out again under its own id.
import { waitAfterTry } from '../domain/notifications/retries.ts';
import type { DeliveryTarget } from '../domain/temporal/notification-ids.ts';
import {
  type DueDelivery,
  dueDeliveries,
  hurryChannel,
  markDelivered,
  markFailed,
  nextDueInMs,
} from '../ledger/notifications/deliveries.ts';
import { findWorkspace } from '../ledger/workspaces/workspaces.ts';
import type { Channel } from './channels.ts';
import type { NotifyingContext } from './context.ts';
import type { Sent } from './send/message.ts';
import { sendMessage } from './send/send.ts';

const AT_ONCE = 50;
/** A pass ends after this, and the next one goes on. */
const PASS_MS = 60_000;
/** A receiver that is away is left alone for so long, however many messages are due. */
const AWAY_PAUSE_MS = 15_000;

/** What is left: in how many ms something is due, null when nothing waits; `away`: not before that. */
export interface Pass {
  readonly waitMs: number | null;
  readonly away: boolean;
}

/** Delivers what is due. `beat`: after every message; `withdrawn`: ends the pass. */
export async function deliverDue(
  context: NotifyingContext,
  target: DeliveryTarget,
  { beat, withdrawn }: { beat(): void; readonly withdrawn: AbortSignal },
): Promise<Pass> {
  const { ledger, channels } = context;
  const known = await findWorkspace(ledger, target.workspaceId);
  if (known === null) return { waitMs: null, away: false };
  const workspace = known.name;
  const channel = channels.get(workspace)?.find(({ name }) => name === target.channel);
  const startedMs = performance.now();
  for (const due of await dueDeliveries(ledger, target, AT_ONCE)) {
    if (withdrawn.aborted || performance.now() - startedMs > PASS_MS) break;
    const sent = await sendOne(context, { channel, workspace, due });
    await remember(context, { target, due, sent });
    beat();
    if (sent.kind === 'away') {
      const waitMs = await nextDueInMs(ledger, target);
      return { waitMs: waitMs === null ? null : Math.max(waitMs, AWAY_PAUSE_MS), away: true };
    }
  }
  return { waitMs: await nextDueInMs(ledger, target), away: false };
}

interface One {
  readonly channel: Channel | undefined;
  readonly workspace: string;
  readonly due: DueDelivery;
}

async function sendOne(context: NotifyingContext, { channel, workspace, due }: One): Promise<Sent> {
  const gone = 'The channel stands in temporal.yaml no more.';
  if (channel === undefined) return { kind: 'refused', failure: gone, final: true };
  const { id, telling, createdAt } = due;
  try {
    return await sendMessage(context, channel, { id, workspace, telling, createdAt });
  } catch (error) {
    // A fault of ours about one message must not keep the others from being sent.
    context.log.error({ err: error, notificationId: id }, 'a notification could not be sent');
    return { kind: 'refused', failure: 'Oncepost met a fault of its own; the log has the details.', final: false };
  }
}

async function remember(
  { ledger, random }: NotifyingContext,
  { target, due, sent }: { readonly target: DeliveryTarget; readonly due: DueDelivery; readonly sent: Sent },
): Promise<void> {
  const { id, tries } = due;
  if (sent.kind === 'delivered') {
    await markDelivered(ledger, id);
    // It had failed before: whoever was away is back, and need not wait for the rest.
    if (tries > 0) await hurryChannel(ledger, target);
    return;
  }
  const final = sent.kind === 'refused' && sent.final;
  await markFailed(ledger, { id, failure: sent.failure, waitMs: final ? null : waitAfterTry(tries + 1, random()) });
}
