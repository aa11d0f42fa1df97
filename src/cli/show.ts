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

function wordsOf({ item, schedule, attempts, intents, messages, offers }: ScheduleView): string {
  const tried = attempts.map(({ number, startedAt, outcome, cause }) => {
    const why = cause === null ? '' : `  ${cause.code}: ${cause.externalText}`;
    const create = intents.find((one) => one.attempt === number);
    const called = create === undefined ? '' : `\n${callLine(create)}`;
    return `attempt ${number}  ${startedAt}  ${outcome ?? 'running'}${why}${called}`;
  });
  const said = messages.map(({ name, at, by, accepted, text }) => {
    return `${name}  ${at}  by ${actorName(by)}  ${accepted ? 'accepted' : `refused: ${text}`}`;
  });
  const may = offers.flatMap(({ message, refused }) => (refused === null ? [message] : []));
  const words = may.length === 0 ? 'Nothing can be done about it now.' : `Now: ${may.join(', ')}.`;
  return [line(item), schedule.text, ...tried, ...said, words].join('\n');
}

/** The call at the point of no return: what was sent, and what came back. */
function callLine({ sent, sentAt, answer }: ScheduleView['intents'][number]): string {
  const call = sent === null ? 'create' : `${sent.method} ${sent.target}`;
  if (answer === null) return `  ${call}  ${sentAt}  no answer on record`;
  const { at, came, status, text, readAs } = answer;
  const how = came === 'answer' ? `HTTP ${status}` : came === 'tool_answer' ? 'answered by the tool' : text;
  return `  ${call}  ${sentAt}  ${at}: ${how}, read as ${readAs}`;
}
