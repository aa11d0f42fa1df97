// `oncepost report`: the morning report on a terminal.
import { Command } from 'commander';
import { reportLines } from '../domain/notifications/report.ts';
import type { Env } from '../runtime/env.ts';
import { withClient } from './with-client.ts';

interface ReportOptions {
  readonly since?: string;
  readonly json?: true;
}

export function reportCommand(env: Env): Command {
  return new Command('report')
    .description('say what went live, what broke and who owns it, and what is waiting')
    .option(
      '--since <instant>',
      'from when on, as ISO 8601 with an offset; from where the last report began without it',
    )
    .option('--json', 'print the whole report as JSON')
    .action(({ since, json }: ReportOptions) =>
      withClient(env, async (client) => {
        const report = await client.report(since === undefined ? {} : { since });
        if (json) {
          console.log(JSON.stringify(report, null, 2));
          return;
        }
        console.log(report.sentence);
        for (const { text } of reportLines(report)) console.log(text);
      }),
    );
}
