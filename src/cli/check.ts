// `oncepost check`: what would stop a post that is not stored yet.
import { Command } from 'commander';
import type { ScheduleCheck } from '../domain/tonight/schedule-check.ts';
import type { Env } from '../runtime/env.ts';
import { type PublishOptions, postOptions, requestOf } from './publish.ts';
import { print, withClient } from './with-client.ts';

export function checkCommand(env: Env): Command {
  const command = new Command('check').description(
    'check a post without storing it; exits with 1 when something would stop it',
  );
  return postOptions(command)
    .option('--json', 'as JSON')
    .action((options: PublishOptions) =>
      withClient(env, async (client) => {
        const checked = await client.check(await requestOf(options));
        if (!checked.fits || checked.findings.length > 0) process.exitCode = 1;
        print(checked, options.json, () => wordsOf(checked));
      }),
    );
}

function wordsOf({ fits, problems, findings }: ScheduleCheck): string {
  const refused = problems.map(({ field, problem, limit }) => `${field}: ${problem}${limit ? ` (${limit})` : ''}`);
  if (!fits) return ['It would not be taken in:', ...refused].join('\n');
  if (findings.length === 0) return 'Nothing would stop it.';
  return ['It would be taken in, and stopped at its time:', ...findings.map(({ text }) => text)].join('\n');
}
