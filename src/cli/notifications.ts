// `oncepost notifications`: what the channels were told and could not be told, and a test of one.
import { Command } from 'commander';
import type { OncepostClient } from '../client/client.ts';
import {
  DELIVERY_LABELS,
  DELIVERY_STATES,
  type Delivery,
  type DeliveryState,
} from '../domain/notifications/delivery.ts';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';
import { withClient } from './with-client.ts';

interface ListOptions {
  readonly state?: string;
  readonly json?: true;
}

export function notificationsCommand(env: Env): Command {
  const notifications = new Command('notifications').description('list notifications, send one again, try a channel');
  notifications
    .command('list')
    .description('list the channels of the workspace and the newest messages to them')
    .option('--state <state>', `only messages in this state: ${DELIVERY_STATES.join(', ')}`)
    .option('--json', 'print them as JSON')
    .action((options: ListOptions) => withClient(env, (client) => list(client, options)));
  notifications
    .command('test')
    .description('send a message that says it is a test')
    .requiredOption('--channel <name>', 'the name of the channel in temporal.yaml')
    .option('--json', 'print the id of the message as JSON')
    .action(({ channel, json }: { channel: string; json?: true }) =>
      withClient(env, async (client) => {
        const queued = await client.testChannel(channel);
        console.log(
          json ? JSON.stringify(queued) : `A test is on its way to ${channel}; "notifications list" shows how it went.`,
        );
      }),
    );
  notifications
    .command('redeliver')
    .description('send a message again, under the id it had')
    .requiredOption('--id <id>', 'the id that "notifications list" shows')
    .action(({ id }: { id: string }) =>
      withClient(env, async (client) => {
        await client.redeliverNotification(id);
        console.log('It is sent again.');
      }),
    );
  return notifications;
}

async function list(client: OncepostClient, { state, json }: ListOptions): Promise<void> {
  const wanted = state === undefined ? {} : { state: knownState(state) };
  const { channels, deliveries, nextCursor } = await client.notifications(wanted);
  if (json) {
    console.log(JSON.stringify({ channels, deliveries, nextCursor }, null, 2));
    return;
  }
  for (const { name, kind, where, waiting, dead } of channels) {
    console.log(`${name.padEnd(20)} ${kind.padEnd(8)} ${where}  ${waiting} waiting, ${dead} given up`);
  }
  for (const delivery of deliveries) console.log(line(delivery));
}

function knownState(state: string): DeliveryState {
  const known = DELIVERY_STATES.find((name) => name === state);
  if (known) return known;
  throw new CommandRefused(
    `There is no state "${state}", so nothing was asked; known are ${DELIVERY_STATES.join(', ')}.`,
  );
}

function line({ id, createdAt, channel, state, headline, failure }: Delivery): string {
  return `${id}  ${createdAt}  ${channel}  ${DELIVERY_LABELS[state]}  ${headline}${failure === null ? '' : `  (${failure})`}`;
}
