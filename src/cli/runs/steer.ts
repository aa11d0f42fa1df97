// `oncepost runs retry`, `resume` and `cancel`: an operator's word to one run.
import { Command } from 'commander';
import type { Env } from '../../runtime/env.ts';
import { print, withClient } from '../with-client.ts';

interface Options {
  readonly note?: string;
  readonly stage?: string;
  readonly json?: true;
}

const WORDS = {
  retry: 'make a new attempt of the stage that failed or is blocked',
  resume: 'have a stage that waits look again now',
  cancel: 'end a run, unless its post may be live',
} as const;

export function steerCommands(env: Env): readonly Command[] {
  return (['retry', 'resume', 'cancel'] as const).map((name) =>
    new Command(name)
      .description(WORDS[name])
      .argument('<id>', "the run's id")
      .option('--note <text>', 'why, for the record')
      .option('--stage <stage>', 'with retry: an earlier stage, from which the run goes on')
      .option('--json', 'print the answer as JSON')
      .action((id: string, { note, stage, json }: Options) =>
        withClient(env, async (client) => {
          const why = note === undefined ? {} : { note };
          const back = name === 'retry' && stage !== undefined ? { stage } : {};
          const answer = await client.runs.send(id, name, { ...why, ...back });
          print(answer, json, () => `Accepted; ${answer.id} stands at ${answer.stage}, ${answer.state}.`);
        }),
      ),
  );
}
