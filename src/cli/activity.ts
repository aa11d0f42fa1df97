// `oncepost activity`: the audit trail, newest first.

import { Command } from 'commander';
import type { ActivityWanted } from '../client/client.ts';
import { actorName } from '../domain/people/actor.ts';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

type Options = Pick<ActivityWanted, 'trace' | 'type' | 'actor' | 'schedule'> & { readonly json?: true };

export function activityCommand(env: Env): Command {
  return new Command('activity')
    .description('read the audit trail, newest first, and whether its chain holds')
    .option('--trace <id>', 'only this trace')
    .option('--type <type>', 'only this type, or those that begin with it')
    .option('--actor <actor>', 'only this actor, by id or name')
    .option('--schedule <id>', 'only this schedule')
    .option('--json', 'print the page as JSON')
    .action(({ json, ...wanted }: Options) =>
      withClient(env, async (client) => {
        const page = await client.activity(wanted);
        const lines = page.events.map(({ position, at, type, actor, scheduleId }) => {
          return `${position}  ${at}  ${type}  ${actorName(actor)}  ${scheduleId ?? ''}`.trimEnd();
        });
        print(page, json, () => [...lines, `The chain: ${page.chain.state}.`].join('\n'));
      }),
    );
}
