// `oncepost show`: the story of one publish.

import { Command } from 'commander';
import type { ScheduleView } from '../client/client.ts';
import { actorName } from '../domain/people/actor.ts';
import type { Env } from '../runtime/env.ts';
import { line } from './items.ts';
import { print, withClient } from './with-client.ts';

export function showCommand(env: Env): Command {
  return new Command('show')
    .description('show the story of one publish: its attempts, what was said to it, and what may be done')
    .argument('<id>', "the schedule's id")
    .option('--json', 'print the whole record as JSON')
    .action((id: string, options: { readonly json?: true }) =>
      withClient(env, async (client) => {
        const view = await client.get(id);
        print(view, options.json, () => wordsOf(view));
      }),
    );
}

function wordsOf({ item, schedule, attempts, messages, offers }: ScheduleView): string {
  const tried = attempts.map(({ number, startedAt, outcome, cause }) => {
    const why = cause === null ? '' : `  ${cause.code}: ${cause.externalText}`;
    return `attempt ${number}  ${startedAt}  ${outcome ?? 'running'}${why}`;
  });
  const said = messages.map(({ name, at, by, accepted, text }) => {
    return `${name}  ${at}  by ${actorName(by)}  ${accepted ? 'accepted' : `refused: ${text}`}`;
  });
  const may = offers.flatMap(({ message, refused }) => (refused === null ? [message] : []));
  const words = may.length === 0 ? 'Nothing can be done about it now.' : `Now: ${may.join(', ')}.`;
  return [line(item), schedule.text, ...tried, ...said, words].join('\n');
}
