// A message to a publish from a proven caller of ours: the ledger answers it at once, worker or no worker, and the run is told.
// A replay is asked for elsewhere (request-replay.ts): its verdict is the run's own.
import type { Client } from '@temporalio/client';
import type { MessageName, MessageVerdict } from '../../domain/messages/messages.ts';
import type { Caller } from '../../domain/people/caller.ts';
import { UnknownSchedule } from '../../ledger/attempts/open-attempt.ts';
import { newId } from '../../runtime/ids.ts';
import type { PublishingContext } from '../context.ts';
import { tellRun } from '../workflows/tell-run.ts';
import { answer } from './answer.ts';

export interface SendDeps extends Pick<PublishingContext, 'ledger' | 'settings' | 'log'> {
  readonly client: Client;
}

export interface MessageToSend {
  readonly caller: Caller;
  readonly scheduleId: string;
  readonly name: Exclude<MessageName, 'replay' | 'requestReplay'>;
  /** As the message's schema wants it; whoever decides or completes is the caller, whatever stands there. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The same for every try of one call, so that it is answered once; made up where it is left out. */
  readonly messageId?: string;
}

/** The verdict on a message, or null when the caller's workspace has no such schedule. */
export async function sendMessage(deps: SendDeps, message: MessageToSend): Promise<MessageVerdict | null> {
  const { caller, scheduleId, name, messageId = newId() } = message;
  const schedule = { workspaceId: caller.workspaceId, scheduleId };
  try {
    const body = { ...message.body, ...namedBy(name, caller) };
    const verdict = await answer(deps.ledger, { schedule, messageId, name, body, actor: caller.actor, fromOutside: true });
    if (verdict.accepted) await tellRun(deps, deps.client, schedule);
    return verdict;
  } catch (error) {
    if (error instanceof UnknownSchedule) return null;
    throw error;
  }
}

const NAME_CHARS = 200;

/** What the record says of who it was; some messages name them in a field of their own. */
function namedBy(name: MessageToSend['name'], { actor }: Caller): Record<string, string> {
  const who = actor.label.slice(0, NAME_CHARS);
  if (name === 'resolve') return { decidedBy: who };
  return name === 'completeHandoff' ? { completedBy: who } : { requestedBy: who };
}
