// `oncepost incidents`: failures that share account and cause, each with its one repair.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

export function incidentsCommand(env: Env): Command {
  return new Command('incidents')
    .description('list failures that share account and cause, each with its one repair')
    .option('--json', 'print them as JSON')
    .action((options: { readonly json?: true }) =>
      withClient(env, async (client) => {
        const incidents = await client.incidents();
        const lines = incidents.map(
          ({ account, platform, cause, says }) =>
            `${platform}/${account.name}  ${cause.code}  ${says}  (account ${account.id})`,
        );
        print(incidents, options.json, () => lines.join('\n') || 'None.');
      }),
    );
}
