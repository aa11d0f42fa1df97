// `oncepost tonight`: what is due within a day, and what will stop it.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { withClient } from './with-client.ts';

export function tonightCommand(env: Env): Command {
  return new Command('tonight')
    .description('show what is due within a day and what will stop it; exits with 1 when something will')
    .option('--fresh', 'look at all of it now, media included')
    .option('--json', 'as JSON')
    .action(({ fresh = false, json }: { fresh?: boolean; json?: true }) =>
      withClient(env, async (client) => {
        const night = await client.tonight({ fresh });
        const stopped = night.publishes.filter(({ findings }) => findings.length > 0);
        if (stopped.length > 0) process.exitCode = 1;
        if (json) return console.log(JSON.stringify(night, null, 2));
        console.log(`${night.due} due within a day, ${stopped.length} will not go out as they stand.`);
        for (const { item, findings } of stopped) {
          console.log(`${item.publishAt}  ${item.id}  ${item.account.name} on ${item.platform}`);
          for (const { text } of findings) console.log(`  ${text}`);
        }
      }),
    );
}
