// `oncepost runs retry`, `resume`, `cancel`, `rename` and `adopt`: an operator's word to one run.
import { Command } from 'commander';
import type { OncepostClient } from '../../client/client.ts';
import type { RunMessageAccepted } from '../../domain/pipeline/run-view.ts';
import type { Env } from '../../runtime/env.ts';
import { print, withClient } from '../with-client.ts';

interface Options {
  readonly note?: string;
  readonly stage?: string;
  readonly json?: true;
}

export function steerCommands(env: Env): readonly Command[] {
  return [
    word('retry', 'make a new attempt of the stage that failed or is blocked')
      .option('--stage <stage>', 'an earlier stage, from which the run goes on')
      .action((id: string, { stage, ...options }: Options) =>
        say(env, options, (runs, why) => runs.send(id, 'retry', { ...why, ...(stage === undefined ? {} : { stage }) })),
      ),
    word('resume', 'have a stage that waits look again now').action((id: string, options: Options) =>
      say(env, options, (runs, why) => runs.send(id, 'resume', why)),
    ),
    word('cancel', 'end a run, unless its post may be live').action((id: string, options: Options) =>
      say(env, options, (runs, why) => runs.send(id, 'cancel', why)),
    ),
    word('rename', 'give its post another slug, where another page holds the present one')
      .argument('<slug>', 'the new slug; the content is approved anew')
      .action((id: string, slug: string, options: Options) =>
        say(env, options, (runs, why) => runs.send(id, 'rename', { ...why, slug })),
      ),
    word('adopt', 'take the page that stands in the way for its post, as it is')
      .argument('<pageId>', 'the page, as "runs show" tells it')
      .action((id: string, pageId: string, options: Options) =>
        say(env, options, (runs, why) => runs.send(id, 'adopt', { ...why, pageId })),
      ),
  ];
}

const word = (name: string, what: string): Command =>
  new Command(name)
    .description(what)
    .argument('<id>', "the run's id")
    .option('--note <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON');

function say(
  env: Env,
  { note, json }: Options,
  send: (runs: OncepostClient['runs'], why: { readonly note?: string }) => Promise<RunMessageAccepted>,
): Promise<void> {
  return withClient(env, async ({ runs }) => {
    const answer = await send(runs, note === undefined ? {} : { note });
    print(answer, json, () => `Accepted; ${answer.id} stands at ${answer.stage}, ${answer.state}.`);
  });
}
