// `oncepost items`: what broke, who owns it, is it live, and what to do next.

import { Command } from 'commander';
import type { Item, ItemsWanted } from '../client/client.ts';
import { CAUSES } from '../domain/causes/causes.ts';
import { actorName } from '../domain/people/actor.ts';
import { SCHEDULE_STATES } from '../domain/schedules/states.ts';
import { ITEM_ORDERS, type ItemOrder } from '../domain/schedules/surface.ts';
import type { Env } from '../runtime/env.ts';
import { assertReadable } from './arguments.ts';
import { oneOf } from './choices.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly account?: string;
  readonly platform?: string;
  readonly cause?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly mine?: true;
  readonly dueFrom?: string;
  readonly dueBefore?: string;
  readonly order?: string;
  readonly text?: string;
  readonly needsPerson?: true;
  readonly all?: true;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: true;
}

export function itemsCommand(env: Env): Command {
  return new Command('items')
    .description('list what broke, who owns it, whether it is live, and what to do next')
    .option('--account <account>', "only this account's, by name or id")
    .option('--platform <platform>', 'only this platform')
    .option('--cause <code>', 'only failures for this cause')
    .option('--state <state>', 'only items in this state')
    .option('--owner <id>', 'only this owner, by the id that items show; "nobody": those that nobody owns')
    .option('--mine', 'only what the key that asks owns')
    .option('--due-from <instant>', 'only what is due then or later, as ISO 8601 with an offset')
    .option('--due-before <instant>', 'only what is due before that')
    .option('--order <order>', `one of ${ITEM_ORDERS.join(', ')}`, 'newest_failure')
    .option('--text <text>', 'only what has it in its text or its id')
    .option('--needs-person', 'only what waits for a person')
    .option('--all', 'also what has ended and what simply waits for its time')
    .option('--limit <count>', 'at most so many, up to 200')
    .option('--cursor <cursor>', 'go on where the page before ended')
    .option('--json', 'print the page as JSON')
    .action((options: Options) =>
      withClient(env, async (client) => {
        const page = await client.items(wantedOf(options));
        print(page, options.json, () => wordsOf(page.items, page.nextCursor));
      }),
    );
}

function wantedOf({ json: _, cause, state, limit, order, mine, ...options }: Options): ItemsWanted {
  assertReadable({ account: options.account, text: options.text });
  return {
    ...options,
    ...(mine ? { owner: 'me' } : {}),
    ...(order === undefined ? {} : { order: oneOf('--order', ORDERS, order) }),
    ...(cause === undefined ? {} : { cause: oneOf('--cause', CAUSES, cause) }),
    ...(state === undefined ? {} : { state: oneOf('--state', SCHEDULE_STATES, state) }),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  };
}

const ORDERS = { newest_failure: true, oldest_due: true, newest_due: true } as const satisfies Record<ItemOrder, true>;

function wordsOf(items: readonly Item[], nextCursor: string | null): string {
  if (items.length === 0) return 'Nothing.';
  const more = nextCursor === null ? [] : [`More: --cursor ${nextCursor}`];
  return [...items.map(line), ...more].join('\n');
}

/** An item in one line. */
export function line(item: Item): string {
  const why = item.cause ? `${item.cause.code}: ${item.cause.means}` : item.stateMeans;
  const { type, label, role } = item.owner;
  const owner = label === null ? role : actorName({ type, label });
  const until = item.wakeAt === null ? '' : `  goes on ${item.wakeAt}`;
  const next = item.url ?? item.nextAction.href ?? item.nextAction.code;
  return `${item.id}  ${item.state}  ${item.platform}/${item.account.name}  due ${item.publishAt}  ${why}${until}  owner: ${owner}  next: ${next}`;
}
