// What an admin asks of notifications: a message once more, or a test of a channel. Behind page, API and command line alike.
import type { Client } from '@temporalio/client';
import { tellingFor } from '../domain/notifications/telling.ts';
import { testNews } from '../domain/notifications/words.ts';
import type { Caller } from '../domain/people/caller.ts';
import { queueAgain, queueTest } from '../ledger/notifications/delivery-list.ts';
import { newId } from '../runtime/ids.ts';
import type { NotifyingContext } from './context.ts';
import { channelsOf } from './view.ts';
import { wakeDelivery } from './wake-deliveries.ts';

export interface AskDeps extends Pick<NotifyingContext, 'ledger' | 'settings' | 'log'> {
  readonly client: Client;
}

type Asking = Pick<Caller, 'workspaceId' | 'workspaceName' | 'actor'>;

/** Sends a message again, under the id it had; false when the workspace has none of that id. */
export async function sendAgain(deps: AskDeps, { workspaceId, actor }: Asking, id: string): Promise<boolean> {
  const channel = await queueAgain(deps.ledger, { workspaceId, actor, id });
  if (channel === null) return false;
  await wakeDelivery(deps, deps.client, { workspaceId, channel });
  return true;
}

/** Sends a test to a channel and answers the id of its message; null when the settings have no such channel. */
export async function tryChannel(deps: AskDeps, asking: Asking, channel: string): Promise<string | null> {
  const { workspaceId, workspaceName, actor } = asking;
  const policy = channelsOf(deps.settings, workspaceName).find(({ name }) => name === channel);
  const news = testNews(newId(), actor.label);
  const telling = tellingFor(news, policy?.takes ?? []);
  if (policy === undefined || telling === null) return null;
  const id = await queueTest(deps.ledger, { workspaceId, actor, channel, key: news.key, telling });
  await wakeDelivery(deps, deps.client, { workspaceId, channel });
  return id;
}
